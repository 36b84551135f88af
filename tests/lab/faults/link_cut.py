"""The link between the two sites is cut at both ends."""

from __future__ import annotations

from tests.lab.labkit import network
from tests.lab.labkit.lab import Lab
from tests.lab.labkit.waiting import wait_for

USUAL = "site-link"


def switch(lab: Lab, where: str, *, on: bool) -> str:
    """Down or up; nothing else carries traffic between the sites."""
    stands = lab.topology
    network.cut_link(stands, cut=on)
    wait_for("routes between the sites", lambda: network.linked(stands) != on, 20)
    return f"{where} {'down' if on else 'up'}"
