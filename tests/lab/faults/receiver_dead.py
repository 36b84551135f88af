"""The receiver of mail and webhooks is dead."""

from __future__ import annotations

from tests.lab.labkit.lab import Lab

USUAL = "receiver"


def switch(lab: Lab, where: str, *, on: bool) -> str:
    """Kill it, or start it again; what it received stays."""
    part = lab.part(where)
    if on:
        part.processes["receiver"].kill()
        return "killed"
    part.start()
    return "started"
