"""backup-anomaly: no run that was out of this backup's ordinary waits for a person's word."""

from __future__ import annotations

from datetime import datetime

from samdrift.backup.freshness import BackupStatus
from samdrift.backup.in_hand import ServiceInHand, each_backup
from samdrift.model.check import Check, Code, Verdict
from samdrift.model.finding import Finding, Reason, Remedy, Severity


def judge(hand: ServiceInHand, at: datetime) -> tuple[Finding, ...]:
    """One finding a backup."""

    def one(verdict: Verdict, _: BackupStatus) -> Finding:
        return _judge(verdict, hand)

    return each_backup(CHECK, hand, at, one)


def _judge(verdict: Verdict, hand: ServiceInHand) -> Finding:
    backup = verdict.subject.id
    looked = hand.looked(backup)
    if looked.anomaly == "open":
        signals = ", ".join(looked.signals)
        remedy = Remedy("Look at the source now; then accept or reject the run", command=f"samdrift backup anomalies list {backup}")
        return verdict.found("anomaly", f"{backup}: a run was out of the ordinary ({signals}) and nobody has said why; retention is held", value={"signals": looked.signals}, remedy=remedy)
    if looked.anomaly == "never":
        return verdict.undetermined(Reason.NEVER_RAN, f"{backup}: no run has been judged")
    if looked.anomaly == "undetermined":
        return verdict.undetermined(Reason.NO_DATA, f"{backup}: fewer than seven usable runs to compare with")
    return verdict.ok("the last run was as its predecessors")


CHECK = Check(
    id="backup-anomaly",
    category="backup",
    title="No run is out of the ordinary",
    requirement="The last runs moved data as this backup's runs do, or a person has said why they did not.",
    remedy="Look for ransomware at the source; then samdrift backup anomalies accept or reject.",
    codes=(Code("anomaly", Severity.FAILURE, "Two or more signs of encryption or loss at the source."),),
    needs=("backup",),
    references=("law:2025:1506", "cis:11.4"),
    judge=judge,
)
