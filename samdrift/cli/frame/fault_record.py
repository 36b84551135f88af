"""The record of an own fault: the traceback in the state folder, for whoever mends it."""

from __future__ import annotations

import contextlib
import os
import platform
import tempfile
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from samdrift import __version__


def record(error: Exception, folder: Path) -> Path | None:
    """Write the traceback (code and lines, no values) below the state folder, else into TMPDIR or the machine's temporary folder; None when none takes it."""
    at = datetime.now(UTC)
    text = f"samdrift {__version__}, Python {platform.python_version()}, {at.isoformat()}\n" + "".join(traceback.format_exception(error))
    for place in _places(folder):
        with contextlib.suppress(OSError):
            place.mkdir(mode=0o700, exist_ok=True)
            path = place / f"samdrift-fault-{at:%Y%m%dT%H%M%S}-{os.getpid()}.txt"
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as opened:
                opened.write(text)
            return path
    return None


def _places(folder: Path) -> Iterator[Path]:
    """Where a record may lie, the best first. TMPDIR is read now: the library keeps the folder that it once found."""
    if folder.is_dir():
        yield folder / "faults"
    if named := os.environ.get("TMPDIR"):
        yield Path(named)
    with contextlib.suppress(OSError):
        yield Path(tempfile.gettempdir())
