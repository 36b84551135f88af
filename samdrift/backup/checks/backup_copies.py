"""backup-copies: every snapshot of the primary has come to the disaster site."""

from __future__ import annotations

from datetime import datetime

from samdrift.backup.freshness import BackupStatus
from samdrift.backup.in_hand import ServiceInHand, each_backup
from samdrift.model.check import Check, Code, Verdict
from samdrift.model.finding import Finding, Reason, Remedy, Severity


def judge(hand: ServiceInHand, at: datetime) -> tuple[Finding, ...]:
    """One finding a backup."""
    return each_backup(CHECK, hand, at, _judge)


def _judge(verdict: Verdict, state: BackupStatus) -> Finding:
    backup = verdict.subject.id
    others = state.sites[1:]
    if not others:
        return verdict.not_applicable("one site is asked for")
    never = [site.wanted.site for site in others if site.look is None]
    if never:
        return verdict.undetermined(Reason.NEVER_RAN, f"{backup}: nothing has been copied to {', '.join(never)} yet")
    value = {"copies_missing": state.copies_missing}
    remedy = Remedy("Run the pull at the disaster site", command=f"samdrift backup copy {backup}")
    if state.copies_missing:
        return verdict.found("copy-missing", f"{backup}: {state.copies_missing} snapshots are at the primary alone", value=value, remedy=remedy)
    return verdict.ok(f"every snapshot is at {len(state.sites)} sites", value=value)


CHECK = Check(
    id="backup-copies",
    category="backup",
    title="Snapshots are at both sites",
    requirement="The disaster site lacks no snapshot of the primary.",
    remedy="Run the pull at the disaster site and mend what it names.",
    codes=(Code("copy-missing", Severity.WARNING, "The disaster site lacks snapshots."),),
    needs=("backup",),
    references=("law:2025:1506", "cis:11.4"),
    judge=judge,
)
