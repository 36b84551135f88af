"""Backup: what one service keeps safe, from where, to where, and what is promised of it (backup.md 5)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from samdrift.model.fields import Id, Noun, Ref, Seconds, SecretRef, Text
from samdrift.model.nouns import NounSpec


class Source(Noun):
    """A path with an optional sentinel file that shows it is mounted, or a PostgreSQL database with tables to compare."""

    path: Text | None = None
    sentinel: Text | None = None
    postgres: Text | None = None
    compare: tuple[Text, ...] = ()
    exclude: tuple[Text, ...] = ()


class Backup(Noun):
    """`repository` is `own` or `common`; `drills` maps the level 1-5 to how often it must have passed."""

    id: Id
    service: Ref
    device: Ref
    repository: Literal["own", "common"] = "common"
    key: SecretRef | None = None
    credential: SecretRef | None = None
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    schedule: Text
    max_duration: Seconds
    rpo: Seconds | None = None
    rto: Seconds | None = None
    copies: Annotated[int, Field(ge=1, le=5)] = 2
    retention: Ref
    drills: dict[Annotated[str, Field(pattern=r"^[1-5]$")], Seconds] = {}


NOUN = NounSpec("backups", "backup", Backup)
