"""Name servers: an own signed root and every zone below it, each server a Knot process, both families, port 53."""

from __future__ import annotations

import json
import signal
import socket
import struct
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.lab.labkit.addresses import add_address, silence
from tests.lab.labkit.part import Part, write
from tests.lab.labkit.place import LOOPBACK, Place
from tests.lab.labkit.process import Process
from tests.lab.labkit.waiting import wait_for
from tests.lab.parts.dns_signing import DAY_S, Signer, ds_lines
from tests.lab.parts.dns_software import command, write_settings

AUTHORITATIVE = 0x0400


@dataclass(frozen=True)
class NameServer:
    """A name server by its host name (final dot), its addresses, its place (that of the part if None) and software (dns_software.py)."""

    name: str
    ipv4: str | None = None
    ipv6: str | None = None
    place: Place | None = None
    software: str = "knot"

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses it has."""
        return tuple(a for a in (self.ipv4, self.ipv6) if a)


@dataclass(frozen=True)
class Zone:
    """A zone (final dot) on its servers; `records` is master-file text without SOA and NS, relative to the zone.

    `ds` replaces the right DS at the parent (empty tuple: none there although the zone is signed). `hidden` servers
    serve the zone too, and stand in no delegation. `odd` changes the zone's text on one server, by its name.
    """

    name: str
    servers: tuple[NameServer, ...]
    records: str = ""
    signed: bool = True
    ttl_s: int = 300
    ds: tuple[str, ...] | None = None
    hidden: tuple[NameServer, ...] = ()
    odd: Mapping[str, Callable[[str], str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Condition:
    """What is wrong with a zone now; nothing by default."""

    signed_days: tuple[float, float] = (-1, 14)
    wrong_ds: bool = False
    lame: frozenset[str] = frozenset()
    serials_behind: frozenset[str] = frozenset()


class Dns(Part):
    """A tree of zones with its root (".", which must be among them). Put it into a Yard or another namespace.

    >>> root = NameServer("a.root.example.", "10.20.0.1", "2001:db8:20::1")
    >>> Dns(Path("x"), zones=[Zone(".", (root,))]).zone(".").signed
    True
    """

    name = "dns"

    def __init__(self, folder: Path, place: Place = LOOPBACK, *, zones: Sequence[Zone], tied: bool = True) -> None:
        super().__init__(folder, place, tied=tied)
        self.zones = {zone.name: zone for zone in zones}
        if "." not in self.zones:
            raise ValueError("the tree needs its root zone")
        self._kept = self.folder / "conditions.json"
        self.conditions, self._silent, self.serial = self._load()
        self._signer = Signer(self.folder / "keys")

    # -- what a checker is given
    @property
    def hints(self) -> Path:
        """NS, A and AAAA of the root servers, in master-file form."""
        return self.folder / "root.hints"

    @property
    def trust_anchor(self) -> Path:
        """DS of the root's key-signing key, one a line with owner."""
        return self.folder / "root.ds"

    @property
    def servers(self) -> dict[str, NameServer]:
        """All servers by name."""
        return {s.name: s for zone in self.zones.values() for s in (*zone.servers, *zone.hidden)}

    def zone(self, name: str) -> Zone:
        """A zone by its name, with or without the final dot."""
        return self.zones[name if name.endswith(".") else f"{name}."]

    # -- the part
    def prepare(self) -> None:
        """Addresses, keys, signed zone files, hints, anchor and settings."""
        for server in self.servers.values():
            for address in server.addresses:
                add_address(self._at(server), address)
        self._write_all()

    def programs(self) -> Sequence[Process]:
        """One program a server."""
        return [self.process(_label(s), command(s.software, self._home(s), s.addresses), place=self._at(s)) for s in self.servers.values()]

    def ready(self) -> bool:
        """Every address answers for a zone that it serves."""
        return all(self._answers(server) for server in self.servers.values())

    # -- faults; each is undone by heal()
    def wrong_ds(self, zone: str) -> None:
        """The parent publishes a DS that matches no key of the zone."""
        self._change(zone, wrong_ds=True)

    def expire(self, zone: str) -> None:
        """All signatures of the zone ended two days ago."""
        self._change(zone, signed_days=(-30, -2))

    def expire_soon(self, zone: str, hours: float = 20) -> None:
        """All signatures of the zone end within these hours."""
        self._change(zone, signed_days=(-13, hours / 24))

    def lame(self, zone: str, server: str) -> None:
        """A server no longer serves a zone that is delegated to it (it answers REFUSED)."""
        self._change(zone, lame=self.condition(zone).lame | {_dotted(server)})

    def behind(self, zone: str, server: str) -> None:
        """A server stays at an older serial."""
        self._change(zone, serials_behind=self.condition(zone).serials_behind | {_dotted(server)})

    def dead_address(self, server: str, address: str) -> None:
        """One address of a server is silent: packets to it are dropped in its namespace."""
        silence(self._at(self.servers[_dotted(server)]), address, on=True)
        self._silent.add((_dotted(server), address))
        self._keep()

    def revive(self, server: str, address: str) -> None:
        """The silent address answers again."""
        silence(self._at(self.servers[_dotted(server)]), address, on=False)
        self._silent.discard((_dotted(server), address))
        self._keep()

    def mend(self, zone: str, *what: str) -> None:
        """Only these faults of a zone off: names of Condition's fields."""
        self._change(zone, **{name: getattr(Condition(), name) for name in what})

    def heal(self) -> None:
        """All faults off."""
        for server, address in sorted(self._silent):
            silence(self._at(self.servers[server]), address, on=False)
        self._silent.clear()
        self.conditions.clear()
        self.publish()

    def condition(self, zone: str) -> Condition:
        """What is wrong with a zone now."""
        return self.conditions.get(self.zone(zone).name, Condition())

    def replace(self, zone: Zone) -> None:
        """Take a changed zone (same servers) and publish it."""
        self.zones[zone.name] = zone
        self.publish()

    def publish(self) -> None:
        """Sign anew, have every server load it, and wait until each serves the new serial."""
        self.serial += 1
        self._write_all()
        for process in self.processes.values():
            pid = process.pid
            if pid is not None:
                process.signal(signal.SIGHUP)
        wait_for("new serials served", lambda: all(self._serves_new(s) for s in self.servers.values()), 15, 0.1)

    # -- inside
    def _load(self) -> tuple[dict[str, Condition], set[tuple[str, str]], int]:
        """What an earlier process left: faults that are on, and the last serial."""
        told: dict[str, Any] = json.loads(self._kept.read_text()) if self._kept.exists() else {"conditions": {}, "silent": [], "serial": int(time.time())}
        held = {
            name: Condition((c["signed_days"][0], c["signed_days"][1]), c["wrong_ds"], frozenset(c["lame"]), frozenset(c["serials_behind"]))
            for name, c in told["conditions"].items()
        }
        return held, {(name, address) for name, address in told["silent"]}, int(told["serial"])

    def _keep(self) -> None:
        held = {name: {**c.__dict__, "lame": sorted(c.lame), "serials_behind": sorted(c.serials_behind)} for name, c in self.conditions.items()}
        write(self._kept, json.dumps({"conditions": held, "silent": sorted(self._silent), "serial": self.serial}))

    def _change(self, zone: str, **changes: object) -> None:
        held = self.condition(zone)
        self.conditions[self.zone(zone).name] = Condition(**{**held.__dict__, **changes})
        self.publish()

    def _at(self, server: NameServer) -> Place:
        return server.place or self.place

    def _home(self, server: NameServer) -> Path:
        return self.folder / "servers" / _label(server)

    def _serves_new(self, server: NameServer) -> bool:
        silent = {address for name, address in self._silent if name == server.name}
        address = next((a for a in server.addresses if a not in silent), None)
        if address is None or server.software.startswith("odd "):
            return True
        served = [z for z in self._served(server) if server.name not in self.condition(z.name).serials_behind]
        return all(self._at(server).inside(lambda z=z: soa_serial(address, z.name) == self.serial) for z in served)  # type: ignore[misc]

    def _answers(self, server: NameServer) -> bool:
        zones = self._served(server)
        if server.software.startswith("odd "):
            return "ready" in self.processes[_label(server)].tail()
        return all(self._at(server).inside(lambda a=a: soa_serial(a, zones[0].name) is not None) for a in server.addresses) if zones else True  # type: ignore[misc]

    def _served(self, server: NameServer) -> list[Zone]:
        return [z for z in self.zones.values() if server in (*z.servers, *z.hidden) and server.name not in self.condition(z.name).lame]

    def _write_all(self) -> None:
        self._keep()
        for zone in sorted(self.zones.values(), key=lambda z: -depth(z.name)):
            self._write_zone(zone)
        roots = self.zone(".").servers
        lines = [f". 3600000 IN NS {s.name}" for s in roots] + [line for s in roots for line in _address_lines(s)]
        write(self.hints, "\n".join(lines) + "\n")
        write(self.trust_anchor, "\n".join(f". IN DS {ds}" for ds in self._signer.ds(".")) + "\n")
        for server in self.servers.values():
            self._write_settings(server)

    def _write_zone(self, zone: Zone) -> None:
        held = self.condition(zone.name)
        text = self._text(zone, self.serial)
        texts = {"": text, **({".old": self._text(zone, self.serial - 5)} if held.serials_behind else {}), **{f".{name.rstrip('.')}": change(text) for name, change in zone.odd.items()}}
        for ending, told in texts.items():
            source = write(self.folder / "zones" / f"{_file(zone.name)}{ending}", told)
            if zone.signed:
                start, end = (int(time.time() + days * DAY_S) for days in held.signed_days)
                self._signer.sign(zone.name, source, start, end)

    def _text(self, zone: Zone, serial: int) -> str:
        first = zone.servers[0].name
        lines = [
            f"$ORIGIN {zone.name}", f"$TTL {zone.ttl_s}",
            f"@ IN SOA {first} hostmaster.{'' if zone.name == '.' else zone.name} {serial} 14400 3600 604800 3600",
            *[f"@ IN NS {s.name}" for s in zone.servers], zone.records,
        ]  # fmt: skip
        for child in self._children_of(zone):
            lines += [f"{child.name} IN NS {s.name}" for s in child.servers]
            lines += [f"{child.name} IN DS {ds}" for ds in self._ds(child)]
        public = {s.name: s for z in self.zones.values() for s in z.servers}
        within = [s for s in public.values() if self._home_zone(s.name) == zone.name or self._glue(zone, s)]
        return "\n".join(lines + [line for s in within for line in _address_lines(s)]) + "\n"

    def _ds(self, child: Zone) -> Sequence[str]:
        if child.ds is not None:
            return child.ds
        if not child.signed:
            return ()
        return ds_lines.wrong if self.condition(child.name).wrong_ds else self._signer.ds(child.name)

    def _children_of(self, zone: Zone) -> list[Zone]:
        return [z for z in self.zones.values() if z.name not in (".", zone.name) and self._home_zone(z.name, apart=z.name) == zone.name]

    def _home_zone(self, name: str, apart: str = "") -> str:
        holds = [z for z in self.zones if z != apart and (z == "." or name == z or name.endswith(f".{z}"))]
        return max(holds, key=depth)

    def _glue(self, zone: Zone, server: NameServer) -> bool:
        """Address needed in `zone` although it lies below a cut: a server of a child, named within that child."""
        return any(server in c.servers and _below(server.name, zone.name) for c in self._children_of(zone))

    def _write_settings(self, server: NameServer) -> None:
        files = {zone.name: self._file_of(zone, server) for zone in self._served(server)}
        write_settings(server.software, self._home(server), server.addresses, files)

    def _file_of(self, zone: Zone, server: NameServer) -> Path:
        old = ".old" if server.name in self.condition(zone.name).serials_behind else f".{_label(server)}" if server.name in zone.odd else ""
        return self.folder / "zones" / f"{_file(zone.name)}{old}{'.signed' if zone.signed else ''}"


def start_dns(zones: Sequence[Zone], folder: Path, place: Place, *, tied: bool = True) -> Dns:
    """Start a tree; see `hints`, `trust_anchor`, `servers` of what it gives."""
    return Dns(folder, place, zones=zones, tied=tied).start()


def soa_serial(address: str, zone: str, limit_s: float = 1.0) -> int | None:
    """The serial that an address serves for a zone over UDP, None when it does not answer with authority."""
    labels = b"".join(bytes([len(x)]) + x.encode() for x in zone.rstrip(".").split(".") if x) + b"\0"
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as link:
        link.settimeout(limit_s)
        try:
            link.connect((address, 53))
            link.send(struct.pack(">6H", 4711, 0, 1, 0, 0, 0) + labels + struct.pack(">2H", 6, 1))
            reply = link.recv(4096)
        except OSError:
            return None
    flags, answers = struct.unpack(">H", reply[2:4])[0], struct.unpack(">H", reply[6:8])[0]
    if not answers or not flags & AUTHORITATIVE:
        return None
    at = _after_name(reply, 12 + len(labels) + 4)
    end = at + 10 + int(struct.unpack(">H", reply[at + 8 : at + 10])[0])
    return int(struct.unpack(">I", reply[end - 20 : end - 16])[0])


def _after_name(reply: bytes, at: int) -> int:
    while reply[at] and reply[at] < 0xC0:
        at += reply[at] + 1
    return at + (2 if reply[at] >= 0xC0 else 1)


def depth(name: str) -> int:
    """How many labels a name has; 0 for the root."""
    return len([label for label in name.split(".") if label])


def _below(name: str, zone: str) -> bool:
    return zone == "." or name == zone or name.endswith(f".{zone}")


def _address_lines(server: NameServer) -> list[str]:
    kinds: Mapping[str, str | None] = {"A": server.ipv4, "AAAA": server.ipv6}
    return [f"{server.name} 300 IN {kind} {value}" for kind, value in kinds.items() if value]


def _file(zone: str) -> str:
    return "root.zone" if zone == "." else f"{zone}zone"


def _label(server: NameServer) -> str:
    return server.name.rstrip(".")


def _dotted(name: str) -> str:
    return name if name.endswith(".") else f"{name}."
