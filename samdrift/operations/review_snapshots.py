"""Review snapshots: what a person says of an unregistered or suspect one counts at every site, and is audited (backup.md B9, B13, B16)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from samdrift.backup.documents import Item
from samdrift.backup.repository import member_label, members_of
from samdrift.model.anomaly import RunSigns
from samdrift.model.errors import UnknownId, WrongUse
from samdrift.model.inventory import Inventory
from samdrift.model.period import rfc3339
from samdrift.model.retention import Review, Verdict
from samdrift.model.snapshot import Snapshot
from samdrift.model.viewer import Viewer
from samdrift.operations.choose_backups import choose_backups
from samdrift.store import audit, backup_signs, retention
from samdrift.store import backups as stored
from samdrift.store.store import Store

REVIEWED = frozenset({"suspect", "unregistered"})
SHORTEST = 8


def review_snapshot(
    inventory: Inventory, store: Store, snapshot: str, verdict: Verdict, *, reason: str, viewer: Viewer, who: str, at: datetime, only: frozenset[str] = REVIEWED
) -> Item:  # fmt: skip
    """Accept a snapshot (it becomes usable and may move the recovery point) or reject it (unusable, it goes when its time has come).

    Of one that is gone, a review says that its going is explained; its state stays.

    UnknownId for one that is none or not unique; WrongUse when there is nothing to review, or no reason is given.
    """
    if not reason.strip():
        raise WrongUse("a review needs its reason", help="--reason TEXT")
    backups = [one.id for one in choose_backups(inventory, (), viewer)]
    with store.write() as connection:
        gone = retention.unexplained(connection, viewer=viewer, backups=backups)
        found = _find((*stored.snapshots(connection, viewer=viewer, backups=backups), *gone), snapshot)
        if found.state not in only and found not in gone:
            raise WrongUse(f"snapshot {found.id[:12]} is {found.state}; there is nothing to review")
        backup = inventory.backups[found.backup]
        members = members_of(inventory, backup)
        review = Review(found.origin, backup.id, member_label(inventory, backup), verdict, reason, who, at, members)
        retention.put_review(connection, review)
        state = found.state if found in gone else "usable" if verdict == "accept" else "unusable"
        sites = retention.put_state(connection, found.origin, state, run=found.run)
        before, after = {"state": found.state}, {"verdict": verdict, "reason": reason, "origin": found.origin}
        audit.append(connection, at=at, actor=who, verb="review", object=f"backup:{backup.id}", members=members, before=before, after=after)
    return {**review_item(review), "state": state, "sites": sites}


def _find(known: Sequence[Snapshot], wanted: str) -> Snapshot:
    """The snapshot of a full id, an origin, or at least 8 digits of either; all copies of one origin are the same."""
    found = {one.origin: one for one in known if wanted in {one.id, one.origin} or (len(wanted) >= SHORTEST and (one.id.startswith(wanted) or one.origin.startswith(wanted)))}
    if len(found) != 1:
        raise UnknownId("snapshot", wanted, [one.id for one in known])
    return next(iter(found.values()))


def list_anomalies(inventory: Inventory, store: Store, ids: Sequence[str], *, viewer: Viewer) -> list[Item]:
    """`samdrift/backup-anomaly` items: suspect runs, open and reviewed, newest first."""
    chosen = [one.id for one in choose_backups(inventory, ids, viewer)]
    with store.read() as connection:
        found = backup_signs.signs(connection, viewer=viewer, backups=chosen, suspect=True)
        reviews = {one.origin: one for one in retention.reviews(connection, viewer=viewer, backups=chosen)}
        runs = {one.id: one.snapshot for one in stored.runs(connection, viewer=viewer, backups=chosen)}
    return [anomaly_item(one, runs.get(one.run), reviews.get(runs.get(one.run) or "")) for one in found]


def open_anomalies(inventory: Inventory, store: Store, ids: Sequence[str], *, viewer: Viewer) -> list[Item]:
    """Those that nobody has reviewed."""
    return [one for one in list_anomalies(inventory, store, ids, viewer=viewer) if one["status"] == "failure"]


def anomaly_item(found: RunSigns, snapshot: str | None, review: Review | None) -> Item:
    """One `samdrift/backup-anomaly`; `status` is failure while it is open."""
    signs = found.signs
    return {
        "run": found.run,
        "backup": found.backup,
        "member": found.member,
        "at": rfc3339(found.at),
        "snapshot": snapshot,
        "status": "failure" if review is None else "ok" if review.verdict == "accept" else "warning",
        "signals": list(found.signals),
        "new_permille": signs.new_permille,
        "changed_permille": signs.changed_permille,
        "removed_permille": signs.removed_permille,
        "unknown_permille": signs.unknown_permille,
        "added_bytes": signs.added_bytes,
        "samples": [
            {"extension": one.extension, "files": one.files, "entropy_millibits": one.entropy_millibits, "magic_known": one.magic_known, "magic_right": one.magic_right}
            for one in signs.samples
        ],
        "verdict": review.verdict if review else None,
        "reason": review.reason if review else None,
        "reviewed_at": rfc3339(review.at) if review else None,
        "who": review.who if review else None,
    }


def review_item(review: Review) -> Item:
    """One `samdrift/backup-review`."""
    return {
        "origin": review.origin, "backup": review.backup, "member": review.member, "verdict": review.verdict, "reason": review.reason, "who": review.who,
        "at": rfc3339(review.at),
    }  # fmt: skip
