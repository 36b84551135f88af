"""Run a command in the controller's network: files and programs are the machine's, addresses the lab's."""

from __future__ import annotations

import argparse
import os

from tests.lab.labkit import network, settings
from tests.lab.labkit.lab import Lab


def arguments(parser: argparse.ArgumentParser) -> None:
    """--site, COMMAND…"""
    parser.add_argument("--site", default="", help="the site whose controller is meant; the first if none")
    parser.add_argument("words", nargs=argparse.REMAINDER, metavar="COMMAND")


def run(given: argparse.Namespace) -> int:
    """Become the command; LAB_STATE names the lab's folder to it."""
    lab = Lab()
    if not given.inside:
        return lab.roof.lab(["ctl", f"--site={given.site}", *given.words])
    if given.site and given.site not in {s.id for s in lab.topology.sites}:
        raise settings.LabError(f"no site {given.site}")
    host = lab.topology.operations_host(given.site)
    command = [*network.place_of(host).prefix, *(given.words or ["sh"])]
    os.environ["LAB_STATE"] = str(lab.folder)
    os.execvp(command[0], command)
