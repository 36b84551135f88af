"""Alarm: ends the main thread's work when its time is out, so that nothing hangs a run for ever."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from samdrift.model.errors import CouldNotObserve


class TimeIsOut(CouldNotObserve):
    """The work did not end within its time."""


@contextmanager
def alarm(seconds: float, what: str) -> Iterator[None]:
    """TimeIsOut in this block after `seconds`; only in the main thread, elsewhere nothing happens."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(_: int, __: FrameType | None) -> NoReturn:
        raise TimeIsOut(f"{what} did not end within {seconds:g} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
