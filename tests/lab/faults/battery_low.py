"""A UPS has lost its mains and says that its battery is nearly empty."""

from __future__ import annotations

from tests.lab.faults._parts import ups
from tests.lab.labkit.lab import Lab

USUAL = "ups-a"


def switch(lab: Lab, where: str, *, on: bool) -> str:
    """Nearly empty, or on line again; gives what the UPS says."""
    one = ups(lab, where)
    if on:
        one.on_battery(low=True)
    else:
        one.on_line()
    return one.get("ups.status")
