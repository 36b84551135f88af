"""Generates a large inventory that validates clean: `generate_inventory.py FOLDER MEMBERS HOSTS`; no chance in it, the same bytes each time."""

from __future__ import annotations

import sys
from pathlib import Path

PHYSICAL_OF_TEN = 1
"""Of ten hosts of a member one is a hypervisor, the others run on such."""
UNITS = 42


def generate(folder: Path, members: int, hosts: int) -> Path:
    """`members` members with `hosts` hosts each, a file of devices a member, and all that their references need."""
    ids = [f"kommun-{number:03d}" for number in range(members)]
    physical = max(2, hosts * PHYSICAL_OF_TEN // 10)
    _write(
        folder / "samdrift.yml",
        [
            "plugin: samdrift",
            "version: 1",
            f"host_organisation: {ids[0]}",
            "defaults: {management: ipv6, window: natt, user: drift}",
        ],
    )
    _write(folder / "members.yml", ["members:", *(_member(name) for name in ids)])
    _write(folder / "windows.yml", ['windows: [{id: natt, weekdays: [tue], start: "22:00", minutes: 240, for: [all]}]'])
    _write(folder / "sites.yml", ["sites:", *_sites(members, physical)])
    _write(
        folder / "networks.yml",
        ["networks:", *(line for number, name in enumerate(ids) for line in _networks(number, name))],
    )
    _write(
        folder / "redundancy.yml",
        [
            "redundancy:",
            *(
                f"  - {{id: par-{name}-{pair}, needs: 1, spread: none}}"
                for name in ids
                for pair in range(physical // 2)
            ),
        ],
    )
    for number, name in enumerate(ids):
        _write(folder / "devices" / f"{name}.yml", ["devices:", *_devices(number, name, hosts, physical)])
        _write(folder / "services" / f"{name}.yml", ["services:", *_services(name, hosts, physical)])
    return folder


def _write(path: Path, lines: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _member(name: str) -> str:
    contact = f"{{role: it-manager, name: IT-chef, email: it-chef@{name}.example, hours: always}}"
    return (
        f"  - {{id: {name}, name: {name.capitalize()}, kind: municipality, since: 2015-01-01, contacts: [{contact}]}}"
    )


def _sites(members: int, physical: int) -> list[str]:
    """Twenty halls of as many racks as the physical hosts fill."""
    halls = min(20, members)
    racks = -(-(-(-members // halls) * physical) // UNITS)
    rows = ", ".join(f"{{id: r{rack:03d}, units: {UNITS}}}" for rack in range(racks))
    return [
        f'  - {{id: hall-{hall:02d}, name: Hall {hall}, kind: hall, prefixes: ["2001:db8:{hall:x}00::/40"], racks: [{rows}]}}'
        for hall in range(halls)
    ]


def _networks(number: int, name: str) -> list[str]:
    hall = f"hall-{number % 20:02d}"
    four, six = f"10.{number // 128 + 10}.{number % 128 * 2}.0/23", f"2001:db8:{number % 20:x}{number // 20:02x}::/48"
    return [
        f"  - {{id: net4-{name}, prefix: {four}, site: {hall}, purpose: server, owner: {name}}}",
        f'  - {{id: net6-{name}, prefix: "{six}", site: {hall}, purpose: server, owner: {name}}}',
    ]


def _devices(number: int, name: str, hosts: int, physical: int) -> list[str]:
    lines: list[str] = []
    for index in range(hosts):
        place = number // 20 * physical + index
        four = f"10.{number // 128 + 10}.{number % 128 * 2 + index // 200}.{index % 200 + 10}"
        six = f"2001:db8:{number % 20:x}{number // 20:02x}::{index + 16:x}"
        where = (
            f"rack: r{place // UNITS:03d}, unit: {place % UNITS + 1}"
            if index < physical
            else f"runs_on: {name}-{index % physical}"
        )
        lines += [
            f"  - id: {name}-{index}",
            f"    name: h{index}.{name}.example",
            f"    kind: {'hypervisor' if index < physical else 'virtual'}",
            f"    owner: {name}",
            "    state: active",
            f"    site: hall-{number % 20:02d}",
            *(f"    {pair}" for pair in where.split(", ")),
            f'    addresses: {{server: {{ipv4: {four}, ipv6: "{six}"}}}}',
            f'    macs: ["02:00:{number // 256:02x}:{number % 256:02x}:{index // 256:02x}:{index % 256:02x}"]',
            "    platform: debian-12",
            f"    roles: [{('web', 'database', 'file-server')[index % 3]}]",
            f"    host_keys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{number:05d}{index:06d}]",
            f"    vars: {{http_port: {8000 + index % 100}, note: host {index} of {name}}}",
            *([f"    redundancy_group: par-{name}-{index // 2}"] if index // 2 < physical // 2 else []),
        ]
    return lines


def _services(name: str, hosts: int, physical: int) -> list[str]:
    """Ten services a member, each on two virtual hosts, in a chain."""
    lines = []
    for service in range(min(10, (hosts - physical) // 2)):
        devices = f"[{name}-{physical + service * 2}, {name}-{physical + service * 2 + 1}]"
        needs = f", depends_on: [tjanst-{name}-{service - 1}]" if service else ""
        lines.append(
            f"  - {{id: tjanst-{name}-{service}, name: Tjänst {service}, operator: {name}, used_by: [{name}], devices: {devices}{needs}}}"
        )
    return lines


if __name__ == "__main__":
    generate(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
