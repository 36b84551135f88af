"""backup-missing: every service in use that holds data has a backup, and each of them has succeeded at least once."""

from __future__ import annotations

from datetime import datetime

from samdrift.backup.in_hand import ServiceInHand, verdict, with_members
from samdrift.model.check import Check, Code
from samdrift.model.finding import Finding, Severity, Subject


def judge(hand: ServiceInHand, at: datetime) -> tuple[Finding, ...]:
    """One finding for the service, and one for each backup that never succeeded."""
    service = verdict(CHECK, hand, Subject("service", hand.service), at)
    if not hand.active or not hand.stores:
        return with_members(hand, [service.not_applicable("the service is not in use" if not hand.active else "the service declares no recovery objective")])
    if not hand.backups:
        return with_members(hand, [service.found("no-backup", f"{hand.service} has recovery objectives and no backup")])
    never = [backup for backup, state in hand.backups if not any(site.newest for site in state.sites)]
    found = [verdict(CHECK, hand, Subject("backup", backup), at).found("never-succeeded", f"{backup} has no usable snapshot at any site") for backup in never]
    return with_members(hand, found or [service.ok(f"{len(hand.backups)} backup{'s' if len(hand.backups) > 1 else ''}, each with a usable snapshot")])


CHECK = Check(
    id="backup-missing",
    category="backup",
    title="Every service is backed up",
    requirement="A service in use with a recovery objective has a backup, and each backup has succeeded.",
    remedy="Declare a backup in inventory/backups/<operator>.yml, or a waiver with its reason; then run playbooks/back-up-hosts.yml.",
    codes=(
        Code("no-backup", Severity.FAILURE, "The service has no backup and no waiver."),
        Code("never-succeeded", Severity.FAILURE, "The backup has never given a usable snapshot."),
    ),
    needs=("backup",),
    references=("law:2025:1506", "cis:11.2"),
    judge=judge,
)
