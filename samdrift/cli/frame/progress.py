"""Progress: a line that renews itself on a terminal, otherwise one stderr line each 10 s (interface.md U6)."""

from __future__ import annotations

import os
import sys
import time
from typing import Self

from samdrift.model.written import duration

FIRST_S, TERMINAL_EVERY_S, PIPE_EVERY_S = 1.0, 0.2, 10.0


class Progress:
    """Counts `step()`s of `total` things; says nothing before a second has gone, nothing at all when quiet."""

    def __init__(self, what: str, total: int, *, quiet: bool) -> None:
        self._what, self._total, self._quiet = what, total, quiet
        self._done = 0
        self._began = time.monotonic()
        self._in_place = sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._next = self._began + (FIRST_S if self._in_place else PIPE_EVERY_S)
        self._written = False

    def step(self, count: int = 1) -> None:
        """So many more are done."""
        self._done += count
        now = time.monotonic()
        if self._quiet or sys.stderr is None or now < self._next:
            return
        self._next = now + (TERMINAL_EVERY_S if self._in_place else PIPE_EVERY_S)
        line = f"{self._what}: {self._done} of {self._total}, {duration(int(now - self._began))}".replace("\u00a0", " ")
        self._put(f"\r\x1b[K{line}" if self._in_place else f"{line}\n")

    def _put(self, text: str) -> None:
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except (OSError, ValueError):
            self._quiet = True
        self._written = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._written and self._in_place and not self._quiet:
            self._put("\r\x1b[K")
