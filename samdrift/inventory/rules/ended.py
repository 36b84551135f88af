"""What depends on the date alone: agreements and contracts that end, late plans, owners that have left (I10)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.period import local_day
from samdrift.model.problem import Problem
from samdrift.model.quantity import read_duration, read_months

_SOON = timedelta(days=90)


def judge(loaded: Loaded) -> Iterator[Problem]:
    """Warnings only: the same bytes give the same errors every day (I8)."""
    today = local_day(loaded.at)
    yield from _agreements(loaded, today)
    for placed in loaded.all("contracts"):
        contract = placed.thing
        begins = _before(contract.until, contract.notice)
        if contract.until < today:
            yield placed.problem(
                "agreement-expired", f"the contract ended on {contract.until}", "until", level="warning"
            )
        elif begins - today <= _SOON:
            message = f"the notice period {'begins' if begins > today else 'began'} on {begins}, the contract ends on {contract.until}"
            yield placed.problem("agreement-ends-soon", message, "until", level="warning")
    for placed in loaded.all("devices"):
        if placed.thing.state == "planned" and placed.thing.since is not None and placed.thing.since < today:
            yield placed.problem(
                "planned-overdue",
                f"{placed.id} was to be there on {placed.thing.since} and is still planned",
                "state",
                level="warning",
            )
    yield from _left(loaded, today)


def _agreements(loaded: Loaded, today: date) -> Iterator[Problem]:
    last: dict[str, Placed] = {}
    for placed in loaded.all("agreements"):
        other = last.setdefault(placed.id, placed)
        if placed.thing.agreement.from_ > other.thing.agreement.from_:
            last[placed.id] = placed
    for placed in last.values():
        end = placed.thing.agreement.to
        if end is not None and end <= today:
            yield placed.problem(
                "agreement-expired",
                f"the last version of {placed.id} ended on {end}",
                "agreement",
                "to",
                level="warning",
            )
        elif end is not None and end - today <= _SOON:
            yield placed.problem(
                "agreement-ends-soon",
                f"the last version of {placed.id} ends on {end}",
                "agreement",
                "to",
                level="warning",
            )


def _before(day: date, notice: str) -> date:
    """The day a span before `day`; calendar months keep the day of the month where there is one."""
    months = read_months(notice)
    if months is None:
        return day - timedelta(seconds=read_duration(notice))
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    return day


def _left(loaded: Loaded, today: date) -> Iterator[Problem]:
    left = {
        member.id: member.thing.until
        for member in loaded.all("members")
        if member.thing.until is not None and member.thing.until <= today
    }
    if not left:
        return
    for placed in loaded.living:
        for owner in [placed.thing.owner] if placed.thing.owner else placed.thing.shared_by or ():
            if owner in left:
                steps = ("owner",) if placed.thing.owner else ("shared_by",)
                yield placed.problem(
                    "member-left-owns",
                    f"{owner} left on {left[owner]} and still owns {placed.id}",
                    *steps,
                    level="warning",
                )


RULE = Rule("ended", ("agreement-expired", "agreement-ends-soon", "planned-overdue", "member-left-owns"), judge)
