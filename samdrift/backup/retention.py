"""Retention that a client cannot fool: slots filled by arrival with what is proven usable (backup.md B12)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from samdrift.model.nouns.retention_policy import RetentionPolicy
from samdrift.model.period import STOCKHOLM
from samdrift.model.snapshot import Snapshot

Decision = Literal["keep", "forget", "refused"]
KEEPS = {"usable": 2, "partial": 1}
"""What may fill a slot, the better first; suspect, unregistered and unusable ones fill none."""


@dataclass(slots=True)
class Decided:
    """One snapshot's fate: the slots that it fills (`day 2026-11-24`), and why; `keepers` are the ids that fill the slots it stood in."""

    snapshot: Snapshot
    arrival: datetime
    decision: Decision = "forget"
    slots: list[str] = field(default_factory=list)
    because: str = ""
    keepers: list[str] = field(default_factory=list)


def decide(snapshots: Iterable[Snapshot], policy: RetentionPolicy, at: datetime, *, arrivals: dict[str, datetime] | None = None) -> tuple[Decided, ...]:
    """Keep or forget for each snapshot of one backup at one site, newest arrival first; nothing is refused here.

    `arrivals` maps an origin to when it came to the primary: a copy is judged by that, so that copying back moves nothing.
    A run's dumps share the fate of its main snapshot, as neither is whole without the other.
    """
    came = arrivals or {}
    every = [Decided(one, min(came.get(one.origin, one.arrival_at), one.arrival_at)) for one in snapshots]
    every.sort(key=lambda one: (one.arrival, one.snapshot.id), reverse=True)
    found = [one for one in every if not one.snapshot.part]
    for one in every:
        if at - one.arrival <= timedelta(seconds=policy.keep_within):
            _keep(one, "within", f"it came within the last {policy.keep_within // 86_400} days")
    for word, count, slot in (("day", policy.daily, _day), ("week", policy.weekly, _week), ("month", policy.monthly, _month), ("year", policy.yearly, _year)):
        _fill(found, word, count, slot)
    for one in found:
        if one.decision == "forget":
            one.because = f"its slots are filled by {one.keepers[0][:12]}" if one.keepers else _why_not(one.snapshot)
    _share_fate(every)
    return tuple(every)


def _share_fate(every: Sequence[Decided]) -> None:
    """Dumps follow their run's main snapshot; those that have none stay while all stay."""
    mains = {one.snapshot.run: one for one in every if not one.snapshot.part}
    for one in every:
        main = mains.get(one.snapshot.run)
        if one.snapshot.part and main is not None:
            one.decision, one.slots = main.decision, list(main.slots)
            one.because = f"as {main.snapshot.id[:12]} of the same run: {main.because}"
        elif one.snapshot.part and one.decision == "forget":
            one.because = "its run has no other snapshot"


def hold_copies(decided: Sequence[Decided], forgotten: dict[str, datetime], there: frozenset[str], hold_seconds: int, at: datetime) -> None:
    """The disaster site keeps what the primary still has, and what it forgot less than `disaster_hold` ago (B11).

    `there` are the origins that the primary has now, `forgotten` origin → when we removed it there; of others nothing is known, and they stay.
    """
    for one in decided:
        if one.decision != "forget" or one.snapshot.part:
            continue
        origin = one.snapshot.origin
        gone = forgotten.get(origin)
        if origin in there:
            _keep(one, "primary", "the primary has it still")
        elif gone is None:
            _keep(one, "primary", "nothing says that the primary forgot it")
        elif at - gone < timedelta(seconds=hold_seconds):
            _keep(one, "disaster-hold", f"the primary forgot it less than {hold_seconds // 86_400} days ago")
    _share_fate(decided)


def _keep(one: Decided, slot: str, because: str) -> None:
    one.decision = "keep"
    one.slots.append(slot)
    one.because = because if len(one.slots) == 1 else one.because


def _fill(found: Sequence[Decided], word: str, count: int, slot: Callable[[datetime], str]) -> None:
    """The newest `count` slots that hold a usable snapshot each keep its newest; a slot with partial ones alone keeps one and does not count."""
    filled = 0
    for name, inside in _slots(found, slot):
        best = max(KEEPS.get(one.snapshot.state, 0) for one in inside)
        if not best or filled >= count:
            continue
        keeper = next(one for one in inside if KEEPS.get(one.snapshot.state, 0) == best)
        _keep(keeper, f"{word} {name}", f"the newest {keeper.snapshot.state} one of {word} {name}")
        filled += best == KEEPS["usable"]
        for one in inside:
            one.keepers.append(keeper.snapshot.id)


def _slots(found: Sequence[Decided], slot: Callable[[datetime], str]) -> list[tuple[str, list[Decided]]]:
    """Slots with what came in them, both newest first."""
    slots: dict[str, list[Decided]] = {}
    for one in found:
        slots.setdefault(slot(one.arrival), []).append(one)
    return list(slots.items())


def _why_not(snapshot: Snapshot) -> str:
    return "it is older than every slot" if snapshot.state in KEEPS else f"what is {snapshot.state} fills no slot"


def _day(instant: datetime) -> str:
    return f"{instant.astimezone(STOCKHOLM):%Y-%m-%d}"


def _week(instant: datetime) -> str:
    return f"{instant.astimezone(STOCKHOLM):%G-W%V}"


def _month(instant: datetime) -> str:
    return f"{instant.astimezone(STOCKHOLM):%Y-%m}"


def _year(instant: datetime) -> str:
    return f"{instant.astimezone(STOCKHOLM):%Y}"
