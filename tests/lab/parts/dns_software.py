"""Settings of name servers: Knot, BIND, NSD, and the odd server that forwards to a good one and spoils what it says."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.lab.labkit.part import program, write

ODD = Path(__file__).resolve().parents[1] / "programs/dns_odd.py"
OPEN, SHUT = "recursion yes; allow-recursion { any; }; allow-transfer { any; }", "recursion no; allow-transfer { none; }"
CATALOGUE = {"knot": ("knotd", "knot"), "bind": ("named", "bind9"), "nsd": ("nsd", "nsd")}


def command(software: str, home: Path, addresses: Sequence[str]) -> list[str | Path]:
    """How the software is started; `bind open` recurses and transfers for everybody, `odd MODE UPSTREAM` is our own program."""
    if software.startswith("odd "):
        _, mode, upstream = software.split()
        return [sys.executable, ODD, mode, "--upstream", upstream, *addresses]
    software = software.removesuffix(" open")
    path = program(*CATALOGUE[software])
    return {"knot": [path, "-c", home / "knot.conf"], "bind": [path, "-g", "-c", home / "named.conf"], "nsd": [path, "-d", "-c", home / "nsd.conf"]}[software]


def write_settings(software: str, home: Path, addresses: Sequence[str], files: Mapping[str, Path]) -> None:
    """Settings with these zones (name with final dot to file); nothing for the odd one."""
    home.mkdir(parents=True, exist_ok=True)
    if software == "knot":
        write(home / "knot.conf", _knot(home, addresses, files))
    elif software in {"bind", "bind open"}:
        write(home / "named.conf", _bind(home, addresses, files, OPEN if software == "bind open" else SHUT))
    elif software == "nsd":
        write(home / "nsd.conf", _nsd(home, addresses, files))


def _knot(home: Path, addresses: Sequence[str], files: Mapping[str, Path]) -> str:
    listen = ", ".join(f"{a}@53" for a in addresses)
    lines = [
        "server:", f"  rundir: {home}", '  version: ""', f"  listen: [{listen}]", "  udp-workers: 1", "  tcp-workers: 1", "  background-workers: 1",
        "log:", "  - target: stderr", "    any: info", "database:", f"  storage: {home}", "  journal-db-max-size: 16M",
        "  kasp-db-max-size: 16M", "  timer-db-max-size: 16M", "template:", "  - id: default", "    zonefile-sync: -1",
        "    zonefile-load: whole", "    journal-content: none", "    semantic-checks: off", "zone:",
    ]  # fmt: skip
    return "\n".join([*lines, *(line for name, file in files.items() for line in (f'  - domain: "{name}"', f"    file: {file}"))]) + "\n"


def _bind(home: Path, addresses: Sequence[str], files: Mapping[str, Path], rules: str) -> str:
    four, six = ("; ".join([*(a for a in addresses if (":" in a) == wanted), "none" if not [a for a in addresses if (":" in a) == wanted] else ""]).strip("; ") for wanted in (False, True))
    lines = [
        "options {", f'  directory "{home}"; pid-file "{home}/named.pid"; session-keyfile "{home}/session.key";', f"  listen-on {{ {four}; }}; listen-on-v6 {{ {six}; }};",
        f"  {rules};", "  version none; dnssec-validation no; notify no; check-names primary ignore;", "};", "controls { };",
    ]  # fmt: skip
    return "\n".join([*lines, *(f'zone "{name}" {{ type primary; file "{file}"; check-integrity no; }};' for name, file in files.items())]) + "\n"


def _nsd(home: Path, addresses: Sequence[str], files: Mapping[str, Path]) -> str:
    lines = [
        "server:", *(f"  ip-address: {a}" for a in addresses), '  username: ""', '  chroot: ""', f'  zonesdir: "{home}"', '  database: ""', f'  pidfile: "{home}/nsd.pid"',
        f'  xfrdfile: "{home}/xfrd.state"', f'  zonelistfile: "{home}/zone.list"', f'  xfrdir: "{home}"', "  hide-version: yes", "  server-count: 1", "remote-control:", "  control-enable: no",
    ]  # fmt: skip
    return "\n".join([*lines, *(line for name, file in files.items() for line in ("zone:", f'  name: "{name}"', f'  zonefile: "{file}"'))]) + "\n"
