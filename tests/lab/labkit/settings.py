"""The lab's name and folders, from LAB_NAME and LAB_DIR."""

from __future__ import annotations

import os
import re
from pathlib import Path

NAME = re.compile(r"[a-z][a-z0-9-]{0,14}")
REPOSITORY = Path(__file__).resolve().parents[3]


class LabError(RuntimeError):
    """The lab cannot do what was asked; the message says why and what to do."""


class BusyError(LabError):
    """Another command works on a lab of the same name."""


def lab_name() -> str:
    """LAB_NAME, by default `lab`: letters, digits, hyphens, at most 15."""
    name = os.environ.get("LAB_NAME") or "lab"
    if not NAME.fullmatch(name):
        raise LabError(f"LAB_NAME={name!r}: a small letter, then small letters, digits and hyphens, at most 15")
    return name


def lab_dir() -> Path:
    """LAB_DIR; by default /var/cache/samdrift-lab for root and the XDG cache folder for others."""
    told = os.environ.get("LAB_DIR")
    if told:
        return Path(told).absolute()
    if os.geteuid() == 0:
        return Path("/var/cache/samdrift-lab")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "samdrift-lab"


def base_dir() -> Path:
    """Where Debian roots lie, shared by all labs."""
    return lab_dir() / "base"


def repo_dir() -> Path:
    """The apt repository that hosts see as files, shared by all labs."""
    return lab_dir() / "repo"


def layers_dir() -> Path:
    """Frozen layers of hosts, shared by all labs."""
    return lab_dir() / "layers"


def work_dir() -> Path:
    """The state of the lab of this name; goes with `down`."""
    return lab_dir() / "labs" / lab_name()
