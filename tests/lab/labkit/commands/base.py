"""Build the Debian root that hosts stand upon, unless it is kept already; print where it lies."""

from __future__ import annotations

import argparse
import sys
import time

from tests.lab.labkit import base


def arguments(parser: argparse.ArgumentParser) -> None:
    """--key."""
    parser.add_argument("--key", action="store_true", help="print the key that a cache may use, and build nothing")


def run(given: argparse.Namespace) -> int:
    """Build, and say how old a kept one is."""
    if given.key:
        print(base.key())
        return 0
    begun = time.monotonic()
    kept = base.current()
    root = kept or base.build()
    print(root)
    if kept and base.age_days(root) > base.OLD_DAYS:
        print(f"lab: this root is {base.age_days(root):.0f} days old; remove it to build a new one", file=sys.stderr)
    if not kept:
        print(f"lab: built in {time.monotonic() - begun:.0f} s", file=sys.stderr)
    return 0
