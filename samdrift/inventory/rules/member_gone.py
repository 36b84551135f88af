"""An object does not begin after its owner has left."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.placed import Loaded
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """At the owner; both dates stand in the text, so it is an error and not a warning."""
    left = {member.id: member for member in loaded.all("members") if member.thing.until is not None}
    if not left:
        return
    for noun in ("devices", "services"):
        for placed in loaded.all(noun):
            thing = placed.thing
            if thing.since is None:
                continue
            owners = (
                [(thing.owner, ("owner",))]
                if thing.owner
                else [(member, ("shared_by",)) for member in thing.shared_by or ()]
            )
            for owner, steps in owners:
                if owner in left and left[owner].thing.until <= thing.since:
                    message = f"{owner} left on {left[owner].thing.until}, before {placed.id} began on {thing.since}"
                    yield placed.problem("member-gone", message, *steps, related=(left[owner].place("until"),))


RULE = Rule("member-gone", ("member-gone",), judge)
