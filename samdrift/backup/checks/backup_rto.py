"""backup-rto: a restore, as measured by the last full drill, takes no longer than the recovery time objective."""

from __future__ import annotations

from datetime import datetime

from samdrift.backup.freshness import BackupStatus
from samdrift.backup.in_hand import ServiceInHand, each_backup, hours
from samdrift.model.check import Check, Code, Verdict
from samdrift.model.finding import Finding, Reason, Remedy, Severity


def judge(hand: ServiceInHand, at: datetime) -> tuple[Finding, ...]:
    """One finding a backup; without a measured drill it is undetermined, never ok."""
    return each_backup(CHECK, hand, at, _judge)


def _judge(verdict: Verdict, state: BackupStatus) -> Finding:
    backup = verdict.subject.id
    if state.rto_seconds is None:
        return verdict.not_applicable("no recovery time objective is declared")
    if state.restore_estimate_seconds is None:
        return verdict.undetermined(Reason.NO_ESTIMATE, f"{backup}: no full restore has been measured", value={"rto_seconds": state.rto_seconds})
    value = {"rto_seconds": state.rto_seconds, "restore_estimate_seconds": state.restore_estimate_seconds}
    text = f"a restore takes {hours(state.restore_estimate_seconds)}, {hours(state.rto_seconds)} are allowed"
    if state.rto_met:
        return verdict.ok(text, value=value)
    remedy = Remedy("Split the backup, restore closer to the service, or declare what is true", command=f"samdrift backup drill {backup} --level 3")
    return verdict.found("rto-exceeded", f"{backup}: {text}", value=value, remedy=remedy)


CHECK = Check(
    id="backup-rto",
    category="backup",
    title="Recovery time objective is met",
    requirement="The seconds of the last full drill, grown with the data since, stay within the service's RTO.",
    remedy="Make the restore quicker, or declare an objective that can be held.",
    codes=(Code("rto-exceeded", Severity.WARNING, "A restore takes longer than the objective."),),
    needs=("backup",),
    references=("law:2025:1506", "iso:22301"),
    judge=judge,
)
