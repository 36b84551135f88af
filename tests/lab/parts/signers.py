"""Signers: Knot and BIND that keep keys and sign by themselves, and servers that give prepared zone files as they stand."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.lab.labkit.addresses import add_address
from tests.lab.labkit.part import Part, in_turn, program, write
from tests.lab.labkit.place import Place
from tests.lab.labkit.process import Process
from tests.lab.parts.dns import soa_serial

APEX = """$TTL {ttl}
@ IN SOA ns1.{zone} hostmaster.{zone} {serial} 3600 900 604800 300
@ IN NS ns1.{zone}
@ IN NS ns2.{zone}
"""


def zone_text(zone: str, servers: Sequence[Sequence[str]], *, ttl: int = 300, serial: int | None = None, more: str = "") -> str:
    """A whole unsigned zone whose servers ns1, ns2 … have these addresses."""
    lines = [APEX.format(zone=zone, ttl=ttl, serial=serial or int(time.time())), f"@ IN A 10.20.9.{len(zone)}", "www IN A 10.20.9.1", more]
    for number, addresses in enumerate(servers, 1):
        lines += [f"ns{number} IN {'AAAA' if ':' in one else 'A'} {one}" for one in addresses]
    return "\n".join(lines) + "\n"


def delegation(zone: str, servers: Sequence[Sequence[str]], ds: Sequence[str] = ()) -> str:
    """What the parent has of a zone: NS, glue, DS."""
    lines = [f"{zone} IN NS ns{number}.{zone}" for number in range(1, len(servers) + 1)]
    lines += [f"ns{number}.{zone} IN {'AAAA' if ':' in one else 'A'} {one}" for number, addresses in enumerate(servers, 1) for one in addresses]
    return "\n".join([*lines, *(f"{zone} IN DS {one}" for one in ds)]) + "\n"


class KnotServer(Part):
    """One knotd on some addresses; `zones` is name → file. `signing` zones are signed by it with `policy` (lines of Knot's configuration).

    Zones in `from_primary` are fetched from that address, and `notify` addresses are told of changes.
    """

    name = "knot"

    def __init__(self, folder: Path, place: Place, *, addresses: Sequence[str], zones: Mapping[str, Path | None], policy: str = "", signing: Sequence[str] = (), primary: str | None = None, notify: Sequence[str] = ()) -> None:
        super().__init__(folder, place)
        self.addresses, self.zones, self.policy, self.signing, self.primary, self.notify = tuple(addresses), dict(zones), policy, tuple(signing), primary, tuple(notify)

    def prepare(self) -> None:
        """Addresses and settings."""
        for one in self.addresses:
            add_address(self.place, one)
        self.configure()

    def configure(self) -> None:
        """Write the settings as they are wanted now."""
        remotes = [*([f"  - id: primary\n    address: {self.primary}@53"] if self.primary else []), *(f"  - id: to{number}\n    address: {one}@53" for number, one in enumerate(self.notify))]
        acl = "acl:\n  - id: all\n    address: [0.0.0.0/0, ::/0]\n    action: [transfer, notify]"
        lines = [
            "server:", f"  rundir: {self.folder}", f"  listen: [{', '.join(f'{one}@53' for one in self.addresses)}]", "  udp-workers: 1", "  tcp-workers: 1", "  background-workers: 1",
            "log:", "  - target: stderr", "    any: info", "database:", f"  storage: {self.folder}", "  journal-db-max-size: 32M", "  kasp-db-max-size: 32M", "  timer-db-max-size: 16M",
            acl, *(["remote:", *remotes] if remotes else []), *([f"policy:\n  - id: lab\n{self.policy}"] if self.signing else []),
            "template:", "  - id: default", "    acl: all", "    semantic-checks: off", "    journal-content: all" if self.signing or self.primary else "    journal-content: none",
            "    zonefile-sync: -1" if not self.primary else "    zonefile-sync: 0", "    zonefile-load: difference-no-serial" if self.signing else "    zonefile-load: whole", "zone:",
        ]  # fmt: skip
        for zone, path in self.zones.items():
            lines += [f'  - domain: "{zone}"', *([f"    file: {path}"] if path else [])]
            if zone in self.signing:
                lines += ["    dnssec-signing: on", "    dnssec-policy: lab"]
            if self.primary:
                lines += ["    master: primary"]
            if self.notify:
                lines += [f"    notify: [{', '.join(f'to{number}' for number in range(len(self.notify)))}]"]
        write(self.folder / "knot.conf", "\n".join(lines) + "\n")

    def programs(self) -> Sequence[Process]:
        """One knotd."""
        return [self.process("knotd", [program("knotd", "knot"), "-c", self.folder / "knot.conf"])]

    def ready(self) -> bool:
        """Every address answers for every zone."""
        return in_turn(*(lambda one=one, zone=zone: soa_serial(one, zone) is not None for one in self.addresses for zone in self.zones))  # type: ignore[misc]

    def ctl(self, *arguments: str) -> str:
        """Say something to it by knotc."""
        done = subprocess.run([program("knotc", "knot"), "-c", str(self.folder / "knot.conf"), *arguments], capture_output=True, text=True, timeout=60, check=False)
        if done.returncode:
            raise RuntimeError(f"knotc {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

    def ds(self, zone: str) -> list[str]:
        """The DS (SHA-256) of its key-signing keys that are in use."""
        done = subprocess.run([program("keymgr", "knot"), "-c", str(self.folder / "knot.conf"), zone, "ds"], capture_output=True, text=True, timeout=60, check=True)
        return [line.split(" DS ", 1)[1] for line in done.stdout.splitlines() if " DS " in line and line.split()[-2] == "2"]


class BindServer(Part):
    """One named on some addresses that signs its zones by `dnssec-policy` POLICY (its name, or the block)."""

    name = "bind"

    def __init__(self, folder: Path, place: Place, *, addresses: Sequence[str], zones: Mapping[str, Path], policy: str = "default", blocks: str = "") -> None:
        super().__init__(folder, place)
        self.addresses, self.zones, self.policy, self.blocks = tuple(addresses), dict(zones), policy, blocks

    def prepare(self) -> None:
        """Addresses and settings."""
        for one in self.addresses:
            add_address(self.place, one)
        self.configure()

    def configure(self) -> None:
        """Write the settings as they are wanted now."""
        four = "; ".join(one for one in self.addresses if ":" not in one)
        six = "; ".join(one for one in self.addresses if ":" in one)
        write(self.folder / "rndc.key", 'key "lab" { algorithm hmac-sha256; secret "bGFib25seWxhYm9ubHlsYWJvbmx5bGFib25seQ=="; };\n', 0o600)
        zones = "\n".join(f'zone "{zone}" {{ type primary; file "{path}"; dnssec-policy {self.policy}; inline-signing yes; }};' for zone, path in self.zones.items())
        write(
            self.folder / "named.conf",
            f'include "{self.folder}/rndc.key";\ncontrols {{ inet {self.addresses[0]} port 953 allow {{ any; }} keys {{ "lab"; }}; }};\n'
            f'options {{ directory "{self.folder}"; pid-file none; session-keyfile "{self.folder}/session.key"; managed-keys-directory "{self.folder}";\n'
            f"  listen-on {{ {four}; }}; listen-on-v6 {{ {six + '; ' if six else 'none; '}}}; recursion no; dnssec-validation no; allow-transfer {{ any; }}; notify no; }};\n{self.blocks}\n{zones}\n",
        )

    def programs(self) -> Sequence[Process]:
        """One named."""
        return [self.process("named", [program("named", "bind9"), "-g", "-c", self.folder / "named.conf"])]

    def ready(self) -> bool:
        """Every address answers for every zone."""
        return in_turn(*(lambda one=one, zone=zone: soa_serial(one, zone) is not None for one in self.addresses for zone in self.zones))  # type: ignore[misc]

    def ctl(self, *arguments: str) -> str:
        """Say something to it by rndc."""
        done = subprocess.run(
            [*self.place.prefix, program("rndc", "bind9"), "-k", str(self.folder / "rndc.key"), "-s", self.addresses[0], *arguments], capture_output=True, text=True, timeout=60, check=False
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"rndc {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

    def ds(self, zone: str) -> list[str]:
        """The DS (SHA-256) of its key-signing keys."""
        found = []
        for path in sorted(self.folder.glob(f"K{zone}+*.key")):
            if " 257 3 " in path.read_text():
                text = subprocess.run([program("dnssec-dsfromkey", "bind9-utils"), "-2", str(path)], capture_output=True, text=True, timeout=60, check=True).stdout
                found += [line.split(" DS ", 1)[1] for line in text.splitlines()]
        return found
