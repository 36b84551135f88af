"""Simulated network devices over ssh: prompt, enable, paging, slow, cut, hung, wrong password, re-salted secret."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tests.lab.labkit.part import Part, write
from tests.lab.labkit.place import LOOPBACK, Place
from tests.lab.labkit.process import Process
from tests.lab.labkit.settings import REPOSITORY

PROGRAM = Path(__file__).parent.parent / "programs" / "devices.py"
FAULTS = ("cut", "hung", "wrong-password", "other-name", "re-salted", "no-end", "slow")


@dataclass(frozen=True)
class Device:
    """One simulated device that talks like Cisco IOS. `fault` is one of FAULTS, or empty.

    cut: the text stops in the middle and the link ends · hung: silent after the command · no-end: the prompt
    comes, but the text lacks its last half and its `end` · slow: a line each tenth of a second · re-salted:
    the hashed secret differs at each read · other-name: hostname and prompt of another device.
    """

    id: str
    hostname: str
    user: str = "backup"
    password: str = "lab-only"
    enable: str = "lab-enable"
    lines: tuple[str, ...] = ()
    page_lines: int = 24
    fault: str = ""


class Devices(Part):
    """Many simulated devices in one process, each on its own port (own address is the place's)."""

    name = "devices"

    def __init__(self, folder: Path, place: Place = LOOPBACK, *, devices: Sequence[Device], first_port: int = 2200, tied: bool = True) -> None:
        super().__init__(folder, place, tied=tied)
        self.first_port = first_port
        self.devices = {d.id: d for d in devices}

    def address(self, device: str) -> tuple[str, int]:
        """Host and port of a device over IPv4 (the same port serves IPv6)."""
        return self.place.ipv4, self._port(device)

    @property
    def host_key(self) -> str:
        """Public host key of all of them, as `ssh-ed25519 AAAA…`."""
        return " ".join((self.folder / "host_key.pub").read_text().split()[:2])

    def known_hosts(self) -> Path:
        """A known_hosts file for these addresses and ports."""
        lines = [f"[{a}]:{self._port(d)} {self.host_key}" for d in self.devices for a in (self.place.ipv4, self.place.ipv6)]
        return write(self.folder / "known_hosts", "\n".join(lines) + "\n")

    def prepare(self) -> None:
        """Host key and what each device is."""
        self.folder.mkdir(parents=True, exist_ok=True)
        make_key(self.folder / "host_key")
        self._write()

    def programs(self) -> Sequence[Process]:
        """All devices in one process."""
        own = REPOSITORY / ".venv" / "bin" / "python"  # paramiko lives there
        return [self.process("devices", [own if own.exists() else sys.executable, PROGRAM, self.folder, self.place.ipv4, self.place.ipv6])]

    def ready(self) -> bool:
        """Each port accepts."""
        return all(self.place.answers(self._port(d)) for d in self.devices)

    def change(self, device: str, **settings: Any) -> None:
        """Change a device as it runs: `fault="cut"`, `lines=(...)`, `hostname="other"`."""
        if settings.get("fault", "") not in ("", *FAULTS):
            raise ValueError(f"fault {settings['fault']!r}: one of {', '.join(FAULTS)}")
        self.devices[device] = replace(self.devices[device], **settings)
        self._write()

    def commands(self, device: str) -> list[str]:
        """Every line that the device was told, in order."""
        kept = self.folder / f"{device}.commands"
        return kept.read_text().splitlines() if kept.exists() else []

    def _port(self, device: str) -> int:
        return self.port(device, self.first_port + sorted(self.devices).index(device))

    def _write(self) -> None:
        told: Mapping[str, Any] = {d.id: {**asdict(d), "port": self._port(d.id)} for d in self.devices.values()}
        write(self.folder / "devices.new", json.dumps(told, indent=1)).replace(self.folder / "devices.json")


def make_key(path: Path) -> Path:
    """An ed25519 key pair without passphrase, unless it is there."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "lab", "-f", str(path)], check=True, timeout=20)
    return path
