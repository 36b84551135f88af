"""A host's power is cut; off starts it again."""

from __future__ import annotations

from tests.lab.labkit.lab import Lab

USUAL = "ost-lib-2"


def switch(lab: Lab, where: str, *, on: bool) -> str:
    """Kill process 1, or start and wait until the host answers."""
    host = lab.host(where)
    if on:
        host.kill()
        return "killed"
    host.start()
    host.wait_ready()
    return "started"
