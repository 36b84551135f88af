"""A reference into a vault names a member whose vault it is."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.placed import Loaded
from samdrift.inventory.references import steps_of, values
from samdrift.inventory.rule import Rule
from samdrift.model.errors import nearest
from samdrift.model.problem import Problem

FIELDS = {
    "devices": ("enable", "credentials", "observe.credentials"),
    "backups": ("key", "credential"),
    "backup-targets": ("ca",),
    "people": ("mail", "phone"),
}


def judge(loaded: Loaded) -> Iterator[Problem]:
    """At the reference."""
    members = loaded.ids("members")
    for noun, fields in FIELDS.items():
        for placed in loaded.all(noun):
            for field in fields:
                for path, text, _ in values(placed.thing, steps_of(field)):
                    member = text.removeprefix("vault:").partition("/")[0]
                    if text.startswith("vault:") and member not in members:
                        near = nearest(member, members)
                        help = f"did you mean vault:{near}/…?" if near else "vault:<member>/<name>"
                        yield placed.problem("secret-unknown", f"there is no vault of {member!r}", *path, help=help)


RULE = Rule("secret-unknown", ("secret-unknown",), judge)
