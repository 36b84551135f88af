"""UPS simulator: NUT's upsd with its dummy-ups driver, whose values a test sets and reads back."""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.lab.labkit.part import Part, program, write
from tests.lab.labkit.place import LOOPBACK, Place
from tests.lab.labkit.process import Process
from tests.lab.labkit.waiting import wait_for

NUT = "/lib/nut"
CONTROLLER, PASSWORD = "lab", "lab-only"
ON_LINE: Mapping[str, str] = {
    "ups.status": "OL", "ups.mfr": "Lab", "ups.model": "Simulated 40 kVA", "ups.serial": "LAB-1", "ups.load": "42",
    "ups.realpower": "8400", "ups.realpower.nominal": "20000", "ups.temperature": "27", "battery.charge": "100",
    "battery.runtime": "1800", "battery.voltage": "270.0", "input.voltage": "231.0", "output.voltage": "230.0",
    "input.frequency": "50.0", "device.type": "ups",
}  # fmt: skip


class Ups(Part):
    """One or several simulated UPSs behind one upsd. Everything they say is simulated."""

    name = "ups"
    limit_s = 25.0

    def __init__(
        self, folder: Path, place: Place = LOOPBACK, *, names: Sequence[str] = ("ups1",),
        values: Mapping[str, str] = ON_LINE, tied: bool = True,
    ) -> None:  # fmt: skip
        super().__init__(folder, place, tied=tied)
        self.names, self.values = list(names), dict(values)

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of upsd over IPv4 (the same port serves IPv6)."""
        return self.place.ipv4, self.port("upsd", 3493)

    def prepare(self) -> None:
        """Write NUT's settings and, the first time, each UPS's values."""
        port = self.port("upsd", 3493)
        for folder in (self.folder, self.folder / "state"):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o755)
        sections = [f'[{n}]\n driver = dummy-ups\n port = {self.folder}/{n}.dev\n mode = dummy-once\n desc = "simulated"' for n in self.names]
        write(self.folder / "ups.conf", "maxretry = 1\npollinterval = 1\nuser = root\n" + "\n".join(sections) + "\n")
        listen = "".join(f"LISTEN {a} {port}\n" for a in (self.place.ipv4, self.place.ipv6))
        write(self.folder / "upsd.conf", f"{listen}STATEPATH {self.folder}/state\nMAXAGE 15\n")
        write(self.folder / "upsd.users", f"[{CONTROLLER}]\n password = {PASSWORD}\n actions = SET\n instcmds = ALL\n", 0o600)
        for name in self.names:
            device = self.folder / f"{name}.dev"
            if not device.exists():
                write(device, "".join(f"{key}: {value}\n" for key, value in self.values.items()))

    def programs(self) -> Sequence[Process]:
        """A driver for each UPS, then the server (the program itself, not Debian's wrapper)."""
        env = {"NUT_CONFPATH": str(self.folder), "NUT_STATEPATH": f"{self.folder}/state", "NUT_ALTPIDPATH": f"{self.folder}/state"}
        driver, server = program("dummy-ups", "nut-server", NUT), program("upsd", "nut-server", NUT)
        drivers = [self.process(f"driver-{n}", [driver, "-a", n, "-F"], env=env) for n in self.names]
        return [*drivers, self.process("upsd", [server, "-F", "-u", "root"], env=env)]

    def ready(self) -> bool:
        """Every UPS answers with its status."""
        answers = [self._ask(f"GET VAR {name} ups.status")[0] for name in self.names]
        return all(a.startswith("VAR ") and "WAIT" not in a for a in answers)

    def get(self, variable: str, name: str | None = None) -> str:
        """A variable as upsd gives it to everyone."""
        answer = self.place.inside(lambda: self._ask(f"GET VAR {name or self.names[0]} {variable}"))[0]
        found = re.search(r'"(.*)"', answer)
        if not found:
            raise LookupError(f"{variable}: {answer}")
        return found[1]

    def set(self, variable: str, value: str, name: str | None = None, limit_s: float = 15) -> None:
        """Change a variable and wait until upsd serves the new value."""
        ups = name or self.names[0]
        device = self.folder / f"{ups}.dev"
        lines = [line for line in device.read_text().splitlines() if not line.startswith(f"{variable}:")]
        device.write_text("\n".join([*lines, f"{variable}: {value}"]) + "\n")
        login = [f"USERNAME {CONTROLLER}", f"PASSWORD {PASSWORD}"]
        self.place.inside(lambda: self._ask(*login, f'SET VAR {ups} {variable} "{value}"'))
        wait_for(f"{ups} {variable} = {value}", lambda: self.get(variable, ups) == value, limit_s, 0.2)

    def on_battery(self, name: str | None = None, *, low: bool = False) -> None:
        """Mains lost: discharging, low when told."""
        self.set("ups.status", "OB LB" if low else "OB DISCHRG", name)

    def on_line(self, name: str | None = None) -> None:
        """Mains back."""
        self.set("ups.status", "OL", name)

    def _ask(self, *lines: str) -> list[str]:
        with socket.create_connection(self.address, timeout=5) as link, link.makefile("rw", newline="\n") as talk:
            answers = []
            for line in lines:
                talk.write(line + "\n")
                talk.flush()
                answers.append(talk.readline().strip())
            return answers
