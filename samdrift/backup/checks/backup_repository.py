"""backup-repository: the repositories are the ones that stood there, open with our keys alone, and hold what we put there."""

from __future__ import annotations

from datetime import datetime

from samdrift.backup.in_hand import ServiceInHand, with_members
from samdrift.backup.in_hand import verdict as verdict_of
from samdrift.backup.looked import Looked, SiteLook
from samdrift.model.backup_run import BackupReason
from samdrift.model.check import Check, Code, Verdict
from samdrift.model.finding import Finding, Reason, Remedy, Severity, Subject

R = BackupReason
TEXTS: dict[BackupReason, tuple[Severity, str]] = {
    R.REPOSITORY_CHANGED: (Severity.FAILURE, "Another repository stands where ours stood."),
    R.SNAPSHOT_VANISHED: (Severity.FAILURE, "Snapshots are gone that no forget of ours explains."),
    R.KEY_UNKNOWN: (Severity.FAILURE, "A key that is none of ours opens the repository."),
    R.REPOSITORY_MISSING: (Severity.FAILURE, "There is no repository."),
    R.KEYS_MISSING: (Severity.FAILURE, "The repository holds no key at all."),
    R.WRONG_KEY: (Severity.FAILURE, "Our key does not open the repository."),
    R.CERTIFICATE: (Severity.FAILURE, "The endpoint's certificate is not accepted."),
    R.REFUSED: (Severity.FAILURE, "The endpoint refuses our login."),
    R.TARGET_FULL: (Severity.FAILURE, "The target takes nothing more."),
    R.CLOCK: (Severity.WARNING, "Snapshots claim a time that does not fit."),
    R.UNREGISTERED: (Severity.WARNING, "Snapshots of no known run wait for a person's word."),
    R.LOCKED: (Severity.WARNING, "A lock stands in the way."),
}
"""Code → what it weighs and means; the first that applies is told, the others stand in the value."""


def judge(hand: ServiceInHand, at: datetime) -> tuple[Finding, ...]:
    """One finding a backup and site."""
    found = []
    for backup, _ in hand.backups:
        looked = hand.looked(backup)
        found += [_judge(verdict_of(CHECK, hand, Subject("backup", backup, one.site), at), backup, one, looked) for one in looked.sites]
    return with_members(hand, found)


def _judge(verdict: Verdict, backup: str, look: SiteLook, looked: Looked) -> Finding:
    gone = look.site in looked.vanished  # what a person has explained since is no longer told
    reasons = [*([R.SNAPSHOT_VANISHED] if gone else []), *(one for one in look.reasons if one is not R.SNAPSHOT_VANISHED)]
    known = [reason for reason in TEXTS if reason in reasons]
    if known:
        first = known[0]
        text = TEXTS[first][1].rstrip(".")
        remedy = Remedy("Find out why before anything is made, removed or copied there", command=f"samdrift backup check {backup} --site {look.site}")
        return verdict.found(str(first), f"{backup} at {look.site}: {text[0].lower()}{text[1:]}", value={"reasons": tuple(map(str, known))}, remedy=remedy)
    if R.UNREACHABLE in reasons or R.DEADLINE in reasons:
        return verdict.undetermined(Reason.UNREACHABLE, f"{backup}: {look.site} was not reached at the last look")
    if not look.looked:
        return verdict.undetermined(Reason.NEVER_RAN, f"{backup}: {look.site} has never been looked at")
    return verdict.ok(f"{look.site} is ours, and holds what we put there")


CHECK = Check(
    id="backup-repository",
    category="backup",
    title="Repositories are ours",
    requirement="Each repository is the one that stood there, opens with the keys that we made and no other, and holds the snapshots that we know.",
    remedy="Do not run, copy or prune there until it is known who changed it; see docs/howto/back-up-and-restore.md.",
    codes=tuple(Code(str(reason), severity, text) for reason, (severity, text) in TEXTS.items()),
    needs=("backup",),
    references=("law:2025:1506", "cis:11.3"),
    judge=judge,
)
