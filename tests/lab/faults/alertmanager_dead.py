"""One of the two Alertmanagers is dead."""

from __future__ import annotations

from tests.lab.labkit.lab import Lab

USUAL = "alertmanager-1"


def switch(lab: Lab, where: str, *, on: bool) -> str:
    """Kill it, or start it again."""
    part = lab.part(where)
    if on:
        part.processes["alertmanager"].kill()
        return "killed"
    part.start()
    return "started"
