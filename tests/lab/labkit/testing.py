"""A lab for tests: up before, down after, and short ways to what a test asks of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.lab.labkit import settings
from tests.lab.labkit.roof import LAB

Done = subprocess.CompletedProcess[str]
LIMIT_S = 300


class TestLab:
    """The lab of one name, through its command line alone."""

    __test__ = False

    def __init__(self, name: str) -> None:
        self.name = name
        self.directory = settings.lab_dir() / "labs" / name

    def lab(self, *arguments: str, check: bool = True, limit_s: float = LIMIT_S) -> Done:
        """Run a command of the lab; AssertionError with its words when it fails."""
        done = subprocess.run([str(LAB), *arguments], capture_output=True, text=True, timeout=limit_s, check=False, env=self.environment)
        if check and done.returncode != 0:
            raise AssertionError(f"lab {' '.join(arguments)}: exit {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
        return done

    @property
    def environment(self) -> dict[str, str]:
        """Ours, with the lab's name."""
        return {**os.environ, "LAB_NAME": self.name}

    def up(self, *arguments: str) -> Done:
        """Bring it up."""
        return self.lab("up", *arguments)

    def down(self) -> Done:
        """Take it down."""
        return self.lab("down")

    @property
    def status(self) -> dict[str, Any]:
        """What stands and runs."""
        return dict(json.loads(self.lab("status", "--output", "json", check=False).stdout))

    @property
    def inventory(self) -> Path:
        """The lab's inventory, with the day's host keys."""
        return self.directory / "inventory"

    @property
    def truth(self) -> list[dict[str, str]]:
        """What was broken and mended, in order."""
        path = self.directory / "truth.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def host(self, name: str, *command: str, check: bool = True) -> Done:
        """Run a command as root in a host (or in the network of a router, world, client4, client6)."""
        return self.lab("in", name, *command, check=check)

    def ctl(self, *command: str, site: str = "", check: bool = True) -> Done:
        """Run a command in a controller's network."""
        return self.lab("ctl", f"--site={site}", *command, check=check)

    def ssh(self, address: str, *command: str, site: str = "", check: bool = True) -> Done:
        """From a controller to a host as user drift, host keys checked."""
        return self.ctl(*self.ssh_command, f"drift@{address}", *command, site=site, check=check)

    @property
    def ssh_command(self) -> Sequence[str]:
        """ssh as it must be called."""
        folder = self.directory / "ssh"
        options = ["BatchMode=yes", "StrictHostKeyChecking=yes", f"UserKnownHostsFile={folder}/known_hosts", "ConnectTimeout=3"]
        return ["ssh", "-F", "none", "-i", f"{folder}/id_ed25519", *[word for option in options for word in ("-o", option)]]

    def part(self, name: str, what: str = "start") -> Done:
        """Start or stop a part."""
        return self.lab("part", name, what)

    def fault(self, name: str, state: str = "on", at: str | None = None) -> Done:
        """Switch a fault."""
        return self.lab("fault", name, state, *(["--at", at] if at else []))


def checkout(folder: Path) -> Path:
    """The repository, or a copy of the lab where other users may not enter the repository's own folder."""
    if all(parent.stat().st_mode & 0o005 == 0o005 for parent in (settings.REPOSITORY, *settings.REPOSITORY.parents)):
        return settings.REPOSITORY
    copy = folder / "checkout"
    for part in ("tests", "samdrift", "inventory"):
        shutil.copytree(settings.REPOSITORY / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
    return copy
