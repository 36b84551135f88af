"""Process: runs another program with a list of arguments, a limit and an end that leaves nothing (reliability.md R5)."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from samdrift.adapters.clock import tell_call
from samdrift.adapters.limits import GRACE_S, SIZES
from samdrift.model.errors import MissingProgram

PACKAGES = {
    "age": "age", "amtool": "prometheus-alertmanager", "ansible-playbook": "ansible-core", "delv": "bind9-dnsutils", "dig": "bind9-dnsutils", "git": "git",
    "pg_dump": "postgresql-client", "pg_dumpall": "postgresql-client", "pg_restore": "postgresql-client", "prometheus": "prometheus", "promtool": "prometheus", "psql": "postgresql-client",
    "rclone": "rclone", "restic": "restic", "ssh": "openssh-client", "ssh-keyscan": "openssh-client", "upsc": "nut-client",
}  # fmt: skip
"""Program → the Debian 12 package that has it, where the names differ or the program is known."""

SYSTEM_FOLDERS = "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"
TOLD_CHARACTERS = 300
"""How much of a command line -vv shows; arguments never hold a secret."""
KEPT = ("PATH", "HOME", "USER", "TMPDIR", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended: its exit code (negative: the signal), what it wrote, and whether its limit ended it.

    `cut` says that it wrote more than was kept.
    """

    code: int
    stdout: bytes
    stderr: bytes
    timed_out: bool = False
    cut: bool = False

    @property
    def said(self) -> str:
        """The last line it wrote to stderr, else to stdout, for a message."""
        lines = (self.stderr.strip() or self.stdout.strip()).decode(errors="replace").splitlines()
        return lines[-1].strip() if lines else ""


def find_program(name: str) -> str:
    """The path of a program; MissingProgram names the Debian package."""
    path = shutil.which(name) or shutil.which(name, path=SYSTEM_FOLDERS)
    if path is None:
        raise MissingProgram(name, PACKAGES.get(name, name))
    return path


def clean_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """What a program gets: where to find things, English and UTC, and `extra`; nothing of ours."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    kept["PATH"] = f"{kept.get('PATH', '')}:{SYSTEM_FOLDERS}".lstrip(":")
    return {**kept, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC", **(extra or {})}


def run(
    argv: Sequence[str],
    *,
    limit_seconds: float,
    env: Mapping[str, str] | None = None,
    stdin: bytes | IO[bytes] | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
    cwd: Path | None = None,
    pass_fds: Sequence[int] = (),
    on_line: Callable[[str], None] | None = None,
    limit_bytes: int = SIZES["program-output"],
    give_up: Callable[[str], bool] | None = None,
) -> Ended:
    """Run a program to its end or its limit, in its own session; whatever happens here, nothing of its group is left.

    `env` is added to a clean environment and holds no secret; `stdin` is its input, or an open file that it reads itself. `on_line` gets each line of stdout as it comes; the program is
    ended when `give_up` says so of a line of stderr.
    MissingProgram when it is not installed. The exit code alone proves nothing: read back.
    """
    started = subprocess.Popen(
        [find_program(argv[0]), *argv[1:]],
        stdin=subprocess.PIPE if isinstance(stdin, bytes) else stdin or subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=clean_environment(env),
        cwd=cwd,
        pass_fds=tuple(pass_fds),
        start_new_session=True,
    )
    began = time.monotonic()
    deadline = began + limit_seconds
    hopeless = partial(_end_when, started, give_up, stop_signal) if give_up else None
    out, err = Kept(started.stdout, limit_bytes, on_line), Kept(started.stderr, limit_bytes, hopeless)
    feeder = _feed(started.stdin, stdin if isinstance(stdin, bytes) else None)
    timed_out = False
    try:
        try:
            started.wait(timeout=limit_seconds)
        except subprocess.TimeoutExpired:
            timed_out = True
        else:
            # a child that holds the pipes open counts as the program's own time
            while (out.open or err.open) and time.monotonic() < deadline:
                out.join(0.02)
                err.join(0.02)
    finally:
        end_group(started, stop_signal)
        for thread in (out.thread, err.thread, feeder):
            if thread is not None:
                thread.join(1)
    tell_call(shlex.join(argv)[:TOLD_CHARACTERS], "its limit ended it" if timed_out else f"exit {started.returncode}", began)
    return Ended(started.returncode, out.kept, err.kept, timed_out, out.cut or err.cut)


def _end_when(started: subprocess.Popen[bytes], give_up: Callable[[str], bool], stop_signal: signal.Signals, line: str) -> None:
    if give_up(line) and started.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.pid, stop_signal)


class Kept:
    """Reads one pipe in a thread and keeps at most `limit` bytes, so that a program never blocks on a full pipe."""

    def __init__(self, pipe: IO[bytes] | None, limit: int, on_line: Callable[[str], None] | None) -> None:
        self._parts: list[bytes] = []
        self._limit, self._on_line, self._size = limit, on_line, 0
        self.cut = False
        self.thread = threading.Thread(target=self._read, args=(pipe,), daemon=True)
        self.thread.start()

    def _read(self, pipe: IO[bytes] | None) -> None:
        if pipe is None:
            return
        with contextlib.suppress(ValueError, OSError), pipe:
            for part in iter(pipe.readline if self._on_line else lambda: pipe.read1(65_536), b""):  # type: ignore[attr-defined]
                if self._size < self._limit:
                    self._parts.append(part[: self._limit - self._size])
                self.cut = self.cut or self._size + len(part) > self._limit
                self._size += len(part)
                if self._on_line:
                    self._on_line(part.decode(errors="replace").rstrip("\n"))

    @property
    def open(self) -> bool:
        return self.thread.is_alive()

    def join(self, seconds: float) -> None:
        self.thread.join(seconds)

    @property
    def kept(self) -> bytes:
        return b"".join(self._parts)


def _feed(pipe: IO[bytes] | None, data: bytes | None) -> threading.Thread | None:
    if pipe is None or data is None:
        return None

    def write() -> None:
        with contextlib.suppress(OSError, ValueError), pipe:
            pipe.write(data)

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    return thread


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return any(_is_member(path, group) for path in Path("/proc").glob("[0-9]*/stat"))


def _is_member(path: Path, group: int) -> bool:
    """Whether a process is of the group and more than a dead entry that its parent has not read yet."""
    try:
        fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return False
    return fields[0] not in {"Z", "X"} and int(fields[2]) == group


def end_children(sent: signal.Signals = signal.SIGINT) -> None:
    """Ask every program that this process started to end, with all of its group: what other threads wait for."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid() and int(fields[2]) != os.getpgrp():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(int(fields[2]), sent)


def end_group(started: subprocess.Popen[bytes], stop_signal: signal.Signals) -> None:
    """Ask the whole group of a program with a session of its own to end, then kill what is left of it."""
    for sent, wait_s in ((stop_signal, GRACE_S), (signal.SIGKILL, 1.0)):
        if started.poll() is not None and not _group_lives(started.pid):
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.pid, sent)
        until = time.monotonic() + wait_s
        while time.monotonic() < until and (started.poll() is None or _group_lives(started.pid)):
            time.sleep(0.01)
    with contextlib.suppress(subprocess.TimeoutExpired):
        started.wait(timeout=1)
