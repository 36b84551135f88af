"""The metrics of backups, from the store (backup.md 6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from samdrift.backup import care_metrics, metrics
from samdrift.backup.care_metrics import ESCROW, LOCK, UNCOVERED, filling_samples, integrity_samples, looked_samples
from samdrift.backup.metrics import backup_samples, repository_samples, run_samples, seconds
from samdrift.backup.quota import FORECAST_DAYS, owner_filling, target_filling
from samdrift.backup.repository import member_label, place, targets_of
from samdrift.model.inventory import Inventory
from samdrift.model.metric import Sample
from samdrift.model.period import local_day
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.look_back import look_back
from samdrift.operations.show_backup_status import backup_states
from samdrift.store import Store, backup_volumes, escrow
from samdrift.store import backups as stored
from samdrift.store.backup_locks import oldest_locks

METRICS = (*metrics.METRICS, *care_metrics.METRICS)
__all__ = ["METRICS", "sample"]
ACTIONS = ("run", "copy", "check", "scan", "prune", "drill", "heal")


def sample(inventory: Inventory, store: Store, *, at: datetime) -> Iterable[Sample]:
    """One set of series a declared backup; a repository's once."""
    states = backup_states(inventory, store, (), viewer=OPERATIONS, at=at)
    looks = look_back(inventory, store, [backup for backup, _ in states.values()], at=at)
    with store.read() as connection:
        drills = {run.backup: run for run in stored.last_runs(connection, viewer=OPERATIONS, backups=states, action="drill")}
        counted = stored.count_runs(connection, viewer=OPERATIONS)
        newest = [run for action in ACTIONS for run in stored.last_runs(connection, viewer=OPERATIONS, backups={backup for _, backup, _, _ in counted}, action=action)]
        locks = oldest_locks(connection, viewer=OPERATIONS)
    done: set[tuple[str, str]] = set()
    for backup, state in states.values():
        member = member_label(inventory, backup)
        yield from backup_samples(backup, member, state, service_class=inventory.services[backup.service].class_)
        yield from looked_samples(member, backup.id, looks[backup.id], state.last_run, drills.get(backup.id))
        for site, look, target in zip(state.sites, looks[backup.id].sites, targets_of(inventory, backup), strict=True):
            path = place(inventory, backup, target).path
            if (path, target.site) not in done and site.look is not None:
                done.add((path, target.site))
                owner = repository_member(inventory, path, member)
                yield from repository_samples(owner, path, site)
                yield from integrity_samples(owner, path, look)
    for (path, where), since in sorted(locks.items()):
        labels = {"member": repository_member(inventory, path, "shared"), "repository": path, "site": where}
        yield Sample(LOCK.name, labels, max(0, round((at - since).total_seconds())))
    yield from run_samples(counted, newest)
    yield from _volumes(inventory, store, at)
    yield from _escrow(inventory, store)
    yield from _uncovered(inventory, at)


def _volumes(inventory: Inventory, store: Store, at: datetime) -> Iterator[Sample]:
    since = local_day(at - timedelta(days=FORECAST_DAYS))
    with store.read() as connection:
        targets = backup_volumes.target_days(connection, viewer=OPERATIONS, since=since)
        repositories = backup_volumes.repository_days(connection, viewer=OPERATIONS, since=since)
    quotas = {target.site: dict(target.quotas) for target in inventory.backup_targets.values()}
    yield from filling_samples(target_filling(targets), owner_filling(repositories, quotas))


def _escrow(inventory: Inventory, store: Store) -> Iterator[Sample]:
    """One series a repository with an escrowed key: when all of its keys were last proved."""
    with store.read() as connection:
        keys, proofs = escrow.keys(connection, viewer=OPERATIONS), escrow.last_proofs(connection, viewer=OPERATIONS)
    proved = {(one.site, one.repository, one.key): one.at for one in proofs if one.kind == "proved" and one.passed}
    oldest: dict[str, int] = {}
    for key in keys:
        when = seconds(proved.get((key.site, key.repository, key.key)))
        oldest[key.repository] = min(when, oldest.get(key.repository, when))
    for repository, when in sorted(oldest.items()):
        yield Sample(ESCROW.name, {"member": repository_member(inventory, repository, "shared"), "repository": repository}, when)


def _uncovered(inventory: Inventory, at: datetime) -> Iterator[Sample]:
    kept = {backup.service for backup in inventory.backups.values()}
    waived = {waiver.subject for waiver in inventory.waivers.values() if waiver.check.partition("/")[0] in {"backup-missing", "service-without-backup"} and waiver.until >= local_day(at)}
    for service in inventory.services.values():
        if service.rpo is not None and service.state == "active" and service.id not in kept:
            yield Sample(UNCOVERED.name, {"member": inventory.ownership(service).label, "service": service.id}, int(f"service:{service.id}" not in {str(one) for one in waived}))


def repository_member(inventory: Inventory, repository: str, member: str) -> str:
    """Whose a repository is: the member that it is named after, else what its backups say."""
    owner = repository.partition("/")[0]
    return owner if owner in inventory.members else member
