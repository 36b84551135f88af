"""Plan retention: what prune would keep, forget and refuse at a site, from the store alone (backup.md B12, B13)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from samdrift.backup.documents import Item, snapshot_item
from samdrift.backup.refusals import Refusal, Surroundings, refusals, refuse
from samdrift.backup.repository import place, primary, targets_of
from samdrift.backup.retention import Decided, decide, hold_copies
from samdrift.model.backup_run import BackupRun
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.backup import Backup
from samdrift.model.nouns.backup_target import BackupTarget
from samdrift.model.run import Outcome
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.storage_trust import inside
from samdrift.store import backup_signs, retention
from samdrift.store import backups as stored
from samdrift.store.store import Store

CHECKED_WITHIN = timedelta(days=7)
"""An older check or copy says nothing of today: as if it never ran."""


@dataclass(frozen=True, slots=True)
class RetentionPlan:
    """One backup at one target: each snapshot's fate, newest arrival first, and why it is refused, if it is."""

    backup: Backup
    target: BackupTarget
    decided: tuple[Decided, ...]
    refused: tuple[Refusal, ...]

    @property
    def forget(self) -> tuple[Decided, ...]:
        return tuple(one for one in self.decided if one.decision == "forget")

    def items(self) -> list[Item]:
        """`samdrift/snapshot` items with their decisions."""
        return [{**snapshot_item(one.snapshot), "decision": one.decision, "slots": list(one.slots), "because": one.because} for one in self.decided]


def plan_retention(
    inventory: Inventory, store: Store, backup: Backup, target: BackupTarget, *, at: datetime, accepted: bool = False, clock_apart: int | None = 0, more: Sequence[Refusal] = ()
) -> RetentionPlan:  # fmt: skip
    """The plan for one backup at one of its targets; `more` are refusals that only a look at the repository gives."""
    policy, origin = inventory.retention_policies[backup.retention], primary(inventory)
    with store.read() as connection:
        there = stored.snapshots(connection, viewer=OPERATIONS, backups=[backup.id])
        came = retention.arrivals(connection, origin.site, viewer=OPERATIONS, backups=[backup.id])
        forgotten = retention.forgotten(connection, viewer=OPERATIONS, backups=[backup.id], site=origin.site)
        around = _around(inventory, store, backup, target, at)
    decided = decide([one for one in there if one.site == target.site], policy, at, arrivals=came)
    if target.role != "primary":
        gone = {one.origin: one.forgotten_at for one in forgotten if one.forgotten_at is not None}
        hold_copies(decided, gone, frozenset(one.origin for one in there if one.site == origin.site), policy.disaster_hold, at)
    found = (*more, *refusals(decided, policy, replace(around, accepted=accepted, clock_apart_s=clock_apart)))
    refuse(decided, found)
    return RetentionPlan(backup, target, decided, found)


def _around(inventory: Inventory, store: Store, backup: Backup, target: BackupTarget, at: datetime) -> Surroundings:
    neighbours = [one.id for one in inside(inventory, place(inventory, backup, target))]
    with store.read() as connection:
        own = stored.runs(connection, viewer=OPERATIONS, backups=[backup.id], actions=("run", "copy"))
        checks = stored.runs(connection, viewer=OPERATIONS, backups=neighbours, actions=("check",))
        signs = backup_signs.signs(connection, viewer=OPERATIONS, backups=[backup.id])
        reviews = retention.reviews(connection, viewer=OPERATIONS, backups=[backup.id])
        vanished = [one.id for one in retention.unexplained(connection, viewer=OPERATIONS, backups=[backup.id]) if one.site == target.site]
        holds = [one for one in retention.holds(connection, viewer=OPERATIONS, backups=[backup.id]) if one.stands(at)]
    reviewed = frozenset(one.origin for one in reviews)
    runs = [run for run in own if run.action == "run"]
    pulls = [one.site for one in targets_of(inventory, backup)[1:]]
    return Surroundings(
        runs={run.id: (run.started_at, run.ended_at) for run in runs},
        reviewed=reviewed,
        checked=_ended([run for run in checks if run.site == target.site], at, worst=(Outcome.FAILED, Outcome.INTERRUPTED)),
        copied=_all(_ended([run for run in own if run.action == "copy" and run.site == site], at) for site in pulls),
        scored=_scored(runs, {sign.run: sign.suspect for sign in signs}, reviewed),
        vanished=tuple(vanished),
        holds=tuple(f"{one.id}, {one.reason}" for one in holds),
    )


def _ended(found: Sequence[BackupRun], at: datetime, worst: tuple[Outcome, ...] = (Outcome.FAILED, Outcome.INTERRUPTED, Outcome.PARTIAL)) -> bool | None:
    """Whether the newest run ended well; None when there is none, or none that is fresh."""
    last = next((run for run in found if at - run.ended_at <= CHECKED_WITHIN), None)
    return None if last is None else last.outcome not in worst


def _all(ended: Iterable[bool | None]) -> bool | None:
    found = list(ended)
    return None if None in found else all(found)


def _scored(runs: Sequence[BackupRun], suspect: dict[str, bool], reviewed: frozenset[str]) -> bool | None:
    """Whether the newest run that gave a snapshot was scored, and nothing suspect waits for a person."""
    newest = next((run for run in runs if run.snapshot is not None), None)
    if newest is None or newest.id not in suspect:
        return None
    return not any(suspect.get(run.id) and run.snapshot not in reviewed for run in runs)
