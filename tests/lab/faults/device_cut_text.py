"""A network device's configuration breaks off in the middle, and the link ends."""

from __future__ import annotations

from tests.lab.labkit.lab import Lab
from tests.lab.parts.devices import Devices

USUAL = "sw-a1-1"


def switch(lab: Lab, where: str, *, on: bool) -> str:
    """Cut, or whole again."""
    part = lab.part("switch")
    assert isinstance(part, Devices)
    part.change(where, fault="cut" if on else "")
    return "cut" if on else "whole"
