"""One of the two Prometheus servers is dead."""

from __future__ import annotations

from tests.lab.labkit.lab import Lab

USUAL = "prometheus-1"


def switch(lab: Lab, where: str, *, on: bool) -> str:
    """Kill it, or start it again."""
    part = lab.part(where)
    if on:
        part.processes["prometheus"].kill()
        return "killed"
    part.start()
    return "started"
