"""Clock: the only place that reads the time; rooms get an instant."""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime, timedelta


def now() -> datetime:
    """The instant now, aware, in UTC."""
    return datetime.now(UTC)


def took_us(since: datetime) -> int:
    """Microseconds from an instant until now."""
    return max(0, (now() - since) // timedelta(microseconds=1))


def elapsed_s() -> float:
    """Seconds on a clock that never goes back; only differences mean something."""
    return time.monotonic()


CALLS = logging.getLogger("samdrift.calls")


def tell_call(what: str, outcome: str, began: float) -> None:
    """Log one outside call and its time, for `-vv`; `began` is time.monotonic(). Neither text may hold a secret."""
    CALLS.debug("%s: %s (%d ms)", what, outcome, (time.monotonic() - began) * 1000)
