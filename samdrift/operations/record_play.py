"""Record a play in the audit chain: a start before the first task, an end, or a refusal (playbooks.md A1, A2)."""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from samdrift.adapters.limits import PROGRAM_SECONDS
from samdrift.adapters.process import run
from samdrift.model.errors import MissingProgram
from samdrift.model.run import Outcome
from samdrift.store import Store
from samdrift.store.audit import append
from samdrift.store.runs import end_run, start_run

JOB = "play"


@dataclass(frozen=True, slots=True)
class PlayStart:
    """What A1 wants known before the first task; extra variables by name, never by value."""

    playbook: str
    playbook_sha256: str | None
    plays: tuple[str, ...]
    members: tuple[str, ...]
    hosts: tuple[str, ...]
    limit: str | None
    tags: tuple[str, ...]
    check: bool
    extra_variables: tuple[str, ...]
    change: str | None
    approver: str | None
    controller: str
    actor_uid: int
    commit: str
    dirty: bool | None


def who() -> str:
    """The person behind the run: who called sudo, else the login; a public body's audit needs the person, not root."""
    return os.environ.get("SUDO_USER") or getpass.getuser()


def describe(playbook: Path, **facts: Any) -> PlayStart:
    """The start's record with the controller, the commit and the playbook's hash filled in."""
    commit, dirty = _commit(playbook.parent)
    try:
        digest = sha256(playbook.read_bytes()).hexdigest()
    except OSError:
        digest = None
    return PlayStart(
        playbook=playbook.name,
        playbook_sha256=digest,
        controller=socket.gethostname(),
        actor_uid=os.getuid(),
        commit=commit,
        dirty=dirty,
        **facts,
    )


def record_start(store: Store, start: PlayStart, *, at: datetime) -> str:
    """Write the start, flushed to disk, and open the ledger's row; gives the run's id. CouldNotRecord: nothing may run."""
    with store.write() as connection:
        opened = start_run(connection, job=JOB, subject=f"playbook:{start.playbook}", at=at, members=start.members)
        append(
            connection,
            at=at,
            actor=who(),
            verb="play-start",
            object=f"run:{opened.id}",
            members=start.members,
            after=_plain(start),
        )
    return opened.id


def record_end(
    store: Store, run_id: str, start: PlayStart, hosts: Mapping[str, Mapping[str, int]], seconds: int, *, at: datetime
) -> Outcome:
    """Write the end: per host ok, changed, failed, unreachable; the outcome follows from them."""
    bad = sum(bool(each["failed"] or each["unreachable"]) for each in hosts.values())
    outcome = Outcome.OK if not bad else (Outcome.FAILED if bad == len(hosts) else Outcome.PARTIAL)
    counts = {name: sum(each[name] for each in hosts.values()) for name in ("ok", "changed", "failed", "unreachable")}
    with store.write() as connection:
        end_run(connection, run_id, at=at, outcome=outcome, counts={**counts, "hosts": len(hosts)})
        after = {
            "outcome": outcome.value,
            "seconds": seconds,
            "hosts": {name: dict(each) for name, each in sorted(hosts.items())},
        }
        append(
            connection, at=at, actor=who(), verb="play-end", object=f"run:{run_id}", members=start.members, after=after
        )
    return outcome


def record_refusal(store: Store, start: PlayStart, reasons: Sequence[str], *, at: datetime) -> None:
    """Write that a run was refused and why."""
    with store.write() as connection:
        append(
            connection,
            at=at,
            actor=who(),
            verb="play-refused",
            object=f"playbook:{start.playbook}",
            members=start.members,
            after={**_plain(start), "reasons": list(reasons)},
        )


def _plain(start: PlayStart) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(start).items()}


def _commit(folder: Path) -> tuple[str, bool | None]:
    """The commit and whether the tree was changed; `unknown` where there is no git."""
    try:
        head = run(["git", "-C", str(folder), "rev-parse", "HEAD"], limit_seconds=PROGRAM_SECONDS["git"])
        state = run(["git", "-C", str(folder), "status", "--porcelain"], limit_seconds=PROGRAM_SECONDS["git"])
    except MissingProgram:
        return "unknown", None
    if head.code != 0:
        return "unknown", None
    return head.stdout.decode().strip(), bool(state.stdout.strip()) if state.code == 0 else None
