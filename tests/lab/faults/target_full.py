"""A backup target's disk is full to the last block."""

from __future__ import annotations

import contextlib

from tests.lab.faults._parts import target
from tests.lab.labkit.lab import Lab

USUAL = "backup"
BLOCK = bytes(65_536)


def switch(lab: Lab, where: str, *, on: bool) -> str:
    """Fill the disk with a ballast file, or take it away."""
    ballast = target(lab, where).data.parent / "ballast"
    if not on:
        ballast.unlink(missing_ok=True)
        return "ballast gone"
    with ballast.open("ab", buffering=0) as opened, contextlib.suppress(OSError):
        while True:
            opened.write(BLOCK)
    return f"ballast of {ballast.stat().st_size} bytes"
