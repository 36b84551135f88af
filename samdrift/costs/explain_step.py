"""Step: one line of arithmetic in an explanation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """`kind` names what is worked out; `expression` = `result`; `source` is a document with its row, a pool, a key or a line."""

    kind: str
    expression: str
    result: str
    source: str | None = None
