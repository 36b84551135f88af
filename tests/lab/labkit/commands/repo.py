"""Fetch packages that hosts lack, with what these need, into the apt repository that hosts see read-only as files."""

from __future__ import annotations

import argparse

from tests.lab.labkit import repo


def arguments(parser: argparse.ArgumentParser) -> None:
    """PKG…"""
    parser.add_argument("packages", nargs="+", metavar="PKG")


def run(given: argparse.Namespace) -> int:
    """Fetch and index; prints what was added."""
    for name in repo.fetch(given.packages):
        print(name)
    return 0
