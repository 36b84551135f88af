"""The second name server no longer serves a zone that is delegated to it."""

from __future__ import annotations

from tests.lab.faults._parts import dns
from tests.lab.labkit.lab import Lab

USUAL = "are.example"
SERVER = "ns2.jamtnet.example"


def switch(lab: Lab, where: str, *, on: bool) -> str:
    """Refuses, or serves again."""
    tree = dns(lab)
    if on:
        tree.lame(where, SERVER)
    else:
        tree.mend(where, "lame")
    return SERVER
