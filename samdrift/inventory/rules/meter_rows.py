"""A meter of meters.yml that is not shipped says what it is; its units fit its base, its selector is a plain one (costs.md M1, M10, 5)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem
from samdrift.model.quantity import read_duration
from samdrift.model.unit import UNITS, per_priced, read_rate

NEEDED = ("kind", "base", "priced")
SELECTOR = re.compile(r'[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*(=|!=|=~|!~)"([^"\\]|\\.)*"(, ?|(?=\})))*\})?')
"""A metric and label matchers: no function, no operator, no range; what is invoiced comes from raw samples."""


def judge(loaded: Loaded) -> Iterator[Problem]:
    """`missing-key` for an added meter without kind, base or priced, `unit-mismatch`, `out-of-range` for a silence, `meter-query` for a selector that is none."""
    shipped = loaded.known.meters or frozenset()
    for placed in loaded.all("meters"):
        row = placed.thing
        missing = [key for key in NEEDED if getattr(row, key) is None] if row.id not in shipped and loaded.known.meters is not None else []
        if missing and placed.whole:
            yield placed.problem("missing-key", f"{row.id} is not shipped and lacks {', '.join(missing)}", help="for example kind: gauge, base: byte, priced: GiB-day")
        yield from _units(placed)
        if row.selector is not None and not SELECTOR.fullmatch(row.selector):
            yield placed.problem("meter-query", f"{row.selector!r} is no plain selector", "selector", help='a metric and label matchers alone: if_octets{site="hall-are"}')


def _units(placed: Placed) -> Iterator[Problem]:
    row = placed.thing
    if row.kind is not None and row.base is not None and row.priced is not None:
        try:
            per_priced(row.kind, row.base, row.priced)
        except ValueError as error:
            yield placed.problem("unit-mismatch", str(error), "priced")
    if row.max_rate is not None:
        faults = [fault for base in ([row.base] if row.base else UNITS) if (fault := _fault(row.max_rate, base))]
        if len(faults) == (1 if row.base else len(UNITS)):
            yield placed.problem("unit-mismatch", faults[0], "max_rate")
    if row.max_gap not in {None, "none"}:
        try:
            read_duration(row.max_gap)
        except ValueError as error:
            yield placed.problem("out-of-range", str(error), "max_gap", help="a duration or none")


def _fault(rate: str, base: str) -> str | None:
    try:
        read_rate(rate, base)
    except ValueError as error:
        return str(error)
    return None


RULE = Rule("meter-rows", ("missing-key", "unit-mismatch", "out-of-range", "meter-query"), judge)
