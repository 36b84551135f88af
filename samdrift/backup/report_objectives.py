"""The month's objectives and volumes in a member's report: shares met, breaches with begin, end and cause, bytes at each site (backup.md B20)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from samdrift.backup.objectives import Kept
from samdrift.model.section import Column, Table
from samdrift.model.text import Text
from samdrift.model.volume import RepositoryDay

Objectives = Sequence[tuple[str, int, Kept]]
"""Backup, its recovery point objective in seconds, and how it was kept; sorted by backup."""


def shares(kept: Objectives, text: Text) -> Table:
    """One row a backup: the share of the known time in which its objective was met; unknown where nothing was known."""
    columns = (
        Column("backup", text("backup.backup"), "id"),
        Column("rpo_seconds", text("backup.rpo"), "duration"),
        Column("met_percent", text("backup.met"), "percent"),
        Column("known_seconds", text("backup.known"), "duration"),
        Column("breaches", text("backup.breach-count"), "integer"),
    )
    rows = tuple((backup, rpo, None if one.share is None else one.share * Fraction(100), one.known_seconds, len(one.breaches)) for backup, rpo, one in kept)
    return Table("backup-objectives", text("backup.objectives"), columns, rows)


def breaches(kept: Objectives, text: Text) -> Table:
    """One row a breach, oldest first."""
    columns = (
        Column("begin_at", text("backup.begin"), "instant"),
        Column("end_at", text("backup.end"), "instant"),
        Column("backup", text("backup.backup"), "id"),
        Column("sites", text("backup.site")),
        Column("causes", text("backup.reasons")),
    )
    found = sorted(((one.begin, one.end, backup, ", ".join(one.sites), ", ".join(one.causes) or text("backup.no-run")) for backup, _, kept_ in kept for one in kept_.breaches))
    return Table("backup-rpo-breaches", text("backup.rpo-breaches"), columns, tuple(found))


def volumes(days: Sequence[RepositoryDay], expected_days: int, text: Text) -> Table:
    """One row a repository and site: bytes at the last measurement, and how many days of the period were not measured."""
    columns = (
        Column("repository", text("backup.repository"), "id"),
        Column("site", text("backup.site"), "id"),
        Column("stored_bytes", text("backup.stored"), "bytes"),
        Column("measured_date", text("backup.measured"), "date"),
        Column("gap_days", text("backup.gap-days"), "integer"),
    )
    seen: dict[tuple[str, str], list[RepositoryDay]] = {}
    for one in days:
        seen.setdefault((one.repository, one.site), []).append(one)
    rows = tuple((repository, site, inside[-1].stored_bytes, inside[-1].day, max(0, expected_days - len(inside))) for (repository, site), inside in sorted(seen.items()))
    return Table("backup-volumes", text("backup.volumes"), columns, rows)
