"""Run a backup where its data lies, judge it by what was read back, and record it (backup.md B5, B9)."""

from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path

from samdrift.adapters import restic
from samdrift.adapters.files import make_folder
from samdrift.adapters.process import find_program
from samdrift.backup.repository import RepositoryPlace, chosen_primary, members_of
from samdrift.model.backup_job import BackupJob, JobDump, JobHooks, JobSource
from samdrift.model.backup_run import BackupRun
from samdrift.model.errors import WrongUse
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.backup import Backup, Hooks, Source
from samdrift.model.quantity import read_size
from samdrift.model.viewer import Viewer
from samdrift.operations.back_up_here import back_up_here
from samdrift.operations.backup_access import STATE, Surroundings, certificate, in_state, location, open_place, password
from samdrift.operations.backup_ledger import known_identity, ledger_run, note_own_keys
from samdrift.operations.choose_backups import choose_backups
from samdrift.operations.record_backup_run import record_backup_run
from samdrift.operations.stage_store import stage_store
from samdrift.store.store import Store

ACTION = "run-backups"
PLAYBOOK = "playbooks/back-up-hosts.yml"


def host_names() -> frozenset[str]:
    """What this machine is called: its name, and that without the domain."""
    name = socket.gethostname()
    return frozenset({name, name.partition(".")[0]})


def run_backup(inventory: Inventory, store: Store, backup_id: str, *, viewer: Viewer, device: str | None = None) -> BackupRun:
    """Back up one service on this machine and give the judged run. WrongUse when its data lies elsewhere; LockHeld (75) when it runs already."""
    (backup,) = choose_backups(inventory, [backup_id], viewer)
    find_program("restic")
    require_here(inventory, backup, device)
    around = Surroundings(store.state_dir, Path(inventory.root))
    place = chosen_primary(inventory, backup)
    with ledger_run(store, ACTION, backup.id, members_of(inventory, backup)) as opened:
        if in_state(place.target):
            make_repository(inventory, store, place, around)
        real = {source.path: _real(source.path, store) for source in backup.sources if source.path is not None}
        job = make_job(inventory, backup, place, around, opened.id, identity=known_identity(inventory, store, place), paths=real)
        facts, manifest = back_up_here(replace(job, state=str(make_folder(store.state_dir / "backup" / "client"))))
        run = record_backup_run(inventory, store, backup, facts, manifest, client_clock=False, hosts=frozenset({device}) if device else host_names())
        opened.counts.update({"files": run.files, "bytes": run.size_bytes})
        opened.end_as(run.outcome, *map(str, run.reasons))
    return run


def require_here(inventory: Inventory, backup: Backup, device: str | None) -> None:
    """WrongUse unless the backup's data lies on this machine: below the state folder, or the machine is the backup's device."""
    if all((source.path or "").startswith(STATE) for source in backup.sources):
        return
    host = inventory.devices[backup.device]
    names = {device} if device else host_names()
    if names & {host.id, host.name, host.name.partition(".")[0]}:
        return
    here = device or socket.gethostname()
    raise WrongUse(
        f"the data of backup {backup.id} lies on {host.id}, and this is {here}",
        help=f"ansible-playbook {PLAYBOOK} --limit {host.id}, or say --device {host.id} if this is that machine",
    )


def make_job(
    inventory: Inventory, backup: Backup, place: RepositoryPlace, around: Surroundings, run: str, *, identity: str = "", paths: dict[str, str] | None = None
) -> BackupJob:
    """The job of one run, with the secrets in it; `identity` is what the repository was last known by, `paths` maps declared paths to those on the machine."""
    sources = tuple(JobSource((paths or {}).get(one.path, one.path), one.sentinel, one.exclude) for one in backup.sources if one.path is not None)
    return BackupJob(
        backup.id, run, inventory.devices[backup.device].name, sources, backup.max_duration, location(place, around), password(place, around), certificate(place.target, around),
        dumps=tuple(_dump(one) for one in backup.sources if one.path is None), hooks=_hooks(backup.hooks), identity=identity, limit_upload_kib=kib_a_second(place.target.limit_upload),
        rehash_seconds=place.target.check_period,
    )  # fmt: skip


def _dump(source: Source) -> JobDump:
    if source.postgres is None:
        return JobDump(source.name or "output", "command", (), source.command, source.parser)
    return JobDump(source.postgres, "postgres", source.compare, host=source.host or JobDump("", "postgres").host, port=source.port, user=source.user)


def _hooks(hooks: Hooks | None) -> JobHooks:
    return JobHooks(hooks.before, hooks.after, hooks.on_error, hooks.limit) if hooks else JobHooks()


def kib_a_second(limit: str | None) -> int | None:
    """KiB a second of `20 MiB/s`, as restic wants it.

    >>> kib_a_second("20 MiB/s")
    20480
    """
    return None if limit is None else max(1, read_size(limit.removesuffix("/s").strip()) // 1024)


def make_repository(inventory: Inventory, store: Store, place: RepositoryPlace, around: Surroundings) -> bool:
    """Make the repository of a target below the state folder when there is none and never was; True when made (F17: one that is gone is not made anew)."""
    with open_place(place, around) as access:
        if Path(access.location, "config").exists() or known_identity(inventory, store, place):
            return False
        make_folder(Path(access.location).parent)
        restic.init(access)
        note_own_keys(store, place, access)
    return True


def _real(path: str, store: Store) -> str:
    if not path.startswith(STATE):
        return path
    if path in {f"{STATE}store", f"{STATE}samdrift.sqlite"}:
        return str(stage_store(store))
    return str(store.state_dir / path.removeprefix(STATE))


