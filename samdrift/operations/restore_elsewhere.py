"""Restore onto another host: the plan, the job that its playbook carries there, and what came of it, compared with the source's manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from samdrift.adapters.clock import now
from samdrift.backup.comparison import CONTENT, Comparison, compare
from samdrift.backup.repository import RepositoryPlace, members_of
from samdrift.model import manifest as manifests
from samdrift.model.backup_run import BackupRun
from samdrift.model.errors import CouldNotObserve, UnknownId, WrongUse
from samdrift.model.inventory import Inventory
from samdrift.model.manifest import Entry
from samdrift.model.nouns.backup import Backup
from samdrift.model.restore_job import RestoreJob
from samdrift.model.snapshot import Snapshot
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.backup_access import Surroundings, certificate, location, password
from samdrift.operations.choose_backups import choose_backups, chosen_site
from samdrift.operations.record_backup_run import manifest_roots, read_manifest
from samdrift.operations.restore_backup import choose_snapshot
from samdrift.operations.restore_snapshots import parts_of
from samdrift.store import audit
from samdrift.store import backups as stored
from samdrift.store.store import Store


@dataclass(frozen=True, slots=True)
class RestorePlan:
    """What would be restored, whence and where to; `expected` is the source's manifest."""

    backup: Backup
    place: RepositoryPlace
    snapshot: Snapshot
    run: BackupRun
    host: str
    to: str
    expected: tuple[Entry, ...]

    @property
    def files(self) -> int:
        """Files and dumps of the manifest."""
        return sum(one.kind in CONTENT for one in self.expected)

    @property
    def size_bytes(self) -> int:
        """Their bytes."""
        return sum(one.size for one in self.expected if one.kind in CONTENT)

    @property
    def databases(self) -> tuple[str, ...]:
        """The dumps among them, by name."""
        return tuple(one.name for one in self.run.dumps)


def plan_restore(
    inventory: Inventory, store: Store, backup_id: str, host: str, to: str, *, snapshot: str | None = None, at: datetime | None = None, site: str | None = None
) -> RestorePlan:
    """The plan; nothing is touched. WrongUse for a host that serves somebody whose data it is not, or that the repository cannot be reached from."""
    (backup,) = choose_backups(inventory, [backup_id], OPERATIONS)
    if host not in inventory.devices:
        raise UnknownId("device", host, inventory.devices)
    if not to.startswith("/") or ".." in Path(to).parts:
        raise WrongUse(f"{to!r} is no absolute folder", help="name a new or empty folder of the host, for example /srv/back")
    strangers = sorted(_served(inventory, host) - set(members_of(inventory, backup)))
    if strangers:
        raise WrongUse(f"{host} also serves {', '.join(strangers)}, whose data backup {backup.id} is not", help="choose a host of the backup's own members")
    where = chosen_site(inventory, backup, site, role="primary")
    if where.target.kind != "rest":
        raise WrongUse(f"{host} cannot reach the folder of {where.target.id}", help=f"on {where.target.device or 'its device'}: samdrift backup restore {backup.id} --to DIR --site {where.target.site}")
    with store.read() as connection:
        known = stored.snapshots(connection, viewer=OPERATIONS, backups=[backup.id], site=where.target.site)
        runs = stored.runs(connection, viewer=OPERATIONS, backups=[backup.id])
    chosen = choose_snapshot(known, snapshot, at, where.target.site)
    of_run = next((run for run in runs if run.id == chosen.run), None)
    if of_run is None:
        raise CouldNotObserve(f"snapshot {chosen.id[:12]} is of no known run, so there is no manifest to compare with", help=f"samdrift backup restore {backup.id} --to DIR")
    try:
        expected = read_manifest(store, of_run.id, of_run.manifest_sha256)
    except ValueError as error:
        raise CouldNotObserve(str(error)) from None
    return RestorePlan(backup, where, chosen, of_run, host, to, tuple(expected))


def _served(inventory: Inventory, host: str) -> set[str]:
    """The members that the host belongs to or serves."""
    device = inventory.devices[host]
    return set(inventory.ownership(device).members).union(*(inventory.ownership(one).members for one in inventory.services_of(host)))


def hand_out_restore(inventory: Inventory, store: Store, plan: RestorePlan, *, who: str) -> RestoreJob:
    """The job for the host, with its secrets; that they leave is audited first."""
    around = Surroundings(store.state_dir, Path(inventory.root))
    roots = tuple(root.decode() for root in manifest_roots(store, plan.run.id))
    ids = (plan.snapshot.id, *(one.id for one in parts_of(store, plan.snapshot)))
    job = RestoreJob(
        plan.backup.id, plan.run.id, ids, plan.to.rstrip("/") or "/", roots, plan.size_bytes, location(plan.place, around), password(plan.place, around), certificate(plan.place.target, around)
    )  # fmt: skip
    _audit(store, plan, who, "restore", {})
    return job


def take_back_restore(store: Store, plan: RestorePlan, told: Mapping[str, Any], found: Path, *, who: str) -> tuple[bool, Comparison]:
    """Whether the host restored anything, and what lies there held against the source's manifest; a full folder that differs was left alone: WrongUse."""
    if (told.get("backup"), told.get("run"), told.get("snapshot"), told.get("to")) != (plan.backup.id, plan.run.id, plan.snapshot.id, plan.to.rstrip("/") or "/"):
        raise WrongUse("standard input is no account of this restore")
    try:
        with found.open("rb") as lines:
            there = {entry.path: entry for entry in manifests.read(lines)[1]}
    except ValueError as error:
        raise WrongUse(f"what the host wrote down cannot be read: {error}") from None
    result = compare(plan.expected, there, changed=frozenset(plan.run.not_comparable) | frozenset(plan.run.unreadable))
    restored = told.get("restored") is True
    if not restored and not result.passed:
        raise WrongUse(f"{plan.to} of {plan.host} is not empty and holds something else", help="name a new or empty folder; nothing is ever written over")
    if restored:
        _audit(store, plan, who, "restored", {"compared": result.compared, "equal": result.passed})
    return restored, result


def _audit(store: Store, plan: RestorePlan, who: str, verb: str, more: Mapping[str, object]) -> None:
    after = {"snapshot": plan.snapshot.id, "site": plan.snapshot.site, "host": plan.host, "to": plan.to, **more}
    with store.write() as connection:
        audit.append(connection, at=now(), actor=who, verb=verb, object=f"backup:{plan.backup.id}", members=plan.snapshot.members, after=after)
