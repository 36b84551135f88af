"""Notes and blockings of a month in the reader's language; the ledger and JSON keep them in English (costs.md E2)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from samdrift.model.cost import Blocking
from samdrift.model.nouns.member import Member
from samdrift.model.text import Text, catalogue

NOTES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"no reading of (?P<meter>\S+) in (?P<month>\S+): its usage is unknown, not 0"), "cost.no-reading"),
    (re.compile(r"(?P<pool>\S+): (?P<member>\S+) used (?P<meter>\S+) on days on which it takes no part; that use does not count"), "cost.note-outside"),
    (re.compile(r"(?P<pool>\S+): use of (?P<meter>\S+) \((?P<used>\S+)\) is above its capacity \((?P<capacity>\S+)\)"), "cost.note-above"),
)
"""The forms of a month's notes; a close keeps them as text."""


def note_words(note: str, members: Mapping[str, Member], text: Text) -> str:
    """A note for people, members by name; one of no known form as it stands."""
    for form, key in NOTES:
        if found := form.fullmatch(note):
            given = found.groupdict()
            if "member" in given:
                given["member"] = name_of(given["member"], members)
            return text(key, **given)
    return note


def blocking_words(block: Blocking, text: Text) -> str:
    """Why a month cannot be closed, for people; what has no words of its own as the program says it."""
    key = f"cost.block.{block.code}"
    if block.code == "estimated-above-limit" and block.member is None:
        key = "cost.block.unread"
    if key not in catalogue():
        return block.text
    return text(key, meter=block.meter or "?", resource=block.resource or "?")


def name_of(member: str, members: Mapping[str, Member]) -> str:
    """The member's name; its id where it has none."""
    return members[member].name if member in members else member
