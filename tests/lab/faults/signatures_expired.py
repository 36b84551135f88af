"""All signatures of a zone ended two days ago."""

from __future__ import annotations

from tests.lab.faults._parts import dns
from tests.lab.labkit.lab import Lab

USUAL = "ostersund.example"


def switch(lab: Lab, where: str, *, on: bool) -> str:
    """Expired, or fresh again."""
    tree = dns(lab)
    if on:
        tree.expire(where)
    else:
        tree.mend(where, "signed_days")
    return f"serial {tree.serial}"
