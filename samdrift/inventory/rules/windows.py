"""Windows come in the next 35 days, and freezes end after they begin (playbooks.md 5, I10)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.period import STOCKHOLM, local_day
from samdrift.model.problem import Problem

_AHEAD_DAYS = 35
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def judge(loaded: Loaded) -> Iterator[Problem]:
    """`freeze-backwards` at `until`; the warning `window-none-ahead` when freezes take every occurrence."""
    for placed in loaded.all("freezes"):
        for name in ("from", "until"):
            yield from _local(
                placed, name, datetime.fromisoformat(placed.thing.from_ if name == "from" else placed.thing.until)
            )
        if placed.thing.until <= placed.thing.from_:
            yield placed.problem(
                "freeze-backwards", f"the freeze ends on {placed.thing.until}, not after it begins", "until"
            )
    for placed in loaded.all("windows"):
        if not any(_free(loaded, placed, start) for start in _occurrences(loaded, placed)):
            message = f"{placed.id} does not come in the next {_AHEAD_DAYS} days"
            yield placed.problem("window-none-ahead", message, level="warning")


def _local(placed: Placed, name: str, time: datetime) -> Iterator[Problem]:
    """A clock time that the change to or from summer time skips or repeats."""
    first, second = time.replace(tzinfo=STOCKHOLM), time.replace(tzinfo=STOCKHOLM, fold=1)
    if first.utcoffset() == second.utcoffset():
        return
    if first.astimezone(UTC).astimezone(STOCKHOLM).replace(tzinfo=None) != time:
        yield placed.problem(
            "local-time-absent",
            f"{time:%Y-%m-%d %H:%M} is skipped when summer time begins",
            name,
            help="an hour earlier or later",
        )
    else:
        yield placed.problem(
            "local-time-ambiguous",
            f"{time:%Y-%m-%d %H:%M} comes twice when summer time ends",
            name,
            help="an hour earlier or later",
        )


def _occurrences(loaded: Loaded, placed: Placed) -> Iterator[datetime]:
    """Local starts, without zone as freezes are written."""
    today = local_day(loaded.at)
    for ahead in range(_AHEAD_DAYS):
        day = today + timedelta(days=ahead)
        if _WEEKDAYS[day.weekday()] in placed.thing.weekdays:
            yield datetime.fromisoformat(f"{day}T{placed.thing.start}")


def _free(loaded: Loaded, placed: Placed, start: datetime) -> bool:
    end = start + timedelta(minutes=placed.thing.minutes)
    for freeze in loaded.all("freezes"):
        meant = set(freeze.thing.for_)
        if "all" not in meant and meant.isdisjoint(placed.thing.for_):
            continue
        if datetime.fromisoformat(freeze.thing.from_) < end and start < datetime.fromisoformat(freeze.thing.until):
            return False
    return True


RULE = Rule("windows", ("freeze-backwards", "local-time-absent", "local-time-ambiguous", "window-none-ahead"), judge)
