"""Say what stands, runs and is broken."""

from __future__ import annotations

import argparse
import json

from tests.lab.labkit import lab_parts, network
from tests.lab.labkit.lab import Lab


def arguments(parser: argparse.ArgumentParser) -> None:
    """--output."""
    parser.add_argument("--output", choices=("text", "json"), default="text")


def run(given: argparse.Namespace) -> int:
    """Print; 1 when a host that should run does not."""
    lab = Lab()
    if not given.inside:
        return lab.roof.lab(["status", f"--output={given.output}"])
    stands = lab.topology
    hosts = [
        {"id": h.id, "kind": "host", "site": h.site, "role": h.role, "owners": list(h.owners), "ipv4": h.ipv4, "ipv6": h.ipv6,
         "management": h.management, "state": lab.host(h.id).state()}
        for h in stands.hosts
    ]  # fmt: skip
    routers = [
        {"id": name, "kind": "router", "state": "running" if router.processes["router"].pid else "dead"} for name, router in lab.routers().items()
    ]
    document = {
        "kind": "samdrift/lab", "version": 1, **lab.facts, "folder": str(lab.folder), "controller": stands.operations_host().id,
        "ssh_key": str(lab.key), "known_hosts": str(lab.known_hosts), "ssh_config": str(lab.folder / "ssh" / "config"), "parts": lab_parts.started(lab), "link": "cut" if network.link_is_cut(stands) else "up", "items": [*hosts, *routers],
    }  # fmt: skip
    if given.output == "json":
        print(json.dumps(document, indent=1))
    else:
        print(f"lab {lab.name}: {document['mode']}, link {document['link']}, {lab.folder}")
        for item in document["items"]:
            print(f"  {item['id']:<12} {item['state']:<9} {item.get('site', '')} {item.get('ipv4', '')} {item.get('ipv6', '')}")
    return 0 if all(item["state"] == "running" for item in document["items"]) else 1
