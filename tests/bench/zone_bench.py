"""One signed zone's checks beside zonemaster-cli and dnsviz, all against the lab's own signed tree in one namespace."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.measure import Failed, Figure, command
from tests.lab.labkit.yard import Yard
from tests.lab.parts.dns import Dns, NameServer, Zone, start_dns

SAMDRIFT = Path(sys.executable).parent / "samdrift"
ROOT = NameServer("a.root.example.", "10.20.0.1", "2001:db8:20::1")
FIRST = NameServer("ns1.are.example.", "10.20.1.53", "2001:db8:21::53")
SECOND = NameServer("ns2.are.example.", "10.20.2.53", "2001:db8:22::53")
TREE = [Zone(".", (ROOT,)), Zone("example.", (ROOT,)), Zone("are.example.", (FIRST, SECOND), "www IN A 10.20.1.80")]
PEER = "zonemaster-cli, all its tests"
CHECKS = ("--category", "delegation", "--category", "dnssec", "--category", "dns", "--check", "ipv6-ns-count", "--check", "ipv6-ns-reachable")
"""What both peers look at too: no mail, web or endpoints."""


def peers(dns: Dns, folder: Path) -> dict[str, Sequence[str]]:
    """What each peer is called with; dnsviz needs its two steps."""
    addresses = ",".join(f"{ROOT.name}={f'[{address}]' if ':' in address else address}" for address in ROOT.addresses)
    probe = f"dnsviz probe -A -a . -x .:{addresses} are.example -o {folder}/probe.json && dnsviz grok -t {dns.trust_anchor} -r {folder}/probe.json -o {folder}/grok.json"
    return {
        PEER: ["zonemaster-cli", "--hints", str(dns.hints), "--no-progress", "are.example"],
        "zonemaster-cli, delegation and DNSSEC alone": [
            "zonemaster-cli",
            "--hints",
            str(dns.hints),
            "--no-progress",
            "--test",
            "DNSSEC",
            "--test",
            "Delegation",
            "are.example",
        ],
        "dnsviz probe and grok": ["sh", "-c", probe],
    }


def figures(folder: Path) -> Iterator[Figure]:
    if os.geteuid() != 0:
        yield Figure("zone", "one zone", None, missing="needs root for a namespace of its own")
        return
    with Yard(folder / "yard") as yard, start_dns(TREE, folder / "dns", yard.place) as dns:
        own = [str(SAMDRIFT), "check", "run", "are.example", *CHECKS, "--hints", str(dns.hints), "--trust-anchor", str(dns.trust_anchor), "--no-store", "--output", "json"]
        for what, line in peers(dns, folder).items():
            if shutil.which(what.split()[0].rstrip(",")) is None:
                yield Figure("zone", what, None, missing="not installed: make system, group bench")
                continue
            try:
                yield Figure("zone", what, command([*yard.place.prefix, *line]), beside=None if what == PEER else PEER)
            except Failed as error:
                yield Figure("zone", what, None, missing=str(error))
        bytecode = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
        for what, place, limit in (("samdrift check run, a name in no inventory", folder, 0.6), ("samdrift check run, with the inventory", None, None)):
            try:
                yield Figure("zone", what, command([*yard.place.prefix, *own], folder=place, environment=bytecode), beside=PEER, limit_s=limit)
            except Failed as error:
                yield Figure("zone", what, None, missing=str(error))
