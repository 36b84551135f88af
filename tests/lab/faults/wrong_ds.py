"""The registry publishes a DS that matches no key of a zone."""

from __future__ import annotations

from tests.lab.faults._parts import dns
from tests.lab.labkit.lab import Lab

USUAL = "krokom.example"


def switch(lab: Lab, where: str, *, on: bool) -> str:
    """Wrong, or right again."""
    tree = dns(lab)
    if on:
        tree.wrong_ds(where)
    else:
        tree.mend(where, "wrong_ds")
    return f"serial {tree.serial}"
