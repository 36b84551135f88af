"""backup-drill: each declared level of restore drill has passed within its interval."""

from __future__ import annotations

from datetime import datetime

from samdrift.backup.freshness import BackupStatus
from samdrift.backup.in_hand import ServiceInHand, with_members
from samdrift.backup.in_hand import verdict as verdict_of
from samdrift.model.check import Check, Code, Verdict
from samdrift.model.finding import Finding, Reason, Remedy, Severity, Subject


def judge(hand: ServiceInHand, at: datetime) -> tuple[Finding, ...]:
    """One finding a backup and level."""
    found = []
    for backup, state in hand.backups:
        if not state.drills:
            found.append(verdict_of(CHECK, hand, Subject("backup", backup), at).not_applicable("no drill is declared"))
        found += [_judge(verdict_of(CHECK, hand, Subject("backup", backup, f"level-{drill.level}"), at), state, drill.level, at) for drill in state.drills]
    return with_members(hand, found)


def _judge(verdict: Verdict, state: BackupStatus, level: int, at: datetime) -> Finding:
    backup = verdict.subject.id
    drill = next(one for one in state.drills if one.level == level)
    if not any(site.newest for site in state.sites):
        return verdict.undetermined(Reason.NO_DATA, f"{backup} has no usable snapshot to drill")
    if drill.due_at is None or drill.due_at <= at:
        when = "has never passed" if drill.last_passed_at is None else f"passed last on {drill.last_passed_at:%Y-%m-%d}"
        remedy = Remedy("Hold the drill and mend what it finds", command=f"samdrift backup drill {backup} --level {level}")
        return verdict.found("drill-overdue", f"{backup}: the drill of level {level} {when}", value={"level": level}, remedy=remedy)
    return verdict.ok(f"passed on {drill.last_passed_at:%Y-%m-%d}, proof {drill.proof}", value={"level": level, "proof": drill.proof})


CHECK = Check(
    id="backup-drill",
    category="backup",
    title="Restores are proven",
    requirement="Each declared level of drill has passed within its interval, compared with the source's manifest.",
    remedy="Hold the drill: samdrift backup drill ID --level N, or playbooks/drill-restore.yml.",
    codes=(Code("drill-overdue", Severity.WARNING, "A drill has not passed within its interval."),),
    needs=("backup",),
    references=("law:2025:1506", "cis:11.5"),
    judge=judge,
)
