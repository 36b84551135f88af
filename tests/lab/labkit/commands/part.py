"""Start or stop a part of the lab: name servers, web endpoints, UPS, backup target, receiver."""

from __future__ import annotations

import argparse

from tests.lab.labkit import handing_over, lab_parts
from tests.lab.labkit.lab import Lab


def arguments(parser: argparse.ArgumentParser) -> None:
    """NAME start|stop."""
    parser.add_argument("name", choices=sorted(lab_parts.PARTS))
    parser.add_argument("what", choices=("start", "stop"))


def run(given: argparse.Namespace) -> int:
    """Start (ready when it answers) or stop; doing it twice is doing it once."""
    lab = Lab()
    if not given.inside:
        with lab.alone():
            return lab.roof.lab(["part", given.name, given.what])
    part = lab.part(given.name)
    if given.what == "start":
        part.start()
        handing_over.after_start(lab, part)
    else:
        part.stop()
    return 0
