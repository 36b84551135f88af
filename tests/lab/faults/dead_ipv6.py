"""One IPv6 address is silent: of a name server, or of a web endpoint whose IPv4 still answers."""

from __future__ import annotations

from pathlib import Path

from tests.lab.faults._parts import dns
from tests.lab.labkit import lab_parts, network
from tests.lab.labkit.addresses import silence
from tests.lab.labkit.lab import Lab

USUAL = "2001:db8:23::53"


def switch(lab: Lab, where: str, *, on: bool) -> str:
    """Packets to the address are dropped where it lives, or no longer."""
    if (lab.folder / "parts" / "dns").exists():
        tree = dns(lab)
        for server in tree.servers.values():
            if where in server.addresses:
                (tree.dead_address if on else tree.revive)(server.name, where)
                return server.name
    host = next((h for h in lab.topology.hosts if where in (h.ipv6, *h.others)), None)
    place = network.place_of(host) if host else lab_parts.place_for(lab.topology, where)
    silence(place, where, on=on)
    return Path(str(place.namespace)).name
