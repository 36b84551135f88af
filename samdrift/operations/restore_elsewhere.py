"""Restore onto another host: the plan, the job that its playbook carries there, and what came of it, compared with the source's manifest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from samdrift.adapters.clock import now
from samdrift.backup.comparison import CONTENT, Comparison, compare
from samdrift.backup.repository import RepositoryPlace, members_of
from samdrift.model import manifest as manifests
from samdrift.model.backup_job import JobDump
from samdrift.model.backup_run import BackupRun
from samdrift.model.database import DumpFacts, differing
from samdrift.model.errors import CouldNotObserve, UnknownId, WrongUse
from samdrift.model.inventory import Inventory
from samdrift.model.manifest import Entry
from samdrift.model.nouns.backup import Backup
from samdrift.model.nouns.backup_target import BackupTarget
from samdrift.model.restore_job import JobLoad, LoadFacts, RestoreJob
from samdrift.model.snapshot import Snapshot
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.backup_access import Surroundings, certificate, location, password, read_location
from samdrift.operations.choose_backups import choose_backups, chosen_site
from samdrift.operations.record_backup_run import manifest_roots, read_manifest
from samdrift.operations.restore_backup import choose_snapshot
from samdrift.operations.restore_snapshots import parts_of
from samdrift.operations.show_backup_status import backup_states
from samdrift.store import audit
from samdrift.store import backups as stored
from samdrift.store.store import Store

PLAYBOOK = "playbooks/set-up-backup-target.yml"
_CLUSTER = re.compile(r"(?P<socket>/[^:\s]*?)/?(?::(?P<port>[1-9][0-9]{0,4}))?")


@dataclass(frozen=True, slots=True)
class RestorePlan:
    """What would be restored, whence and where to; `expected` is the source's manifest, `loads` the databases that go into the host's cluster.

    `estimate_seconds` is known from the last full drill (B10), None without one.
    """

    backup: Backup
    place: RepositoryPlace
    snapshot: Snapshot
    run: BackupRun
    host: str
    to: str
    expected: tuple[Entry, ...]
    loads: tuple[JobLoad, ...] = ()
    estimate_seconds: int | None = None

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
    inventory: Inventory, store: Store, backup_id: str, host: str, to: str, *, snapshot: str | None = None, at: datetime | None = None, site: str | None = None, cluster: str | None = None,
    databases: bool = True,
) -> RestorePlan:  # fmt: skip
    """The plan; nothing is touched. `cluster` is where databases go (`/socket/folder` or `/socket/folder:port`), if not where they were; without `databases` none is loaded. WrongUse for a host that serves somebody whose data it is not, or that the repository cannot be reached from."""
    (backup,) = choose_backups(inventory, [backup_id], OPERATIONS)
    if host not in inventory.devices:
        raise UnknownId("device", host, inventory.devices)
    if not to.startswith("/") or ".." in Path(to).parts:
        raise WrongUse(f"{to!r} is no absolute folder", help="name a new or empty folder of the host, for example /srv/back")
    strangers = sorted(_served(inventory, host) - set(members_of(inventory, backup)))
    if strangers:
        raise WrongUse(f"{host} also serves {', '.join(strangers)}, whose data backup {backup.id} is not", help="choose a host of the backup's own members")
    where = chosen_site(inventory, backup, site, role="primary")
    _reached(where.target, backup, host)
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
    loads = tuple(_load(backup, one, cluster) for one in of_run.dumps if databases and one.kind == "postgres")
    ((_, state),) = backup_states(inventory, store, [backup.id], viewer=OPERATIONS, at=at or now()).values()
    return RestorePlan(backup, where, chosen, of_run, host, to, tuple(expected), loads, state.restore_estimate_seconds)


def _reached(target: BackupTarget, backup: Backup, host: str) -> None:
    """A host reaches a rest target, a folder that an endpoint reads for it, or a folder of its own."""
    if target.kind == "rest" or target.pull_url or (host == target.device and (target.path or "").startswith("/")):
        return
    raise WrongUse(
        f"{host} cannot reach the folder of {target.id}",
        help=f"give {target.id} a pull_url and run {PLAYBOOK}; or on {target.device or 'its device'}: samdrift backup restore {backup.id} --to DIR --site {target.site}",
    )


def _load(backup: Backup, dump: DumpFacts, cluster: str | None) -> JobLoad:
    """Where a dump goes: the cluster named, else the socket and port that its source declares; a server reached by name is the source itself, so never that."""
    source = next((one for one in backup.sources if one.postgres == dump.name), None)
    usual = JobDump(dump.name, "postgres")
    host, port = (source.host or usual.host, source.port) if source else (usual.host, usual.port)
    if cluster is not None:
        match = _CLUSTER.fullmatch(cluster)
        if match is None:
            raise WrongUse(f"{cluster!r} is no cluster", help="the folder of its socket, with its port where that is not 5432: /var/run/postgresql:5433")
        host, port = match["socket"], int(match["port"] or usual.port)
    elif not host.startswith("/"):
        host, port = usual.host, usual.port
    return JobLoad(dump, JobDump(dump.name, "postgres", host=host, port=port))


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
        plan.backup.id, plan.run.id, ids, plan.to.rstrip("/") or "/", roots, plan.size_bytes, _location(plan, around), password(plan.place, around), certificate(plan.place.target, around),
        loads=plan.loads,
    )  # fmt: skip
    _audit(store, plan, who, "restore", {})
    return job


def _location(plan: RestorePlan, around: Surroundings) -> str:
    """A folder is read through its endpoint, with the owner's login, by all hosts but its own device."""
    target = plan.place.target
    if target.kind == "local" and target.pull_url and plan.host != target.device:
        return read_location(plan.place)
    return location(plan.place, around)


@dataclass(frozen=True, slots=True)
class DatabaseBack:
    """One database: put into force now, there already the same, or why not; `compared` tables were held against the source's, `mismatches` differ."""

    name: str
    loaded: bool
    there: bool
    compared: int
    mismatches: tuple[str, ...]

    @property
    def status(self) -> str:
        """ok; warning where no table is declared to compare; failure."""
        if self.mismatches or not (self.loaded or self.there):
            return "failure"
        return "ok" if self.compared else "warning"


@dataclass(frozen=True, slots=True)
class RestoreBack:
    """What a host's account comes to: whether it restored anything now, its files held against the manifest, its databases against their dumps."""

    restored: bool
    files: Comparison
    databases: tuple[DatabaseBack, ...]

    @property
    def status(self) -> str:
        """The worst of all."""
        found = {"ok" if self.files.passed else "failure", *(one.status for one in self.databases)}
        return next(one for one in ("failure", "warning", "ok") if one in found)


def take_back_restore(store: Store, plan: RestorePlan, told: Mapping[str, Any], found: Path, *, who: str) -> RestoreBack:
    """What lies at the host held against what was at the source; a full folder that differs was left alone: WrongUse."""
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
    back = RestoreBack(restored, result, _databases(plan, told.get("databases")))
    if restored or any(one.loaded for one in back.databases):
        _audit(store, plan, who, "restored", {"compared": result.compared, "equal": result.passed, "databases": {one.name: one.status for one in back.databases}})
    return back


def _databases(plan: RestorePlan, told: object) -> tuple[DatabaseBack, ...]:
    """The host's word on each database that was handed out: its counts and digests are compared here anew."""
    try:
        facts = {one.name: one for one in map(LoadFacts.from_json, told if isinstance(told, list) else ())}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise WrongUse(f"standard input tells of no databases: {error!r}") from None
    back = []
    for load in plan.loads:
        one = facts.get(load.dump.name, LoadFacts(load.dump.name, failure=f"{load.dump.name}: the host told nothing of it"))
        tables = one.found.tables if one.found else ()
        wrong = (one.failure,) if one.failure else differing(load.dump.tables, tables)
        back.append(DatabaseBack(one.name, one.loaded, one.there, len(load.dump.tables) if tables else 0, wrong))
    return tuple(back)


def _audit(store: Store, plan: RestorePlan, who: str, verb: str, more: Mapping[str, object]) -> None:
    after = {"snapshot": plan.snapshot.id, "site": plan.snapshot.site, "host": plan.host, "to": plan.to, **more}
    with store.write() as connection:
        audit.append(connection, at=now(), actor=who, verb=verb, object=f"backup:{plan.backup.id}", members=plan.snapshot.members, after=after)
