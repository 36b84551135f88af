"""Measure backups: bytes on the targets' disks and protected bytes, once a day, as readings (backup.md B19)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from samdrift.adapters import ballast, repository_files, restic
from samdrift.backup.repository import RepositoryPlace, chosen_primary, member_label, place, targets_of
from samdrift.backup.volume import RepositoryVolume, member_of, protected_readings, volume_readings
from samdrift.model.errors import SamdriftError
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.backup_target import BackupTarget
from samdrift.model.period import local_day
from samdrift.model.reading import UNASSIGNED, Quality, Reading
from samdrift.model.run import Outcome
from samdrift.model.viewer import OPERATIONS
from samdrift.model.volume import RepositoryDay, TargetDay
from samdrift.operations.backup_access import Surroundings, disk_space, objects, open_place, target_folder
from samdrift.operations.job_work import JobDone, JobWork
from samdrift.operations.show_backup_status import backup_states
from samdrift.store import backup_volumes, raw
from samdrift.store import backups as stored
from samdrift.store.store import Store

ADDED_WITHIN = timedelta(days=2)


def measure_backups(inventory: Inventory, store: Store, *, at: datetime) -> tuple[tuple[Reading, ...], tuple[str, ...]]:
    """Readings of every repository that could be measured at all of its sites, and what could not: `repository@target: why`."""
    around = Surroundings(store.state_dir, Path(inventory.root))
    volumes: list[RepositoryVolume] = []
    missing: list[str] = []
    wanted = _declared(inventory)
    for target in inventory.backup_targets.values():
        folder = target_folder(target, store.state_dir)
        if folder is not None:
            volumes += _in_folder(folder, target)
    seen = {(one.path, one.site) for one in volumes}
    for where in wanted:
        if where.target.kind != "rest" or (where.path, where.target.site) in seen:
            continue
        try:
            with open_place(where, around) as access:
                volumes.append(RepositoryVolume(where.path, where.target.site, _size(objects(access))))
        except (SamdriftError, restic.ResticFailed, OSError) as error:
            missing.append(f"{where.path}@{where.target.id}: {error}")
    volumes += _absent(inventory, volumes, store.state_dir)
    sites = {target.site for target in inventory.backup_targets.values()}
    protected = {
        backup.id: (member_label(inventory, backup), state.protected_bytes)
        for backup, state in backup_states(inventory, store, (), viewer=OPERATIONS, at=at).values()
        if state.protected_bytes
    }
    _note(inventory, store, volumes)
    _keep_days(inventory, store, volumes, at)
    readings = volume_readings(volumes, sites, inventory.members, at) + protected_readings(protected, at) + _added(inventory, store, at)
    return readings, tuple(missing)


def _absent(inventory: Inventory, volumes: Sequence[RepositoryVolume], state: Path) -> list[RepositoryVolume]:
    """A repository that a folder does not hold is nothing there, which is a measurement; one behind an endpoint that did not answer stays a gap."""
    there = {(one.path, one.site) for one in volumes}
    folders = [target.site for target in inventory.backup_targets.values() if target_folder(target, state) is not None]
    return [RepositoryVolume(path, site, 0) for path in sorted({one.path for one in volumes}) for site in folders if (path, site) not in there]


def _added(inventory: Inventory, store: Store, at: datetime) -> tuple[Reading, ...]:
    """One `backup-added` reading a run of the last two days: what it added to its repository; the same run read twice is one reading."""
    with store.read() as connection:
        runs = stored.runs(connection, viewer=OPERATIONS, limit=5000)
    found = []
    for run in runs:
        backup = inventory.backups.get(run.backup)
        if backup is not None and run.snapshot is not None and timedelta() <= at - run.started_at <= ADDED_WITHIN:
            path = chosen_primary(inventory, backup).path
            found.append(Reading("backup-added", path, member_of(path, inventory.members), run.added_bytes, Quality.MEASURED, "backup", at=run.started_at))
    return tuple(found)


def _keep_days(inventory: Inventory, store: Store, volumes: Sequence[RepositoryVolume], at: datetime) -> None:
    """What was measured, by repository and site and by target, with what no repository explains as `unassigned`: the owners sum to the target's total."""
    day = local_day(at)
    rows = [RepositoryDay(one.site, one.path, day, _owner(one.path, inventory), at, one.stored_bytes) for one in volumes]
    targets = []
    for target in inventory.backup_targets.values():
        mine, folder = sum(one.stored_bytes for one in volumes if one.site == target.site), target_folder(target, store.state_dir)
        if folder is None:
            if any(one.site == target.site for one in volumes):
                targets.append(TargetDay(target.id, day, target.site, at, mine))
            continue
        total = repository_files.total_bytes(folder) - ballast.size(folder)  # nobody stores it
        if total > mine:
            rows.append(RepositoryDay(target.site, f"{UNASSIGNED}/{target.id}", day, UNASSIGNED, at, total - mine))
        free, size = disk_space(folder)
        targets.append(TargetDay(target.id, day, target.site, at, max(total, mine), free, size))
    with store.write() as connection:
        backup_volumes.put_days(connection, rows, targets)


def _owner(path: str, inventory: Inventory) -> str:
    """A member, `shared-<service>` of a service that is there, else `unassigned`."""
    owner = path.partition("/")[0]
    known = owner in inventory.members or owner.removeprefix("shared-") in inventory.services
    return owner if known else UNASSIGNED


def collect_backup_readings(work: JobWork) -> JobDone:
    """The job: measure and keep; a repository that could not be measured is a gap."""
    readings, missing = measure_backups(work.inventory, work.store, at=work.at)
    with work.store.write() as connection:
        kept = raw.append(connection, readings, at=work.at)
    outcome = Outcome.PARTIAL if missing else Outcome.OK if readings else Outcome.NOTHING_TO_DO
    return JobDone(outcome, {"readings": kept.accepted, "missing": len(missing)}, missing[:5])


def _note(inventory: Inventory, store: Store, volumes: Sequence[RepositoryVolume]) -> None:
    """The last look at each repository learns its size; when it was looked at stays as it was."""
    sizes = {(one.path, one.site): one.stored_bytes for one in volumes}
    with store.write() as connection:
        for look in stored.looks(connection, viewer=OPERATIONS):
            backup = inventory.backups.get(look.backup)
            target = next((one for one in inventory.backup_targets.values() if one.site == look.site), None)
            size = sizes.get((place(inventory, backup, target).path, look.site)) if backup and target else None
            if size is not None:
                stored.put_look(connection, replace(look, stored_bytes=size))


def _declared(inventory: Inventory) -> list[RepositoryPlace]:
    places: dict[tuple[str, str], RepositoryPlace] = {}
    for backup in inventory.backups.values():
        for target in targets_of(inventory, backup):
            where = place(inventory, backup, target)
            places.setdefault((where.path, target.id), where)
    return list(places.values())


def _in_folder(folder: Path, target: BackupTarget) -> list[RepositoryVolume]:
    """Every repository below a local target, also one of nobody."""
    found = []
    for config in sorted(folder.glob("*/*/config")):
        root = config.parent
        found.append(RepositoryVolume(root.relative_to(folder).as_posix(), target.site, _size(repository_files.objects(root))))
    return found


def _size(held: dict[str, dict[str, int]]) -> int:
    return sum(size for folder in held.values() for size in folder.values())


