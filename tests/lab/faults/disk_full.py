"""A host's disk is full to the last block."""

from __future__ import annotations

from tests.lab.labkit.lab import Lab

USUAL = "ost-lib-2"
BALLAST = "/var/tmp/lab-ballast"


def switch(lab: Lab, where: str, *, on: bool) -> str:
    """Fill the disk with one file, or take the file away."""
    host = lab.host(where)
    if on:
        host.run(["sh", "-c", f"cat /dev/zero >{BALLAST}"], limit_s=300)
    else:
        host.run(["rm", "-f", BALLAST])
    return host.run(["df", "--output=avail", "/"]).stdout.split()[-1] + " KiB free"
