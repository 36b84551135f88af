"""Documents: backups, runs, snapshots and proofs as the JSON of backup.md section 4."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from samdrift.backup.freshness import BackupStatus, SiteStatus
from samdrift.backup.proofs import ProofVerdict
from samdrift.model.backup_run import BackupRun
from samdrift.model.nouns.backup import Backup
from samdrift.model.period import rfc3339
from samdrift.model.snapshot import Snapshot

Item = dict[str, Any]


def status_item(backup: Backup, member: str, repository: str, found: BackupStatus, *, held: bool) -> Item:
    """One `samdrift/backup`; `held`: nothing of it is forgotten now."""
    last = found.last_run
    return {
        "id": backup.id,
        "service": backup.service,
        "member": member,
        "repository": repository,
        "device": backup.device,
        "status": found.status.value,
        "reasons": [str(reason) for reason in found.reasons],
        "last_run_at": rfc3339(last.started_at) if last else None,
        "last_outcome": last.outcome.value if last else None,
        "sites": [site_item(site) for site in found.sites],
        "rpo_seconds": found.rpo_seconds,
        "rpo_age_seconds": found.rpo_age_seconds,
        "rpo_met": found.rpo_met,
        "rto_seconds": found.rto_seconds,
        "restore_estimate_seconds": found.restore_estimate_seconds,
        "rto_met": found.rto_met,
        "copies_missing": found.copies_missing,
        "drills": [
            {
                "level": drill.level,
                "last_passed_at": rfc3339(drill.last_passed_at) if drill.last_passed_at else None,
                "due_at": rfc3339(drill.due_at) if drill.due_at else None,
                "proof": drill.proof,
            }
            for drill in found.drills
        ],
        "retention_held": held,
        "protected_bytes": found.protected_bytes,
    }


def site_item(site: SiteStatus) -> Item:
    """One site's part of a `samdrift/backup`."""
    look, newest = site.look, site.newest
    coverage = look.check_coverage_permille if look else None
    return {
        "site": site.wanted.site,
        "role": site.wanted.role,
        "up": site.reached,
        "protection": site.wanted.protection,
        "last_success_at": rfc3339(newest.arrival_at) if newest else None,
        "recovery_point_at": rfc3339(newest.recovery_point_at) if newest else None,
        "snapshot": newest.id if newest else None,
        "snapshots": site.snapshots,
        "missing": site.missing,
        "stored_bytes": look.stored_bytes if look else None,
        "check_coverage_ratio": None if coverage is None else f"{coverage}/1000",
        "checked_at": rfc3339(look.checked_at) if look and look.checked_at else None,
    }


def run_item(run: BackupRun) -> Item:
    """One `samdrift/backup-run`."""
    return {
        "id": run.id,
        "backup": run.backup,
        "action": run.action,
        "site": run.site,
        "outcome": run.outcome.value,
        "reasons": [str(reason) for reason in run.reasons],
        "started_at": rfc3339(run.started_at),
        "ended_at": rfc3339(run.ended_at),
        "snapshot": run.snapshot,
        "files": run.files,
        "files_new": run.files_new,
        "files_changed": run.files_changed,
        "files_removed": run.files_removed,
        "size_bytes": run.size_bytes,
        "added_bytes": run.added_bytes,
        "unreadable": list(run.unreadable),
        "not_comparable": len(run.not_comparable),
        "manifest_sha256": run.manifest_sha256 or None,
        "engine": run.engine,
        "damaged": [
            {"object": one.object, "files": list(one.files), "backups": list(one.backups), "members": list(one.members)}
            for one in run.damaged
        ],
        "leftover": list(run.leftover),
        "keys_unknown": list(run.keys_unknown),
        "message": run.message,
        **{name: number for name, number in run.details.items() if name in {"copied", "missing"}},
    }


def snapshot_item(found: Snapshot) -> Item:
    """One `samdrift/snapshot`; `decision` is retention's, which is not judged here."""
    return {
        "id": found.id,
        "original": found.original,
        "backup": found.backup,
        "site": found.site,
        "state": found.state,
        "claimed_at": rfc3339(found.claimed_at),
        "arrival_at": rfc3339(found.arrival_at),
        "recovery_point_at": rfc3339(found.recovery_point_at),
        "run": found.run,
        "files": found.files,
        "size_bytes": found.size_bytes,
        "decision": None,
        "slots": [],
        "because": None,
    }


def verdict_item(verdict: ProofVerdict) -> Item:
    """A proof and whether it still holds: digest, chain, and the manifest in the store."""
    parts: Mapping[str, bool | None] = {"whole": verdict.whole, "chained": verdict.chained, "manifest": verdict.manifest}
    wrong = [name for name, holds in parts.items() if holds is False]
    status = "failure" if wrong else "warning" if not verdict.proof.passed else "ok"
    return {**verdict.proof.content(), "digest": verdict.digest, "status": status, "holds": not wrong, "wrong": wrong}
