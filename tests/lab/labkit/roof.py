"""The roof over one lab: mount, network, process and IPC namespaces whose end is the end of everything below.

All mounts, namespaces and addresses of a lab live under its roof; killing the roof's one process takes them
away with all processes, by the kernel and not by our care. Outside remain a folder and control groups.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.lab.labkit import cgroups, settings
from tests.lab.labkit.process import Process
from tests.lab.labkit.waiting import wait_for

PROGRAM = Path(__file__).parent.parent / "programs" / "roof.py"
LAB = Path(__file__).parent.parent / "lab"


class Roof:
    """The roof of the lab of this name."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder = name, folder
        own = ["unshare", "--mount", "--net", "--ipc", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private"]
        command = [*own, "--", "/usr/bin/python3", str(PROGRAM), str(folder)]
        self._process = Process("roof", folder, command, tied=False, cgroups=tuple(cgroups.folders(name)), env=environment())

    @property
    def up(self) -> bool:
        """True when it stands."""
        return self._process.pid is not None

    def start(self) -> None:
        """Raise it."""
        cgroups.make(self.name)
        self.folder.mkdir(parents=True, exist_ok=True)
        ready = self.folder / "roof.ready"
        ready.unlink(missing_ok=True)
        self._process.start()
        wait_for("the roof stands", lambda: ready.exists() and self._inner() is not None, 10, 0.01)

    def command(self, arguments: Sequence[str]) -> list[str]:
        """Arguments that run a command under the roof, in the caller's folder."""
        inner = self._inner()
        if inner is None:
            raise settings.LabError(f"lab {self.name} is not up: tests/lab/lab up")
        enter = ["nsenter", f"--target={inner}", "--mount", "--net", "--ipc", "--pid", "--"]
        return [*enter, "env", f"--chdir={os.getcwd()}", *arguments]

    def lab(self, arguments: Sequence[str]) -> int:
        """Run a command of the lab itself under the roof and give its exit code."""
        return self.run([sys.executable, str(LAB), "--inside", *arguments])

    def run(self, arguments: Sequence[str]) -> int:
        """Run a command under the roof with our input and output, and give its exit code."""
        done = subprocess.run(self.command(arguments), check=False)
        return done.returncode if done.returncode >= 0 else 128 - done.returncode

    def fall(self) -> None:
        """Take it down, and with it all below; then groups and folder go."""
        self._process.signal(signal.SIGKILL)
        wait_for("the roof is down", lambda: not self.up, 10, 0.01)
        cgroups.clear(self.name)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _inner(self) -> int | None:
        outer = self._process.pid
        if outer is None:
            return None
        children = Path(f"/proc/{outer}/task/{outer}/children").read_text().split()
        return int(children[0]) if children else None


def environment() -> dict[str, str]:
    """What programs under a roof are given."""
    return {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
