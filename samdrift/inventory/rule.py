"""Rule: one cross-rule over the whole inventory; each file of rules/ registers one (I9, I10)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from samdrift.inventory.placed import Loaded
from samdrift.model.problem import Problem


@dataclass(frozen=True, slots=True)
class Rule:
    """`codes` are all that `judge` may give; a waiver names one of them. Judging never takes time that grows with the square."""

    id: str
    codes: tuple[str, ...]
    judge: Callable[[Loaded], Iterable[Problem]]
