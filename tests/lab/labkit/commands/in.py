"""Run a command as root in a host (or in a router's or the world's network, by name)."""

from __future__ import annotations

import argparse
import os

from tests.lab.labkit import network
from tests.lab.labkit.lab import Lab
from tests.lab.labkit.place import Place


def arguments(parser: argparse.ArgumentParser) -> None:
    """HOST COMMAND…"""
    parser.add_argument("host")
    parser.add_argument("words", nargs=argparse.REMAINDER, metavar="COMMAND")


def run(given: argparse.Namespace) -> int:
    """Become the command."""
    lab = Lab()
    if not given.inside:
        return lab.roof.lab(["in", given.host, *given.words])
    words = given.words or ["sh"]
    if given.host in (network.WORLD, network.CLIENT4, network.CLIENT6):
        command = [*Place(given.host).prefix, *words]
    else:
        machine = lab.routers().get(given.host) or lab.host(given.host)
        command = machine.command(words)
    os.execvp(command[0], command)
