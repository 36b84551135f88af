"""The record of an own fault: the traceback in the state folder, for whoever mends it."""

from __future__ import annotations

import contextlib
import os
import platform
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

from samdrift import __version__


def record(error: Exception, folder: Path) -> Path | None:
    """Write the traceback (code and lines, no values) below the state folder, else below the machine's temporary one; None when neither takes it."""
    at = datetime.now(UTC)
    text = f"samdrift {__version__}, Python {platform.python_version()}, {at.isoformat()}\n" + "".join(traceback.format_exception(error))
    for place in (folder / "faults", Path(tempfile.gettempdir())):
        with contextlib.suppress(OSError):
            if place.name == "faults" and not folder.is_dir():
                continue
            place.mkdir(mode=0o700, exist_ok=True)
            path = place / f"samdrift-fault-{at:%Y%m%dT%H%M%S}-{os.getpid()}.txt"
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as opened:
                opened.write(text)
            return path
    return None
