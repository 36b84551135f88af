"""backup-integrity: what lies in the repositories is what was written, as the last check and scan found it at every site."""

from __future__ import annotations

from datetime import datetime

from samdrift.backup.freshness import BackupStatus
from samdrift.backup.in_hand import ServiceInHand, with_members
from samdrift.backup.in_hand import verdict as verdict_of
from samdrift.backup.looked import SiteLook, stale
from samdrift.model.check import Check, Code, Verdict
from samdrift.model.finding import Finding, Reason, Remedy, Severity, Subject

WHOLE_PERMILLE = 1000


def judge(hand: ServiceInHand, at: datetime) -> tuple[Finding, ...]:
    """One finding a backup and site that it lies at; none for one that never ran, which another check tells."""
    found = []
    for backup, state in hand.backups:
        for look in hand.looked(backup).sites:
            if _lies_there(state, look.site):
                found.append(_judge(verdict_of(CHECK, hand, Subject("backup", backup, look.site), at), backup, look, at))
    return with_members(hand, found)


def _lies_there(state: BackupStatus, site: str) -> bool:
    return any(one.snapshots for one in state.sites if one.wanted.site == site)


def _judge(verdict: Verdict, backup: str, look: SiteLook, at: datetime) -> Finding:
    damaged = look.damaged
    if damaged:
        remedy = Remedy("See what would be quarantined and copied back, then heal", command=f"samdrift backup heal REPO --site {look.site}")
        value = {"damaged": len(damaged)}
        return verdict.found("repository-damaged", f"{backup}: {len(damaged)} objects at {look.site} are not what was written, one is {damaged[0]}", value=value, remedy=remedy)
    if look.check is None:
        return verdict.undetermined(Reason.NEVER_RAN, f"{backup}: the repository at {look.site} has never been checked")
    if stale(look.check, at):
        return verdict.undetermined(Reason.STALE, f"{backup}: the last check at {look.site} was on {look.check.ended_at:%Y-%m-%d}")
    if look.coverage_permille is None:
        return verdict.undetermined(Reason.NO_DATA, f"{backup}: how much of {look.site} was read within the period is not known")
    share = f"{look.coverage_permille // 10} % of its bytes were read within the period"
    return verdict.ok(f"{look.site} is whole as far as looked; {share}", value={"coverage_permille": look.coverage_permille})


CHECK = Check(
    id="backup-integrity",
    category="backup",
    title="Repositories are whole",
    requirement="The last check and scan of every repository found no object whose content is not what was written.",
    remedy="samdrift backup heal: quarantine, rebuild, copy back from the other site; what no site has is backed up anew or listed as lost.",
    codes=(Code("repository-damaged", Severity.FAILURE, "Objects of the repository are damaged or lost."),),
    needs=("backup",),
    references=("law:2025:1506", "cis:11.3"),
    judge=judge,
)
