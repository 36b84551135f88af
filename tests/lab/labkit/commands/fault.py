"""Break something, or mend it; each switch is written to the lab's truth.jsonl. Without a name: what there is."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
from typing import Any

from tests.lab import faults
from tests.lab.labkit.lab import Lab

NAMES = sorted(found.name.replace("_", "-") for found in pkgutil.iter_modules(faults.__path__) if not found.name.startswith("_"))


def arguments(parser: argparse.ArgumentParser) -> None:
    """[NAME [on|off]] [--at WHERE]."""
    parser.add_argument("name", nargs="?", choices=NAMES, metavar="NAME")
    parser.add_argument("state", nargs="?", choices=("on", "off"), default="on")
    parser.add_argument("--at", metavar="WHERE", help="host, zone, address or part; each fault has a usual one")


def run(given: argparse.Namespace) -> int:
    """Switch; doing it twice is doing it once."""
    if given.name is None:
        for name in NAMES:
            module = _module(name)
            print(f"{name:<20} {(module.__doc__ or '').strip()} Usually at {module.USUAL}.")
        return 0
    lab = Lab()
    where = given.at or _module(given.name).USUAL
    if not given.inside:
        with lab.alone():
            return lab.roof.lab(["fault", given.name, given.state, f"--at={where}"])
    did = _module(given.name).switch(lab, where, on=given.state == "on")
    lab.told(given.name, where, given.state, did)
    return 0


def _module(name: str) -> Any:
    return importlib.import_module(f"{faults.__name__}.{name.replace('-', '_')}")
