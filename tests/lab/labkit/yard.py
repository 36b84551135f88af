"""A yard: one network namespace of one's own, for parts that want port 53 and any address without a whole lab."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.lab.labkit.place import Place
from tests.lab.labkit.process import Process
from tests.lab.labkit.waiting import wait_for


class Yard:
    """`with Yard(folder) as yard:` then `yard.place`, `yard.run([...])`. Needs CAP_SYS_ADMIN (root, or root of a user namespace).

    Nothing leads out of it and nothing of it is seen from outside. It ends with the process that made it.
    """

    def __init__(self, folder: Path, *, tied: bool = True) -> None:
        self._holder = Process("yard", folder.absolute(), ["unshare", "--net", "--", "sleep", "infinity"], tied=tied)

    @property
    def place(self) -> Place:
        """The yard as a place for parts: 127.0.0.1 and ::1 at usual ports, and whatever addresses they add."""
        return Place(namespace=f"/proc/{self._holder.pid}/ns/net")

    def run(self, command: Sequence[str], *, limit_s: float = 120, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command in the yard's network (files and processes are the machine's)."""
        return subprocess.run(
            [*self.place.prefix, *command], capture_output=True, text=True, timeout=limit_s, check=False, env=env
        )  # fmt: skip

    def add_address(self, address: str) -> None:
        """Give the yard an address (IPv6 without the second of doubt)."""
        add_address(self.place, address)

    def __enter__(self) -> Self:
        own = os.readlink("/proc/self/ns/net")
        self._holder.start()
        wait_for("yard's own network", lambda: os.readlink(f"/proc/{self._holder.pid}/ns/net") != own, 5, 0.01)
        _ip(self.place, "link", "set", "lo", "up")
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._holder.kill()


def add_address(place: Place, address: str) -> None:
    """Put an address on the loopback of a place unless it stands there on any interface."""
    held = subprocess.run([*place.prefix, "ip", "-brief", "address"], capture_output=True, text=True, timeout=10, check=True)
    if not any(word.split("/")[0] == address for word in held.stdout.split()):
        width, doubt = ("128", ["nodad"]) if ":" in address else ("32", [])
        _ip(place, "address", "add", f"{address}/{width}", "dev", "lo", *doubt)


def silence(place: Place, address: str, *, on: bool) -> None:
    """Drop (or no longer drop) every packet to an address inside a place: nobody answers, as with a dead host."""
    if place.path is None:
        raise ValueError("refused: silence is for namespaces of the lab, never for the machine's own")
    family = "ip6" if ":" in address else "ip"
    rules = "add table inet silence\nflush table inet silence\ndelete table inet silence\n"
    kept = [*_silenced(place) - {(family, address)}, *([(family, address)] if on else [])]
    if kept:
        drops = "".join(f"  {f} daddr {a} drop\n" for f, a in sorted(kept))
        rules += f"table inet silence {{ chain input {{ type filter hook input priority -5; policy accept;\n{drops} }}\n}}\n"
    done = subprocess.run([*place.prefix, "nft", "-f", "-"], input=rules, capture_output=True, text=True, timeout=10, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"nft in {place.namespace}: {done.stderr.strip()}")


def _silenced(place: Place) -> set[tuple[str, str]]:
    listed = subprocess.run([*place.prefix, "nft", "list", "table", "inet", "silence"], capture_output=True, text=True, timeout=10, check=False)
    words = [line.split() for line in listed.stdout.splitlines() if line.strip().endswith("drop")]
    return {(w[0], w[2]) for w in words}


def _ip(place: Place, *arguments: str) -> None:
    done = subprocess.run([*place.prefix, "ip", *arguments], capture_output=True, text=True, timeout=10, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"ip {' '.join(arguments)}: {done.stderr.strip()}")
