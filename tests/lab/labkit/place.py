"""Where a part's processes run: a named network namespace of the lab, or the machine's own loopback."""

from __future__ import annotations

import contextlib
import ctypes
import os
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
CLONE_NEWNET = 0x40000000
NETNS = Path("/run/netns")


@dataclass(frozen=True)
class Place:
    """A network namespace (a name below /run/netns, a path, or None: the caller's own) and its addresses for parts."""

    namespace: str | None = None
    ipv4: str = "127.0.0.1"
    ipv6: str = "::1"

    @property
    def path(self) -> Path | None:
        """The namespace's file, None for the caller's own."""
        return NETNS / self.namespace if self.namespace else None

    @property
    def prefix(self) -> list[str]:
        """Arguments that put before a command make it run here (without a fork)."""
        return ["nsenter", f"--net={self.path}", "--"] if self.path else []

    def port(self, usual: int) -> int:
        """The usual port in a namespace of the lab; a free high one on the machine's own loopback."""
        return usual if self.namespace else free_port(self.ipv4)

    def inside(self, act: Callable[[], T]) -> T:
        """Do `act` in a thread that stands in this namespace, and give its answer."""
        if self.path is None:
            return act()
        return _in_thread(act, self.path)

    def answers(self, port: int, address: str | None = None) -> bool:
        """True when something accepts TCP connections on the port."""

        def knock() -> bool:
            with socket.create_connection((address or self.ipv4, port), timeout=2):
                return True

        try:
            return self.inside(knock)
        except OSError:
            return False


LOOPBACK = Place()


def free_port(address: str = "127.0.0.1") -> int:
    """A port that is free for TCP and UDP on this address now."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    while True:
        with socket.socket(family, socket.SOCK_STREAM) as tcp, socket.socket(family, socket.SOCK_DGRAM) as udp:
            tcp.bind((address, 0))
            port = int(tcp.getsockname()[1])
            with contextlib.suppress(OSError):
                udp.bind((address, port))
                return port


def bracketed(address: str) -> str:
    """An address as it stands in a URL or before a port."""
    return f"[{address}]" if ":" in address else address


@contextlib.contextmanager
def entered(path: Path) -> Iterator[None]:
    """Move the calling thread into the network namespace at `path`; only for threads that end after it."""
    libc = ctypes.CDLL(None, use_errno=True)
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if libc.setns(handle, CLONE_NEWNET) != 0:
            number = ctypes.get_errno()
            raise OSError(number, f"setns {path}: {os.strerror(number)}")
        yield
    finally:
        os.close(handle)


def _in_thread(act: Callable[[], T], path: Path) -> T:
    answers: list[T] = []
    faults: list[BaseException] = []

    def work() -> None:
        try:
            with entered(path):
                answers.append(act())
        except BaseException as fault:  # handed to the caller below
            faults.append(fault)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    if faults:
        raise faults[0]
    return answers[0]
