"""Keep what the hosts have become as a layer that later hosts stand upon (up --from LAYER); the lab goes down."""

from __future__ import annotations

import argparse
import re
import shutil

from tests.lab.labkit import settings
from tests.lab.labkit.host import freeze
from tests.lab.labkit.lab import Lab

NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")


def arguments(parser: argparse.ArgumentParser) -> None:
    """LAYER."""
    parser.add_argument("layer", help="a new name; letters, digits, hyphens")
    parser.add_argument("--replace", action="store_true", help="take the place of a layer of this name")


def run(given: argparse.Namespace) -> int:
    """Stop the hosts, copy their upper layers, take the lab down."""
    lab = Lab()
    target = settings.layers_dir() / given.layer
    if given.inside:
        for host in lab.hosts().values():
            host.run(["sync"])
            host.kill()
            freeze(host, target / host.name)
        return 0
    if not NAME.fullmatch(given.layer):
        raise settings.LabError(f"layer {given.layer!r}: small letters, digits and hyphens")
    if target.exists() and not given.replace:
        raise settings.LabError(f"layer {given.layer} is there already: --replace takes its place")
    if lab.facts["layer"]:
        raise settings.LabError(f"this lab stands upon {lab.facts['layer']}: freeze a lab that stands on the base alone")
    with lab.alone():
        shutil.rmtree(target, ignore_errors=True)
        code = lab.roof.lab(["freeze", given.layer])
        lab.clear()
    return code
