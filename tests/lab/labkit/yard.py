"""A yard: one network namespace of one's own, for parts that want port 53 and any address without a whole lab."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.lab.labkit.addresses import add_address, ip
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
        ip(self.place, "link", "set", "lo", "up")
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._holder.kill()
