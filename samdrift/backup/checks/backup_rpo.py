"""backup-rpo: at every site the newest usable snapshot's data is younger than the recovery point objective."""

from __future__ import annotations

from datetime import datetime

from samdrift.backup.freshness import BackupStatus
from samdrift.backup.in_hand import ServiceInHand, each_backup, hours
from samdrift.model.check import Check, Code, Verdict
from samdrift.model.finding import Finding, Reason, Remedy, Severity


def judge(hand: ServiceInHand, at: datetime) -> tuple[Finding, ...]:
    """One finding a backup."""
    return each_backup(CHECK, hand, at, _judge)


def _judge(verdict: Verdict, state: BackupStatus) -> Finding:
    backup = verdict.subject.id
    if state.rpo_seconds is None:
        return verdict.not_applicable("no recovery point objective is declared")
    if state.rpo_met is None:
        return verdict.undetermined(Reason.NEVER_RAN, f"{backup} has never been looked at")
    value = {"rpo_seconds": state.rpo_seconds, "rpo_age_seconds": state.rpo_age_seconds}
    if state.rpo_met:
        return verdict.ok(f"the oldest site's data is {hours(state.rpo_age_seconds or 0)} old, {hours(state.rpo_seconds)} are allowed", value=value)
    if not all(site.reached for site in state.sites) and state.rpo_age_seconds is None:
        return verdict.undetermined(Reason.UNREACHABLE, f"{backup}: a repository was not reached, and no usable snapshot of it is known", value=value)
    late = [site.wanted.site for site in state.sites if site.newest is None]
    text = f"no usable snapshot at {', '.join(late)}" if late else f"the oldest site's data is {hours(state.rpo_age_seconds or 0)} old"
    remedy = Remedy("Find out why the last runs or copies failed, and run them again", command=f"samdrift backup status {backup}")
    return verdict.found("rpo-breached", f"{backup}: {text}, {hours(state.rpo_seconds)} are allowed", value=value, remedy=remedy)


CHECK = Check(
    id="backup-rpo",
    category="backup",
    title="Recovery point objective is met",
    requirement="The newest usable snapshot at the primary and at every copy is younger than the service's RPO.",
    remedy="Mend what the last run or copy failed by, and run it again.",
    codes=(Code("rpo-breached", Severity.FAILURE, "Data at a site is older than the objective."),),
    needs=("backup",),
    references=("law:2025:1506", "iso:22301"),
    judge=judge,
)
