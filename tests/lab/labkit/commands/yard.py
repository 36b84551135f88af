"""Run a command in a fresh network of its own, with no way out and any address free; needs no root."""

from __future__ import annotations

import argparse
import os

SPACES = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
BEGIN = 'mount -t tmpfs tmpfs /run 2>/dev/null; ip link set lo up && exec "$@"'


def arguments(parser: argparse.ArgumentParser) -> None:
    """COMMAND…"""
    parser.add_argument("words", nargs=argparse.REMAINDER, metavar="COMMAND")


def run(given: argparse.Namespace) -> int:
    """Become the command, as root of a user namespace when we are not root."""
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    os.environ["PATH"] = f"{os.environ.get('PATH', '/usr/bin:/bin')}:/usr/sbin:/sbin"
    command = [*SPACES, *user, "--", "sh", "-c", BEGIN, "yard", *(given.words or ["sh"])]
    os.execvp(command[0], command)
