"""The Debian root that all hosts stand upon: built once from where the machine's own apt gets packages, kept by key."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from tests.lab.labkit import settings

SUITE = "bookworm"
PACKAGES = Path(__file__).parent / "base-packages.txt"
PREPARE = Path(__file__).parent.parent / "programs" / "base.sh"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
PATH = "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"
BUILD_LIMIT_S, OLD_DAYS = 900, 30


def packages() -> list[str]:
    """What the root holds besides minbase."""
    lines = (line.split("#")[0].strip() for line in PACKAGES.read_text().splitlines())
    return sorted(line for line in lines if line)


def key() -> str:
    """Suite and a digest of the package list and of what is done to the root afterwards."""
    text = "\n".join([SUITE, *packages(), PREPARE.read_text()])
    return f"{SUITE}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def current() -> Path | None:
    """The finished root of today's key, None when it must be built."""
    root = settings.base_dir() / key()
    return root if (root.parent / f"{key()}.complete").exists() else None


def age_days(root: Path) -> float:
    """Days since the root was built."""
    return (time.time() - (root.parent / f"{root.name}.complete").stat().st_mtime) / 86_400


def can_build() -> bool:
    """True when the builder is there and the machine's apt knows a Debian mirror of the suite."""
    return shutil.which("mmdebstrap", path=PATH) is not None and bool(sources())


def sources() -> list[str]:
    """One-line sources of this suite, as the machine's own apt has them."""
    apt = shutil.which("apt-get", path=PATH)
    if not apt:
        return []
    asked = "$(CREATED_BY) $(ORIGIN) $(REPO_URI) $(RELEASE) $(COMPONENT)"
    told = subprocess.run([apt, "indextargets", "--format", asked], capture_output=True, text=True, timeout=30, check=False).stdout
    rows = [line.split() for line in told.splitlines()]
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if len(row) == 5 and row[0] == "Packages" and row[1] == "Debian" and row[3].split("-")[0] == SUITE:
            components = found.setdefault((row[2], row[3]), [])
            components += [row[4]] if row[4] not in components else []
    return [f"deb [signed-by={KEYRING}] {uri} {release} {' '.join(names)}" for (uri, release), names in found.items()]


def build() -> Path:
    """Build the root unless it is there; raises LabError with the builder's last lines."""
    done = current()
    if done is not None:
        return done
    if os.geteuid() != 0 or not can_build():
        raise settings.LabError("no Debian root is kept and none can be built: apt-get install mmdebstrap, as root, with a mirror in apt's sources")
    folder = settings.base_dir()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return current() or _build_alone(folder)


def _build_alone(folder: Path) -> Path:
    for left in folder.glob(".building-*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".building-") as scratch:
        root = Path(scratch) / "root"
        command = [
            "mmdebstrap", "--mode=root", "--variant=minbase", "--format=directory", f"--include={','.join(packages())}",
            '--aptopt=Apt::Install-Recommends "false"', "--dpkgopt=path-exclude=/usr/share/man/*",
            "--dpkgopt=path-exclude=/usr/share/locale/*", "--dpkgopt=path-exclude=/usr/share/doc/*", "--dpkgopt=force-unsafe-io",
            f'--customize-hook=sh {PREPARE} "$1"', SUITE, str(root), "-",
        ]  # fmt: skip
        told = subprocess.run(
            command, input="\n".join(sources()) + "\n", capture_output=True, text=True, timeout=BUILD_LIMIT_S, check=False,
            env={**os.environ, "PATH": PATH, "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        if told.returncode != 0:
            raise settings.LabError("the Debian root was not built:\n" + "\n".join(told.stderr.splitlines()[-15:]))
        root.rename(folder / key())
    (folder / f"{key()}.complete").touch()
    return folder / key()
