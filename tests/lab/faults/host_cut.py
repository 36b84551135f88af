"""A host's cable is pulled at the switch."""

from __future__ import annotations

from tests.lab.labkit import network
from tests.lab.labkit.lab import Lab

USUAL = "ost-lib-2"


def switch(lab: Lab, where: str, *, on: bool) -> str:
    """Pulled or put back; nothing inside the host is touched."""
    lab.host(where)
    network.cut_host(lab.topology, lab.topology.host(where), cut=on)
    return "pulled" if on else "put back"
