"""Take the lab down, whole or half up; nothing of it is left, kept roots and layers stay."""

from __future__ import annotations

import argparse
import sys
import time

from tests.lab.labkit import lab as labs
from tests.lab.labkit.lab import Lab


def arguments(parser: argparse.ArgumentParser) -> None:
    """--all."""
    parser.add_argument("--all", action="store_true", help="labs of every name")


def run(given: argparse.Namespace) -> int:
    """Take down; 0 also when nothing was up."""
    begun = time.monotonic()
    names = labs.all_names() if given.all else [Lab().name]
    for name in names:
        lab = Lab(name)
        lab.clear()
        print(f"lab {name}: down in {time.monotonic() - begun:.1f} s", file=sys.stderr)
    return 0
