"""A program started in the foreground and known by the id it wrote itself, so that no one is lost or mistaken."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.lab.labkit.place import LOOPBACK, Place
from tests.lab.labkit.waiting import NotReadyError, wait_for

RECORD_ITSELF = 'for group in $GROUPS_OF_LAB; do echo $$ >"$group/cgroup.procs"; done; read -r line </proc/$$/stat; echo "$line" >"$0"; exec "$@"'


@dataclass
class Process:
    """One program of a part: how it is started, where its log lies, whether it lives.

    `tied` programs die with the process that started them; the others outlive it and are found again by
    their record in `folder`.
    """

    name: str
    folder: Path
    argv: Sequence[str]
    place: Place = LOOPBACK
    env: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    cwd: Path | None = None
    tied: bool = True
    cgroups: Sequence[Path] = ()
    _child: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """Standard output and error of all runs."""
        return self.folder / f"{self.name}.log"

    @property
    def record(self) -> Path:
        """The line of /proc/PID/stat that the program left before it began."""
        return self.folder / f"{self.name}.pid"

    @property
    def pid(self) -> int | None:
        """The id of the living program, None when it does not run (or another took its number)."""
        found = living(self.record)
        if found is None and self._child is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(timeout=5)
        return found

    def start(self) -> None:
        """Start it unless it lives already."""
        if self.pid is not None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        self.record.unlink(missing_ok=True)
        change = ["setpriv"]
        if self.user:
            change += [f"--reuid={self.user}", f"--regid={self.user}", "--init-groups"]
        change += ["--pdeathsig", "KILL"] if self.tied else []
        command = [*self.place.prefix, *(change if len(change) > 1 else []), *self.argv]
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                ["sh", "-c", RECORD_ITSELF, str(self.record), *command],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                cwd=self.cwd or self.folder, env={**_environment(), **self.env, "GROUPS_OF_LAB": " ".join(map(str, self.cgroups))},
            )  # fmt: skip
        wait_for(f"{self.name} recorded", lambda: self.record.exists() and self.record.stat().st_size, 5, 0.005)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program and its children; nothing when it does not live."""
        pid = self.pid
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, number)

    def stop(self, limit_s: float = 5.0) -> None:
        """End it: asked first, killed after `limit_s`."""
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        try:
            wait_for(f"{self.name} ended", lambda: self.pid is None, limit_s, 0.02)
        except NotReadyError:
            self.kill()

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self.signal(signal.SIGKILL)
        wait_for(f"{self.name} killed", lambda: self.pid is None, 5, 0.02)

    def tail(self, lines: int = 15) -> str:
        """The last lines of its log."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def living(record: Path) -> int | None:
    """The process id in a record if that very process (same number, same start) still lives."""
    then = _identity(record)
    if then is None:
        return None
    now = _identity(Path(f"/proc/{then[0]}/stat"))
    if now is None or now[:2] != then[:2] or now[2] in "ZX":
        return None
    return int(then[0])


def _identity(stat: Path) -> tuple[str, str, str] | None:
    """Process id, start in clock ticks and state, from a line as in /proc/PID/stat (proc(5))."""
    try:
        text = stat.read_text(errors="replace")
        pid, rest = text.split(" ", 1)
        fields = rest.rsplit(")", 1)[1].split()
        return pid, fields[19], fields[0]
    except (OSError, IndexError, ValueError):
        return None


def _environment() -> dict[str, str]:
    kept = ("PATH", "HOME", "LANG", "TZ", "TMPDIR")
    found = {name: os.environ[name] for name in kept if name in os.environ}
    found["PATH"] = f"{found.get('PATH', '/usr/bin:/bin')}:/usr/sbin:/sbin"
    return found
