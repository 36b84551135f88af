"""Read CSV files that a command names, within the table of sizes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from samdrift.adapters.limits import SIZES
from samdrift.model.errors import WrongUse


def read_csv_files(paths: Sequence[Path]) -> Mapping[str, bytes]:
    """Path as given → content; WrongUse names a file that cannot be read or is too large."""
    found = {}
    for path in paths:
        try:
            with path.open("rb") as file:
                content = file.read(SIZES["archive"] + 1)
        except OSError as error:
            raise WrongUse(f"cannot read {path}: {error.strerror}", help="name a readable CSV file") from None
        if len(content) > SIZES["archive"]:
            raise WrongUse(f"{path} is over {SIZES['archive']} bytes", help="import it in parts")
        found[str(path)] = content
    return found
