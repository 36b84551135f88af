"""Calendar: an outside calendar of planned work (RFC 5545; monitoring.md M15)."""

from __future__ import annotations

from samdrift.model.fields import Id, Noun, Ref, Text
from samdrift.model.nouns import NounSpec


class Calendar(Noun):
    """`source` is a URL or a file under inventory/files."""

    id: Id
    """The calendar's id. For example: jobb"""
    owner: Ref
    """The member whose calendar it is. For example: are"""
    source: Text
    """An https address, or a file below the inventory. For example: files/jobb.ics"""


NOUN = NounSpec("calendars", "calendar", Calendar)
