"""All signatures of a zone end within twenty hours."""

from __future__ import annotations

from tests.lab.faults._parts import dns
from tests.lab.labkit.lab import Lab

USUAL = "are.example"


def switch(lab: Lab, where: str, *, on: bool) -> str:
    """About to end, or fresh again."""
    tree = dns(lab)
    if on:
        tree.expire_soon(where)
    else:
        tree.mend(where, "signed_days")
    return f"serial {tree.serial}"
