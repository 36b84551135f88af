"""What several own lies in a file named after no member, so that each of them reads it (I16)."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.placed import Loaded
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """At shared_by, or at the owner when the file is another member's."""
    for noun in ("devices", "networks", "zones", "services"):
        for placed in loaded.all(noun):
            named = placed.entry.document.member
            if named is None:
                continue
            if placed.thing.shared_by and set(placed.thing.shared_by) != {named}:
                message = f"{placed.id} has several owners and lies in the file of {named}"
                yield placed.problem(
                    "shared-in-member-file", message, "shared_by", key=True, help=f"move it to {noun}/shared.yml"
                )
            elif (
                placed.thing.owner is not None
                and placed.thing.owner != named
                and placed.thing.owner in loaded.ids("members")
            ):
                message = f"{placed.id} is {placed.thing.owner}'s and lies in the file of {named}"
                yield placed.problem(
                    "shared-in-member-file", message, "owner", help=f"move it to {noun}/{placed.thing.owner}.yml"
                )


RULE = Rule("shared-in-member-file", ("shared-in-member-file",), judge)
