"""The month's objectives and volumes in a member's report: shares met, breaches with begin, end and cause, bytes at each site (backup.md B20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from samdrift.backup.objectives import Kept
from samdrift.model.section import Column, Table
from samdrift.model.text import Text
from samdrift.model.volume import RepositoryDay


@dataclass(frozen=True, slots=True)
class Promised:
    """One backup's objectives in seconds, and how each was kept; None for one that is not declared."""

    backup: str
    rpo_seconds: int | None
    rpo: Kept | None
    rto_seconds: int | None
    rto: Kept | None


def shares(promised: Sequence[Promised], text: Text) -> Table:
    """One row a backup: the share of the known time in which each objective was met; unknown where nothing was known."""
    columns = (
        Column("backup", text("backup.backup"), "id"),
        Column("rpo_seconds", text("backup.rpo"), "duration"),
        Column("met_percent", text("backup.met"), "percent"),
        Column("known_seconds", text("backup.known"), "duration"),
        Column("breaches", text("backup.breach-count"), "integer"),
        Column("rto_seconds", text("backup.rto"), "duration"),
        Column("rto_met_percent", text("backup.rto-met"), "percent"),
        Column("rto_known_seconds", text("backup.rto-known"), "duration"),
        Column("rto_breaches", text("backup.rto-breach-count"), "integer"),
    )
    rows = tuple((one.backup, one.rpo_seconds, *_share(one.rpo), one.rto_seconds, *_share(one.rto)) for one in promised)
    return Table("backup-objectives", text("backup.objectives"), columns, rows)


def _share(kept: Kept | None) -> tuple[Fraction | None, int | None, int | None]:
    """Percent met, seconds known, number of breaches."""
    if kept is None:
        return None, None, None
    return None if kept.share is None else kept.share * Fraction(100), kept.known_seconds, len(kept.breaches)


def rto_breaches(promised: Sequence[Promised], text: Text) -> Table:
    """One row a time in which a restore would have taken longer than promised, oldest first."""
    columns = (
        Column("begin_at", text("backup.begin"), "instant"),
        Column("end_at", text("backup.end"), "instant"),
        Column("backup", text("backup.backup"), "id"),
        Column("causes", text("backup.reasons")),
    )
    kept = [(one.backup, one.rto) for one in promised if one.rto is not None]
    found = sorted((each.begin, each.end, backup, ", ".join(text(f"backup.{cause}") for cause in each.causes)) for backup, rto in kept for each in rto.breaches)
    return Table("backup-rto-breaches", text("backup.rto-breaches"), columns, tuple(found))


def breaches(promised: Sequence[Promised], text: Text) -> Table:
    """One row a time in which data was older than promised, oldest first."""
    columns = (
        Column("begin_at", text("backup.begin"), "instant"),
        Column("end_at", text("backup.end"), "instant"),
        Column("backup", text("backup.backup"), "id"),
        Column("sites", text("backup.site")),
        Column("causes", text("backup.reasons")),
    )
    kept = [(one.backup, one.rpo) for one in promised if one.rpo is not None]
    found = sorted(((one.begin, one.end, backup, ", ".join(one.sites), ", ".join(one.causes) or text("backup.no-run")) for backup, rpo in kept for one in rpo.breaches))
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
