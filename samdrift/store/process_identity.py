"""Who holds a lock: host, boot, process namespace, process id and its start, so that a number used again is told apart."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Process:
    """A process; `birth` is `boot/namespace/start`, empty parts where the kernel does not tell."""

    host: str
    pid: int
    birth: str


def myself() -> Process:
    """This process."""
    pid = os.getpid()
    return Process(socket.gethostname(), pid, f"{_place()}/{_start(pid)}")


def alive(found: Process) -> bool | None:
    """Whether a process lives; None when this cannot be seen from here (another machine or process namespace)."""
    boot, _, rest = found.birth.partition("/")
    namespace, _, start = rest.partition("/")
    my_boot, _, my_namespace = _place().partition("/")
    if found.host == socket.gethostname() and boot != my_boot:
        return False
    if (boot, namespace) != (my_boot, my_namespace) or not start:
        return None
    return _start(found.pid) == start


def _place() -> str:
    try:
        boot = (PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{(PROC / 'self/ns/pid').readlink()}"
    except OSError:
        return "/"


def _start(pid: int) -> str:
    """The process's start in clock ticks since boot (proc(5), field 22), or empty when there is none or it is a zombie."""
    try:
        fields = (PROC / str(pid) / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in {"Z", "X"} else fields[19]
