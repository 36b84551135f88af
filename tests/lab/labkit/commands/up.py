"""Bring the lab up: network, routers and hosts, ready when they answer."""

from __future__ import annotations

import argparse
import sys
import time

from tests.lab.labkit import abilities, settings, topology
from tests.lab.labkit.host import Mode
from tests.lab.labkit.lab import Lab


def arguments(parser: argparse.ArgumentParser) -> None:
    """--hosts, --mode, --from."""
    parser.add_argument("--hosts", type=int, default=topology.USUAL, metavar="N", help="Debian hosts, 4 to 12 (6 if not said); two routers come beside them")
    parser.add_argument("--mode", choices=("systemd", "plain"), help="systemd at level full, else plain")
    parser.add_argument("--from", dest="layer", metavar="LAYER", help="hosts stand upon a layer made by freeze")


def run(given: argparse.Namespace) -> int:
    """Up, or down again when anything fails."""
    lab = Lab()
    if given.inside:
        lab.build()
        return 0
    if not topology.FEWEST <= given.hosts <= topology.MOST:
        raise settings.LabError(f"--hosts {given.hosts}: from {topology.FEWEST} to {topology.MOST}")
    if given.layer and not (settings.layers_dir() / given.layer).is_dir():
        raise settings.LabError(f"no layer {given.layer}: tests/lab/lab freeze {given.layer}")
    mode = Mode(given.mode or _mode())
    begun = time.monotonic()
    with lab.alone():
        lab.prepare(given.hosts, mode, given.layer)
        try:
            lab.roof.start()
            code = lab.roof.lab(["up"])
        except BaseException:
            lab.clear()
            raise
        if code != 0:
            lab.clear()
            return code
    print(f"lab {lab.name}: {given.hosts} hosts ({mode.name}) and 2 routers in {time.monotonic() - begun:.1f} s", file=sys.stderr)
    return 0


def _mode() -> str:
    level = abilities.level()
    if level not in ("plain", "full"):
        raise settings.LabError(f"level {level}: hosts need level plain or full (tests/lab/lab doctor)")
    return "systemd" if level == "full" else "plain"
