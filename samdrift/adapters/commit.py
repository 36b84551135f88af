"""Commit: which commit a checked-out folder stands at, read from git's own files; `unknown` without git (inventory.md 8)."""

from __future__ import annotations

import re
from pathlib import Path

_HASH = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
UNKNOWN = "unknown"


def commit_of(folder: Path) -> str:
    """The hash that HEAD of the repository around `folder` names, or `unknown`; never runs a program."""
    try:
        here = folder.resolve()
        git = next((parent / ".git" for parent in (here, *here.parents) if (parent / ".git").exists()), None)
        if git is None:
            return UNKNOWN
        if git.is_file():
            git = (git.parent / git.read_text().removeprefix("gitdir:").strip()).resolve()
        return _resolved(git, (git / "HEAD").read_text().strip())
    except (OSError, ValueError):
        return UNKNOWN


def _resolved(git: Path, head: str) -> str:
    if not head.startswith("ref: "):
        return head if _HASH.fullmatch(head) else UNKNOWN
    name = head.removeprefix("ref: ")
    common = git / "commondir"
    for place in (git, git / common.read_text().strip() if common.exists() else git):
        if (place / name).is_file():
            return (place / name).read_text().strip()
        packed = place / "packed-refs"
        if packed.is_file():
            for line in packed.read_text().splitlines():
                if line.endswith(f" {name}"):
                    return line.split(" ")[0]
    return UNKNOWN
