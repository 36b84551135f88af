"""Print the one apt command that brings what the lab's highest level needs; run it with --yes."""

from __future__ import annotations

import argparse
import os
import subprocess
from pathlib import Path

from tests.lab.labkit import abilities, base
from tests.lab.labkit.settings import LabError

POLICY = Path("/usr/sbin/policy-rc.d")


def arguments(parser: argparse.ArgumentParser) -> None:
    """--yes."""
    parser.add_argument("--yes", action="store_true", help="run it, with Debian's own services held off")


def run(given: argparse.Namespace) -> int:
    """Print, and with --yes install."""
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *abilities.packages()]
    print(" ".join(command))
    if not given.yes:
        return 0
    if os.geteuid() != 0:
        raise LabError("installing needs root")
    held = POLICY.exists()
    if not held:
        POLICY.write_text("#!/bin/sh\nexit 101\n")
        POLICY.chmod(0o755)
    try:
        if not base.sources():
            subprocess.run(["apt-get", "update"], check=False)
        return subprocess.run(command, check=False, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}).returncode and 1
    finally:
        if not held:
            POLICY.unlink(missing_ok=True)
