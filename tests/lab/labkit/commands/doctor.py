"""Say what this machine allows: the level, and for each thing missing its cure; nothing is changed."""

from __future__ import annotations

import argparse
import json

from tests.lab.labkit import abilities


def arguments(parser: argparse.ArgumentParser) -> None:
    """--output, --require."""
    parser.add_argument("--output", choices=("text", "json"), default="text")
    parser.add_argument("--require", choices=abilities.LEVELS, help="exit 1 below this level")


def run(given: argparse.Namespace) -> int:
    """Print; 1 below the required level."""
    tried = abilities.abilities()
    level, programs = abilities.level(), abilities.missing_programs()
    if given.output == "json":
        items = [{"ability": a.name, "level": a.level, "there": a.there, "cure": None if a.there else a.cure} for a in tried]
        items += [{"ability": name, "level": "user", "there": False, "cure": f"apt-get install {p}"} for name, p in programs.items()]
        print(json.dumps({"kind": "samdrift/lab-doctor", "version": 1, "level": level, "items": items}, indent=1))
    else:
        print(f"level {level}")
        for one in tried:
            print(f"  {'✓ there  ' if one.there else '✗ missing'} {one.name}{'' if one.there else f': {one.cure} (level {one.level})'}")
        for name, package in programs.items():
            print(f"  ✗ missing {name}: apt-get install {package} (parts only, not the level)")
    short = given.require and abilities.LEVELS.index(level) < abilities.LEVELS.index(given.require)
    return 1 if short else 0
