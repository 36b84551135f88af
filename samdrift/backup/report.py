"""The backup part of a member's report: how each backup stands, what was proven, what is stored (backup.md B20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from samdrift.backup.freshness import BackupStatus
from samdrift.backup.objectives import Kept
from samdrift.backup.report_objectives import Promised, rto_breaches, shares, volumes
from samdrift.backup.report_objectives import breaches as rpo_breaches
from samdrift.model.backup_run import BackupRun
from samdrift.model.drill_proof import DrillProof
from samdrift.model.finding import Status
from samdrift.model.nouns.backup import Backup
from samdrift.model.section import Column, Section, Table
from samdrift.model.text import Text
from samdrift.model.volume import RepositoryDay


@dataclass(frozen=True, slots=True)
class ReportedBackup:
    """One backup at the end of the period, with its runs and proofs within [start, end), newest first."""

    backup: Backup
    state: BackupStatus
    runs: tuple[BackupRun, ...]
    proofs: tuple[DrillProof, ...]
    kept: Kept | None = None
    rto_kept: Kept | None = None


def within(instant: datetime, start: datetime, end: datetime) -> bool:
    """Whether the instant lies in the half-open period."""
    return start <= instant < end


def member_section(reported: Sequence[ReportedBackup], text: Text, *, days: Sequence[RepositoryDay] = (), expected_days: int = 0) -> Section:
    """States, objectives, breaches with their causes, proofs and volumes; the same rows give the same section."""
    well = sum(one.state.status is Status.OK for one in reported)
    proofs = sum(proof.passed for one in reported for proof in one.proofs)
    sentences = (text("backup.says", ok=well, count=len(reported), proofs=proofs),) if reported else ()
    missing = () if reported else (text("backup.missing"),)
    promised = [
        Promised(one.backup.id, one.state.rpo_seconds, one.kept, one.state.rto_seconds, one.rto_kept)
        for one in sorted(reported, key=lambda one: one.backup.id)
        if one.kept is not None or one.rto_kept is not None
    ]
    tables = (
        _states(reported, text), shares(promised, text), rpo_breaches(promised, text), rto_breaches(promised, text), _breaches(reported, text), _proofs(reported, text),
        volumes(days, expected_days, text),
    )  # fmt: skip
    return Section("backup", text("backup.title"), sentences, tables, missing)


def to_do_section(reported: Sequence[ReportedBackup], text: Text) -> Section | None:
    """What each backup that is not well asks for, worst first; None when nothing does."""
    order = (Status.FAILURE, Status.WARNING, Status.UNDETERMINED)
    open_ones = sorted((one for one in reported if one.state.status in order), key=lambda one: (order.index(one.state.status), one.backup.id))
    if not open_ones:
        return None
    columns = (Column("backup", text("backup.backup"), "id"), Column("status", text("backup.state"), "state"), Column("remedy", text("backup.to-do")))
    rows = tuple((one.backup.id, one.state.status, words) for one in open_ones for words in _remedies(one.state, text))
    return Section("backup-to-do", text("backup.to-do-title"), (), (Table("backup-to-do-list", text("backup.to-do-caption"), columns, rows),))


def _remedies(state: BackupStatus, text: Text) -> tuple[str, ...]:
    """One sentence a reason; of a backup that never ran only that, as all its reasons follow from it."""
    if state.last_run is None:
        return (text("backup.never-run"),)
    return tuple(text(f"backup.do.{reason}") for reason in state.reasons) or (text("backup.see-objectives"),)


def _states(reported: Sequence[ReportedBackup], text: Text) -> Table:
    columns = (
        Column("backup", text("backup.backup"), "id"),
        Column("service", text("backup.service"), "id"),
        Column("status", text("backup.state"), "state"),
        Column("rpo_age_seconds", text("backup.age"), "duration"),
        Column("rpo_seconds", text("backup.rpo"), "duration"),
        Column("restore_estimate_seconds", text("backup.estimate"), "duration"),
        Column("rto_seconds", text("backup.rto"), "duration"),
        Column("copies_missing", text("backup.copies-missing"), "integer"),
        Column("stored_bytes", text("backup.stored"), "bytes"),
    )
    rows = tuple(
        (
            one.backup.id,
            one.backup.service,
            one.state.status,
            one.state.rpo_age_seconds,
            one.state.rpo_seconds,
            one.state.restore_estimate_seconds,
            one.state.rto_seconds,
            one.state.copies_missing,
            _stored(one.state),
        )
        for one in sorted(reported, key=lambda one: one.backup.id)
    )
    return Table("backup-states", text("backup.caption"), columns, rows)


def _stored(state: BackupStatus) -> int | None:
    known = [site.look.stored_bytes for site in state.sites if site.look is not None and site.look.stored_bytes is not None]
    return sum(known) if len(known) == len(state.sites) else None


def _breaches(reported: Sequence[ReportedBackup], text: Text) -> Table:
    columns = (
        Column("started_at", text("backup.when"), "instant"),
        Column("backup", text("backup.backup"), "id"),
        Column("outcome", text("backup.outcome")),
        Column("reasons", text("backup.reasons")),
        Column("message", text("backup.message")),
    )
    bad = [run for one in reported for run in one.runs if run.outcome.value != "ok"]
    rows = tuple(
        (run.started_at, run.backup, run.outcome.value, ", ".join(map(str, run.reasons)), run.message)
        for run in sorted(bad, key=lambda run: (run.started_at, run.id))
    )
    return Table("backup-breaches", text("backup.breaches"), columns, rows)


def _proofs(reported: Sequence[ReportedBackup], text: Text) -> Table:
    columns = (
        Column("started_at", text("backup.when"), "instant"),
        Column("proof", text("backup.id"), "id"),
        Column("backup", text("backup.backup"), "id"),
        Column("level", text("backup.level"), "integer"),
        Column("passed", text("backup.passed")),
        Column("compared", text("backup.compared"), "integer"),
        Column("size_bytes", text("backup.size"), "bytes"),
        Column("seconds", text("backup.took"), "duration"),
        Column("digest", text("backup.digest"), "id"),
    )
    held = [proof for one in reported for proof in one.proofs]
    rows = tuple(
        (
            proof.started_at,
            proof.id,
            proof.backup,
            proof.level,
            text("backup.yes" if proof.passed else "backup.no"),
            proof.compared,
            proof.size_bytes,
            proof.seconds,
            proof.digest,
        )
        for proof in sorted(held, key=lambda proof: (proof.started_at, proof.id))
    )
    return Table("backup-proofs", text("backup.proofs"), columns, rows)
