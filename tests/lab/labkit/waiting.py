"""Wait for a condition with a limit, and say what was last seen when it never came."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class NotReadyError(RuntimeError):
    """A condition did not come about within its limit."""


def wait_for(what: str, look: Callable[[], T], limit_s: float = 15.0, every_s: float = 0.05) -> T:
    """Give the first true answer of `look`; raise NotReadyError naming the last thing seen after `limit_s`.

    An exception of OSError's kind counts as "not yet".
    """
    ends = time.monotonic() + limit_s
    seen: object = None
    while True:
        try:
            answer = look()
            if answer:
                return answer
            seen = answer
        except OSError as error:
            seen = error
        if time.monotonic() >= ends:
            raise NotReadyError(f"{what}: not within {limit_s:g} s; last seen: {seen!r}")
        time.sleep(every_s)
