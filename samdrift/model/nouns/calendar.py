"""Calendar: an outside calendar of planned work (RFC 5545; monitoring.md M15)."""

from __future__ import annotations

from samdrift.model.fields import Id, Noun, Ref, Text
from samdrift.model.nouns import NounSpec


class Calendar(Noun):
    """`source` is a URL or a file under inventory/files."""

    id: Id
    owner: Ref
    source: Text


NOUN = NounSpec("calendars", "calendar", Calendar)
