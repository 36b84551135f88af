"""Load of the joint inventory grown to 1,100 and 29,000 hosts, beside ansible-inventory on the same hosts as plain YAML."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measure import Failed, Figure, command

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
MEMBERS = {
    "berg": 11,
    "bracke": 12,
    "harjedalen": 13,
    "krokom": 14,
    "ragunda": 15,
    "stromsund": 16,
    "are": 17,
    "ostersund": 18,
    "region-jh": 19,
    "jgy": 20,
    "rtj": 21,
}
LOAD = "import sys; from samdrift.operations.load_inventory import load_inventory; print(len(load_inventory(sys.argv[1]).objects['devices']))"


def grow(folder: Path, hosts: int) -> Path:
    """A copy of inventory/ with `hosts` virtual machines more, spread over the members; no chance in it."""
    shutil.copytree(ROOT / "inventory", folder, ignore=shutil.ignore_patterns("*.retry"))
    for index, (member, number) in enumerate(sorted(MEMBERS.items())):
        count = hosts // len(MEMBERS) + (index < hosts % len(MEMBERS))
        rows = [
            f'  - {{id: {member}-vm-{n}, name: {member}-vm-{n}.drift.example, kind: virtual, owner: {member}, state: active, site: hall-ostersund, platform: debian-12, roles: [file-server], addresses: {{server: {{ipv6: "2001:db8:20:{number}::{n + 4096:x}"}}}}}}'
            for n in range(count)
        ]
        (folder / "devices" / f"grown-{member}.yml").write_text("devices:\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return folder


def plain(path: Path, hosts: int) -> Path:
    """The same number of hosts as Ansible's own YAML inventory, a group a member."""
    lines = ["all:", "  children:"]
    for index, (member, number) in enumerate(sorted(MEMBERS.items())):
        lines += [f"    member_{member.replace('-', '_')}:", "      hosts:"]
        for n in range(hosts // len(MEMBERS) + (index < hosts % len(MEMBERS))):
            lines.append(
                f'        {member}-vm-{n}: {{ansible_host: "2001:db8:20:{number}::{n + 4096:x}", site: hall-ostersund, platform: debian-12, roles: [file-server]}}'
            )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def figures(folder: Path) -> Iterator[Figure]:
    for hosts in (1_100, 29_000):
        grown, rival = grow(folder / str(hosts), hosts), plain(folder / f"{hosts}.yml", hosts)
        peer = f"ansible-inventory --list, {hosts} hosts as YAML"
        lines = {
            peer: [str(BIN / "ansible-inventory"), "-i", str(rival), "--list"],
            f"samdrift's loader, {hosts} hosts and all rules": [sys.executable, "-c", LOAD, str(grown)],
            f"samdrift inventory validate, {hosts} hosts": [
                str(BIN / "samdrift"),
                "inventory",
                "validate",
                "--inventory",
                str(grown),
            ],
        }
        for what, line in lines.items():
            try:
                yield Figure(
                    "inventory",
                    what,
                    command(line, folder=folder, environment={"ANSIBLE_INVENTORY_ENABLED": "yaml"}),
                    beside=None if what == peer else peer,
                )
            except Failed as error:
                yield Figure("inventory", what, None, missing=str(error)[-250:])
