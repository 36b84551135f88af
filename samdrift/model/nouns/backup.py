"""Backup: what one service keeps safe, from where, to where, and what is promised of it (backup.md 5)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from samdrift.model.fields import Id, Noun, Ref, Seconds, SecretRef, Text
from samdrift.model.nouns import NounSpec


class Source(Noun):
    """A path with an optional sentinel file that shows it is mounted, a PostgreSQL database with tables to compare, or a command's output."""

    path: Text | None = None
    """An absolute path on the device. For example: /srv/asynja"""
    sentinel: Text | None = None
    """A file below the path that is there when it is mounted. For example: .mounted"""
    postgres: Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}$")] | None = None
    """A PostgreSQL database. For example: asynja"""
    compare: tuple[Text, ...] = ()
    """Tables whose rows are counted and hashed. For example: journal"""
    queries: dict[Text, Text] = {}
    """Queries on the database to what each must answer in a drill of level 4. For example: {select count(*) > 0 from journal: t}"""
    host: Text | None = None
    """Folder of the database server's socket, or its name. For example: /var/run/postgresql"""
    port: Annotated[int, Field(ge=1, le=65_535)] = 5432
    """The database server's port. For example: 5433"""
    user: Text = "postgres"
    """Who reads the database. For example: postgres"""
    command: tuple[Text, ...] = ()
    """A program with its arguments whose output is kept, no shell. For example: [mariadb-dump, --single-transaction, koha]"""
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,80}$")] | None = None
    """What the command's output is called. For example: koha.sql"""
    parser: tuple[Text, ...] = ()
    """A program with its arguments that reads the output whole and ends with 0 only when it is all there. For example: [gzip, --test]"""
    exclude: tuple[Text, ...] = ()
    """What is left out, as restic's patterns. For example: *.tmp"""


class Hooks(Noun):
    """Programs with their arguments, no shell, each with a limit: a failing `before` stops the run, a failing notification never does."""

    before: tuple[tuple[Text, ...], ...] = ()
    """Run before anything is read. For example: [[systemctl, stop, koha]]"""
    after: tuple[tuple[Text, ...], ...] = ()
    """Run afterwards, however it went. For example: [[systemctl, start, koha]]"""
    on_error: tuple[tuple[Text, ...], ...] = ()
    """Run when there is no snapshot to show. For example: [[logger, backup failed]]"""
    limit: Seconds = 600
    """How long each may take. For example: 10 min"""


class Backup(Noun):
    """`repository` is `own` or `common`; `drills` maps the level 1-5 to how often it must have passed."""

    id: Id
    """The backup's id, stable for ever. For example: asynja-bracke"""
    service: Ref
    """The service that it keeps safe. For example: asynja-bracke"""
    device: Ref
    """The device that it reads. For example: brk-asynja-1"""
    repository: Literal["own", "common"] = "common"
    """A repository of its own, or the owner's common one. For example: own"""
    key: SecretRef | None = None
    """The repository's key; by default the owner's. For example: vault:bracke/asynja-key"""
    credential: SecretRef | None = None
    """The login at the target. For example: vault:bracke/backup"""
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    """What it reads: paths and databases."""
    schedule: Text
    """When it runs, UTC: a clock time and daily, weekly, or every 6 h. For example: 01:15 daily"""
    max_duration: Seconds
    """How long a run may take. For example: 3 h"""
    rpo: Seconds | None = None
    """The oldest that data may be; stricter than the service's, or left out. For example: 28 h"""
    rto: Seconds | None = None
    """How soon it must be restored; stricter than the service's, or left out. For example: 4 h"""
    copies: Annotated[int, Field(ge=1, le=5)] = 2
    """At how many sites it must lie. For example: 2"""
    retention: Ref
    """The policy of what stays. For example: journal"""
    hooks: Hooks | None = None
    """What is run before and after. For example: {before: [[systemctl, stop, koha]], after: [[systemctl, start, koha]]}"""
    drills: dict[Annotated[str, Field(pattern=r"^[1-5]$")], Seconds] = {}
    """Level of drill to how often it must have passed. For example: {3: 92 d}"""


NOUN = NounSpec("backups", "backup", Backup)
