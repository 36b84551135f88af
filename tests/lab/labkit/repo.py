"""The hosts' apt repository: packages fetched by the machine's own apt, solved against the base's dpkg status."""

from __future__ import annotations

import fcntl
import gzip
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.lab.labkit import base, settings

FETCH_LIMIT_S = 600


def fetch(packages: Sequence[str]) -> list[str]:
    """Download packages and their dependencies that the base lacks and the repository has not yet; gives the names of the files added."""
    root = base.build()
    folder = settings.repo_dir()
    folder.mkdir(parents=True, exist_ok=True)
    packages = [name for name in packages if not any(folder.glob(f"{name}_*.deb")) and not (root / "var/lib/dpkg/info" / f"{name}.list").exists()]
    if not packages:
        return []
    with (folder / ".lock").open("w") as lock, tempfile.TemporaryDirectory(dir=folder.parent, prefix=".fetching-") as scratch:
        fcntl.flock(lock, fcntl.LOCK_EX)
        archives = Path(scratch) / "archives"
        (archives / "partial").mkdir(parents=True)
        told = subprocess.run(
            [
                "apt-get", "install", "--yes", "--download-only", "--no-install-recommends", "-o", f"Dir::State::status={root}/var/lib/dpkg/status",
                "-o", f"Dir::Cache::archives={archives}", "-o", "Debug::NoLocking=true", "-o", "APT::Sandbox::User=root", *packages,
            ],
            capture_output=True, text=True, timeout=FETCH_LIMIT_S, check=False, env={**os.environ, "LC_ALL": "C"},
        )  # fmt: skip
        if told.returncode != 0:
            raise settings.LabError(f"packages were not fetched: {told.stderr.strip()[-800:]}")
        added = []
        for deb in sorted(archives.glob("*.deb")):
            if not (folder / deb.name).exists():
                shutil.move(deb, folder / deb.name)
                added.append(deb.name)
        index(folder)
    return added


def index(folder: Path) -> None:
    """Write Packages and Release anew."""
    listed = subprocess.run(["apt-ftparchive", "packages", "."], cwd=folder, capture_output=True, timeout=120, check=True).stdout
    for name, text in (("Packages", listed), ("Packages.gz", gzip.compress(listed, mtime=0))):
        (folder / f".{name}").write_bytes(text)
        (folder / f".{name}").replace(folder / name)
    released = subprocess.run(["apt-ftparchive", "release", "."], cwd=folder, capture_output=True, timeout=120, check=True).stdout
    (folder / ".Release").write_bytes(released)
    (folder / ".Release").replace(folder / "Release")
