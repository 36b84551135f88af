"""Revision: a folder as it stands in a commit of git, read without touching the working tree."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

from samdrift.adapters.limits import PROGRAM_SECONDS, SIZES
from samdrift.adapters.process import find_program, run
from samdrift.model.errors import WrongUse


def files_at(revision: str, folder: Path) -> dict[str, bytes]:
    """Path below `folder` → bytes, as committed in `revision`; WrongUse when there is no such commit, or no such folder in it."""
    if revision.startswith("-"):
        raise WrongUse(f"{revision!r} is neither a folder nor a revision of git")
    where = folder.resolve()
    ended = run(
        [find_program("git"), "-C", str(where), "archive", "--format=tar", revision, "."],
        limit_seconds=PROGRAM_SECONDS["git"],
        limit_bytes=2 * SIZES["inventory-total"],
    )
    if ended.code != 0 or ended.cut or ended.timed_out:
        raise WrongUse(
            f"{revision!r} is neither a folder nor a revision of git with {folder} in it", help=ended.said or None
        )
    with tarfile.open(fileobj=io.BytesIO(ended.stdout)) as archive:
        opened = ((entry.name.removeprefix("./"), archive.extractfile(entry)) for entry in archive if entry.isfile())
        return {name: file.read() for name, file in opened if file is not None}
