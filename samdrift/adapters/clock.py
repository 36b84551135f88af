"""Clock: the only place that reads the time; rooms get an instant."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def now() -> datetime:
    """The instant now, aware, in UTC."""
    return datetime.now(UTC)


def elapsed_s() -> float:
    """Seconds on a clock that never goes back; only differences mean something."""
    return time.monotonic()
