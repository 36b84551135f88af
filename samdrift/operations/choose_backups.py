"""Choose backups: ids to backups that the viewer may see, and how the record of each reaches it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from samdrift.backup.freshness import BackupRecord, WantedSite
from samdrift.backup.repository import RepositoryPlace, members_of, place, targets_of
from samdrift.backup.standing import telling
from samdrift.model.backup_run import BackupRun
from samdrift.model.errors import UnknownId, WrongUse
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.backup import Backup
from samdrift.model.nouns.backup_target import BackupTarget
from samdrift.model.viewer import OPERATIONS, Viewer
from samdrift.store import backups as stored
from samdrift.store import proofs as stored_proofs
from samdrift.store.backup_stock import stock
from samdrift.store.store import Store


def choose_backups(inventory: Inventory, ids: Collection[str], viewer: Viewer) -> tuple[Backup, ...]:
    """The named backups, or all that the viewer may see, sorted by id; UnknownId for one that is not there or not the viewer's."""
    seen = {one.id: one for _, one in sorted(inventory.backups.items()) if viewer.sees_any(members_of(inventory, one))}
    for wanted in ids:
        if wanted not in seen:
            raise UnknownId("backup", wanted, seen)
    return tuple(seen[one] for one in sorted(ids or seen))


def choose_seen(inventory: Inventory, store: Store, ids: Collection[str], viewer: Viewer) -> tuple[Backup, ...]:
    """The named backups, or those that have run at least once."""
    chosen = choose_backups(inventory, ids, viewer)
    if ids:
        return chosen
    with store.read() as connection:
        ran = {run.backup for run in stored.runs(connection, viewer=viewer)}
    return tuple(one for one in chosen if one.id in ran)


def chosen_site(inventory: Inventory, backup: Backup, site: str | None, *, role: str) -> RepositoryPlace:
    """The backup's repository at a site (a site's or target's id), or at the first target of a role; WrongUse names what there is."""
    targets = targets_of(inventory, backup)
    for target in targets:
        if site in {target.site, target.id} or (site is None and target.role == role):
            return place(inventory, backup, target)
    if site is None:
        raise WrongUse(f"backup {backup.id} lies at no target of role {role}", help="raise its copies, or name a site with --site")
    raise WrongUse(f"backup {backup.id} does not lie at {site!r}", help=f"it lies at {', '.join(target.site for target in targets)}")


def wanted_sites(inventory: Inventory, backup: Backup) -> tuple[WantedSite, ...]:
    """The sites where it must lie, the primary first."""
    return tuple(WantedSite(target.site, target.role, protection(target)) for target in targets_of(inventory, backup))


def protection(target: BackupTarget) -> str:
    """append-only, pulled (a folder on a disaster site's own device) or local, which is a warning (B2)."""
    if target.kind == "rest":
        return "append-only"
    return "pulled" if target.role == "disaster" and target.device else "local"


def standing_record_of(inventory: Inventory, store: Store, backups: Sequence[Backup], viewer: Viewer, at: datetime) -> dict[str, BackupRecord]:
    """What of the store decides how each backup stands at the instant, by its id: summed up by the database, so that many backups with many snapshots are quick."""
    ids = [one.id for one in backups]
    sites = {one.id: [wanted.site for wanted in wanted_sites(inventory, one)] for one in backups}
    with store.read() as connection:
        runs = stored.last_runs(connection, viewer=viewer, backups=ids, action="run", until=at)
        looks = stored.looks(connection, viewer=viewer, backups=ids)
        proofs = stored_proofs.last_passed(connection, viewer=viewer, backups=ids, until=at)
        there = stock(connection, viewer=viewer, sites=sites, at=at)
    newest = sorted(runs, key=lambda run: run.started_at, reverse=True)
    ran, looked, proven, checks = _by_backup(newest), _by_backup(looks), _by_backup(proofs), _checked(inventory, store, backups)
    return {one: BackupRecord(ran.get(one, ()), (), looked.get(one, ()), proven.get(one, ()), checks.get(one, ()), there[one]) for one in ids}


def record_of(inventory: Inventory, store: Store, backups: Sequence[Backup], viewer: Viewer) -> dict[str, BackupRecord]:
    """What the store knows of each backup, by its id."""
    ids = [one.id for one in backups]
    with store.read() as connection:
        runs = stored.runs(connection, viewer=viewer, backups=ids)
        snapshots = stored.snapshots(connection, viewer=viewer, backups=ids)
        looks = stored.looks(connection, viewer=viewer, backups=ids)
        proofs = [proof for proof, _ in stored_proofs.proofs(connection, viewer=viewer, backups=ids)]
    ran, there, looked, proven, checks = _by_backup(runs), _by_backup(snapshots), _by_backup(looks), _by_backup(proofs), _checked(inventory, store, backups)
    return {one: BackupRecord(ran.get(one, ()), there.get(one, ()), looked.get(one, ()), proven.get(one, ()), checks.get(one, ())) for one in ids}


def _checked(inventory: Inventory, store: Store, backups: Sequence[Backup]) -> dict[str, tuple[BackupRun, ...]]:
    """Checks, scans and heals are of a repository: every backup in it knows of them, whichever they were asked for (as `look_back`)."""
    wanted = {one.id: _places(inventory, one) for one in backups}
    paths = {path for places in wanted.values() for path, _ in places}
    everywhere = {one.id: _places(inventory, one) for one in inventory.backups.values()} if paths else {}
    beside = {one: places for one, places in everywhere.items() if any(path in paths for path, _ in places)}
    with store.read() as connection:
        ran = stored.runs(connection, viewer=OPERATIONS, backups=beside, actions=("check", "scan", "heal"))
    at_place: dict[tuple[str, str], list[BackupRun]] = {}
    for run in ran:
        for path, site in beside[run.backup]:
            if site == run.site:
                at_place.setdefault((path, site), []).append(run)
    told = {where: telling(found) for where, found in at_place.items()}
    return {one: tuple(run for where in places for run in told.get(where, ())) for one, places in wanted.items()}


def _places(inventory: Inventory, backup: Backup) -> tuple[tuple[str, str], ...]:
    """(repository, site) of each target."""
    return tuple((place(inventory, backup, target).path, target.site) for target in targets_of(inventory, backup))


class _OfBackup(Protocol):
    @property
    def backup(self) -> str: ...


T = TypeVar("T", bound=_OfBackup)


def _by_backup(rows: Iterable[T]) -> dict[str, tuple[T, ...]]:
    found: dict[str, list[T]] = {}
    for one in rows:
        found.setdefault(one.backup, []).append(one)
    return {backup: tuple(inside) for backup, inside in found.items()}
