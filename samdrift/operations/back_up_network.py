"""Back up network devices: each configuration is read whole or refused, and kept in git by owner (playbooks.md N1-N3, N6, N7)."""

from __future__ import annotations

import math
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from samdrift.adapters import git
from samdrift.adapters.clock import elapsed_s, now
from samdrift.adapters.network_devices import LIMIT, read_device
from samdrift.adapters.process import find_program
from samdrift.adapters.ssh import Login
from samdrift.model.errors import CouldNotRecord, SamdriftError, WrongUse
from samdrift.model.inventory import Inventory
from samdrift.model.network_backup import KEPT, NOT_SEEN, DeviceSaid, NetworkBackup, NetworkReason, NetworkStatus
from samdrift.model.nouns.device import Device
from samdrift.model.run import Outcome
from samdrift.model.viewer import OPERATIONS, Viewer
from samdrift.network.cleaning import cleaned
from samdrift.network.completeness import NotWhole, prompt_pattern, too_small, whole
from samdrift.network.history import commit_message, repository_of, text_path
from samdrift.network.platform import Platform, platforms
from samdrift.operations.choose_network import login_of, network_devices, port_of
from samdrift.operations.job_work import JobDone, JobWork
from samdrift.operations.observe_halls import management_addresses
from samdrift.operations.record_play import who
from samdrift.store import network as stored
from samdrift.store.recorded import recorded_run
from samdrift.store.store import Store

JOB = "back-up-network"
WORKERS = 16
Told = Callable[[NetworkBackup], None]


def back_up_network(
    inventory: Inventory, store: Store, *, viewer: Viewer, devices: Collection[str] = (), member: str | None = None, site: str | None = None,
    deadline_s: int | None = None, told: Told = lambda _: None,
) -> tuple[NetworkBackup, ...]:  # fmt: skip
    """Read the chosen devices, at most 16 at once, and keep what changed; `told` gets each device as it is done. LockHeld while another run goes on."""
    if viewer.role == "member":
        raise WrongUse(f"{viewer.id} reads network backups and does not make them", help="leave out --as")
    chosen = network_devices(inventory, viewer=viewer, devices=devices, member=member, site=site)
    if not chosen:
        raise WrongUse("no network device in service that is logged in to is chosen", help="list them: samdrift network status")
    find_program("git")
    subject = ",".join(sorted(devices) or filter(None, (member, site))) or "all"
    with recorded_run(store, job=JOB, subject=subject) as opened:
        done = _Run(inventory, store, opened.id, now() + timedelta(seconds=deadline_s) if deadline_s else None).all(chosen, told)
        opened.counts.update(Counter(str(one.status) for one in done))
        opened.end_as(outcome_of(done), *reasons_of(done))
    return done


def as_job(work: JobWork) -> JobDone:
    """The daily run over all devices."""
    chosen = network_devices(work.inventory, viewer=OPERATIONS)
    if not chosen:
        return JobDone(Outcome.NOTHING_TO_DO)
    find_program("git")
    done = _Run(work.inventory, work.store, work.run_id, work.deadline).all(chosen, lambda _: None)
    return JobDone(outcome_of(done), Counter(str(one.status) for one in done), reasons_of(done))


def outcome_of(done: Iterable[NetworkBackup]) -> Outcome:
    """ok when every text was kept, failed when none was, else partial."""
    kept = [one.status in KEPT for one in done]
    return Outcome.OK if all(kept) else Outcome.PARTIAL if any(kept) else Outcome.FAILED


def reasons_of(done: Iterable[NetworkBackup]) -> tuple[str, ...]:
    """Each device that was not kept, with why."""
    return tuple(f"{one.device}: {one.reason}" for one in done if one.reason is not None)


@dataclass(frozen=True, slots=True)
class _Read:
    """What the sessions of one device gave: a whole clean text, or why there is none."""

    text: str = ""
    reason: NetworkReason | None = None
    message: str = ""
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class _Run:
    """One run: devices are read side by side, and kept one after another as they come."""

    inventory: Inventory
    store: Store
    run: str
    deadline: datetime | None
    stop: threading.Event = field(default_factory=threading.Event)

    def all(self, devices: Iterable[Device], told: Told) -> tuple[NetworkBackup, ...]:
        workers = ThreadPoolExecutor(max_workers=WORKERS)
        try:
            reading = {workers.submit(self._read, one): one for one in devices}
            done = [self._kept(reading[future], future, told) for future in as_completed(reading)]
        finally:
            self.stop.set()  # an interrupted run leaves no session that would hold its end up
            workers.shutdown(wait=False, cancel_futures=True)
        return tuple(sorted(done, key=lambda one: one.device))

    def repository(self, device: Device) -> Path:
        return self.store.state_dir / repository_of(self.inventory.ownership(device))

    def _read(self, device: Device) -> _Read:
        started = elapsed_s()
        try:
            read = self._sessions(device)
        except Exception as error:  # noqa: BLE001 - one device's fault is that device's result (craft.md 4)
            read = _Read(reason=NetworkReason.CHECK_ERROR, message=f"own fault: {type(error).__name__}")
        return replace(read, seconds=math.ceil(elapsed_s() - started))

    def _sessions(self, device: Device) -> _Read:
        """One session, or two when the first text is much smaller than the last one kept."""
        platform = platforms().get(device.platform or "")
        if platform is None:
            return _Read(reason=NetworkReason.PLATFORM_UNKNOWN, message=f"platform {device.platform!r} is none of {', '.join(platforms())}")
        try:
            login = login_of(device)
        except SamdriftError as error:
            return _Read(reason=NetworkReason.NO_CREDENTIALS, message=error.message)
        last = git.read_text(self.repository(device), text_path(device.id))
        first = self._text(device, platform, login)
        if first.reason is not None or not too_small(len(first.text.encode()), len(last.encode()) if last is not None else None):
            return first
        second = self._text(device, platform, login)
        if second.reason is not None:
            return _Read(reason=NetworkReason.TOO_SMALL, message=f"{len(first.text.encode())} bytes, and the second session: {second.message}")
        return first if first.text == second.text else _Read(reason=NetworkReason.READS_DIFFER, message="two sessions gave two texts, both much smaller than the last")

    def _text(self, device: Device, platform: Platform, login: Login) -> _Read:
        left = None if self.deadline is None else (self.deadline - now()).total_seconds()
        if left is not None and left <= 0:
            return _Read(reason=NetworkReason.DEADLINE, message="the run's deadline came before its turn")
        said = self._session(device, platform, login, left)
        try:
            return _Read(cleaned(platform, whole(platform, said, (device.id, device.name))))
        except NotWhole as refused:
            return _Read(reason=refused.reason, message=refused.message)

    def _session(self, device: Device, platform: Platform, login: Login, left: float | None) -> DeviceSaid:
        return read_device(
            management_addresses(self.inventory, device), port=port_of(device), driver=platform.driver, command=platform.command, login=login,
            host_keys=device.host_keys, ends=prompt_pattern, limit=LIMIT, total_s=left, stop=self.stop,
        )  # fmt: skip

    def _kept(self, device: Device, future: Future[_Read], told: Told) -> NetworkBackup:
        """The device's row, with its commit when the text is another than the last."""
        read, ownership = future.result(), self.inventory.ownership(device)
        with self.store.read() as connection:
            before = stored.newest_backups(connection, viewer=OPERATIONS, device=device.id).get(device.id)
        status = NetworkStatus.UNDETERMINED if read.reason in NOT_SEEN else NetworkStatus.FAILED
        row = NetworkBackup(
            self.run, device.id, ownership.label, device.site or "", device.platform or "", status, now(), read.seconds, read.reason, read.message,
            before.last_success_at if before else None, before.commit if before else None, before.size_bytes if before else None,
            members=ownership.members,
        )  # fmt: skip
        if read.reason is None:
            row = self._commit(device, row, read.text)
        with self.store.write() as connection:
            stored.add_backup(connection, row)
        told(row)
        return row

    def _commit(self, device: Device, row: NetworkBackup, text: str) -> NetworkBackup:
        repository, path = self.repository(device), text_path(device.id)
        try:
            old = git.read_text(repository, path)
            if old != text:
                git.make_repository(repository)
                git.commit_text(repository, path, text, message=commit_message(row, old, text, who()), author=who(), at=row.observed_at)
            newest = git.history(repository, path, limit=1)[0].id
        except CouldNotRecord as error:
            return replace(row, status=NetworkStatus.FAILED, reason=NetworkReason.NOT_RECORDED, message=error.message)
        status = NetworkStatus.UNCHANGED if old == text else NetworkStatus.CHANGED
        return replace(row, status=status, last_success_at=row.observed_at, commit=newest, size_bytes=len(text.encode()))
