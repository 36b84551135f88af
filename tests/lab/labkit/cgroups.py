"""Control groups: one a lab and one a host below it, in every hierarchy that systemd would use."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path

from tests.lab.labkit.waiting import NotReadyError, wait_for

ROOT = Path("/sys/fs/cgroup")


def hierarchies() -> list[Path]:
    """The unified hierarchy's mount, or those named systemd and unified on a hybrid machine."""
    if (ROOT / "cgroup.controllers").exists():
        return [ROOT]
    return [ROOT / name for name in ("systemd", "unified") if (ROOT / name / "cgroup.procs").exists()]


def folders(name: str, below: str = "") -> list[Path]:
    """The lab's (or one host's) group in each hierarchy."""
    return [hierarchy / f"samdrift-lab-{name}" / below for hierarchy in hierarchies()]


def make(name: str, below: str = "") -> list[Path]:
    """Make the group and give its folders."""
    made = folders(name, below)
    for folder in made:
        folder.mkdir(parents=True, exist_ok=True)
    return made


def members(name: str) -> set[int]:
    """Ids of all processes in the lab's groups."""
    found: set[int] = set()
    for top in folders(name):
        for listed in [top / "cgroup.procs", *top.rglob("cgroup.procs")]:
            with contextlib.suppress(OSError):
                found |= {int(word) for word in listed.read_text().split()}
    return found - {0}


def clear(name: str, limit_s: float = 5) -> None:
    """Kill whoever is left in the lab's groups and take the groups away."""

    def emptied() -> bool:
        left = members(name)
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return not left

    wait_for(f"processes of lab {name} ended", emptied, limit_s, 0.02)
    with contextlib.suppress(NotReadyError):
        wait_for(f"groups of lab {name} gone", lambda: _removed(name), limit_s, 0.02)


def left(name: str) -> list[Path]:
    """Groups of the lab that stand."""
    return [folder for folder in folders(name) if folder.exists()]


def _removed(name: str) -> bool:
    for top in left(name):
        for folder in sorted(top.rglob("*"), key=lambda p: -len(p.parts)):
            if folder.is_dir():
                with contextlib.suppress(OSError):
                    folder.rmdir()
        with contextlib.suppress(OSError):
            top.rmdir()
    return not left(name)
