"""Load of 1,100 and 29,000 generated hosts with all cross-rules, beside ansible's own yaml and constructed plugins on the same hosts."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.generate_inventory import generate
from tests.bench.measure import RUNS, Failed, Figure, command

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
LOAD = "import sys; from samdrift.operations.load_inventory import load_inventory; print(len(load_inventory(sys.argv[1]).objects['devices']))"
FAULTY = 10_000
CONSTRUCTED = """plugin: constructed
keyed_groups:
  - {key: samdrift_owners, prefix: member}
  - {key: samdrift_owners, prefix: serves}
  - {key: samdrift_site, prefix: site}
  - {key: samdrift_services, prefix: service}
  - {key: samdrift_redundancy_group, prefix: redundancy}
  - {key: samdrift_window, prefix: window}
  - {key: samdrift_state, prefix: state}
"""
OURS = {"ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}


def rival(folder: Path, inventory: Path) -> list[str]:
    """The same hosts with the same variables as plain YAML, their groups made by `constructed`; the command that reads them."""
    from samdrift.operations.view_for_ansible import view_for_ansible

    folder.mkdir()
    lines = [
        "all:",
        "  hosts:",
        *(f"    {host.id}: {json.dumps(dict(host.variables))}" for host in view_for_ansible(inventory)),
    ]
    (folder / "hosts.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "ansible.cfg").write_text("[inventory]\nenable_plugins = yaml, constructed\n", encoding="utf-8")
    (folder / "groups.constructed.yml").write_text(CONSTRUCTED, encoding="utf-8")
    return [
        str(BIN / "ansible-inventory"),
        "-i",
        str(folder / "hosts.yml"),
        "-i",
        str(folder / "groups.constructed.yml"),
        "--list",
    ]


def faulty(inventory: Path) -> Path:
    """The inventory with a wrong word in the first ten thousand devices."""
    left = FAULTY
    for path in sorted((inventory / "devices").glob("*.yml")):
        text = path.read_text(encoding="utf-8")
        here = min(left, text.count("state: active"))
        path.write_text(text.replace("state: active", "state: actve", here), encoding="utf-8")
        left -= here
    return inventory


def figures(folder: Path) -> Iterator[Figure]:
    for members, hosts in ((11, 1_100), (290, 29_000)):
        grown = generate(folder / str(hosts), members, hosts // members)
        peer = f"ansible-inventory, {hosts} hosts, own yaml + constructed" + ("" if members == 11 else ", one run")
        plugin = [str(BIN / "ansible-inventory"), "-i", str(grown / "samdrift.yml"), "--list"]
        few = RUNS if members == 11 else 1
        own = {"ANSIBLE_CONFIG": str(folder / f"rival-{hosts}" / "ansible.cfg")}
        yield _figure(peer, rival(folder / f"rival-{hosts}", grown), own, runs=few)
        yield _figure(f"ansible-inventory, {hosts} hosts, samdrift's plugin", plugin, OURS, beside=peer)
        yield _figure(
            f"samdrift's loader, {hosts} hosts and all rules",
            [sys.executable, "-c", LOAD, str(grown)],
            OURS,
            beside=peer,
        )
        validate = [str(BIN / "samdrift"), "inventory", "validate", "--inventory", str(grown)]
        yield _figure(
            f"samdrift inventory validate, {hosts} hosts",
            validate,
            OURS,
            beside=peer,
            limit_s=2.0 if members == 11 else 10.0,
        )
    one = {**OURS, "SAMDRIFT_MEMBER": "kommun-005"}
    yield _figure("ansible-inventory, one member of 290, samdrift's plugin", plugin, one, limit_s=1.0)
    broken = ["samdrift", "inventory", "validate", "--inventory", str(faulty(grown))]
    yield _figure(
        "samdrift inventory validate, 10000 faults told", [str(BIN / broken[0]), *broken[1:]], OURS, accepted=(2,)
    )


def _figure(
    what: str,
    line: list[str],
    environment: dict[str, str],
    *,
    beside: str | None = None,
    limit_s: float | None = None,
    runs: int = RUNS,
    accepted: tuple[int, ...] = (0,),
) -> Figure:
    try:
        return Figure(
            "inventory",
            what,
            command(line, runs=runs, accepted=accepted, folder=ROOT, environment=environment),
            beside=beside,
            limit_s=limit_s,
        )
    except Failed as error:
        return Figure("inventory", what, None, missing=str(error)[-250:])
