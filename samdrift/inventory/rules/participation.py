"""Nobody takes part outside the agreement's own days, nor twice at once (costs.md K5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from samdrift.inventory.document import Path
from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """`participation-outside` at the date that lies outside, or at the member that leaves no day."""
    for placed in loaded.all("agreements"):
        agreement = placed.thing
        yield from _rows(loaded, placed, agreement.participants, ("participants",))
        for name, pool in agreement.pools.items():
            yield from _rows(loaded, placed, pool.participants, ("pools", name, "participants"))


def _rows(loaded: Loaded, placed: Placed, rows: Any, here: Path) -> Iterator[Problem]:
    head = placed.thing.agreement
    ends: dict[str, date] = {}
    for index, row in enumerate(rows):
        start, end = row.from_ or head.from_, row.to or head.to or date.max
        if row.from_ is not None and (row.from_ < head.from_ or (head.to is not None and row.from_ >= head.to)):
            yield placed.problem(
                "participation-outside", f"{row.from_} is outside the version, {_told(head)}", *here, index, "from"
            )
        elif row.to is not None and (row.to <= start or (head.to is not None and row.to > head.to)):
            yield placed.problem(
                "participation-outside", f"{row.to} is outside the version, {_told(head)}", *here, index, "to"
            )
        elif start < ends.get(row.member, date.min):
            yield placed.problem("participation-outside", f"{row.member} takes part twice on {start}", *here, index)
        member = loaded.by_id("members").get(row.member)
        until = member.thing.until if member else None
        if member is not None and until is not None and until <= start:
            message = f"{row.member} left on {until}, before it takes part on {start}"
            yield placed.problem("participation-outside", message, *here, index, related=(member.place("until"),))
        ends[row.member] = max(end, ends.get(row.member, date.min))


def _told(head: Any) -> str:
    return f"{head.from_} to {head.to or 'further notice'}"


RULE = Rule("participation", ("participation-outside",), judge)
