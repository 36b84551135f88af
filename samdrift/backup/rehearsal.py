"""Rehearsal: services brought back at the disaster site in order of dependency, and what counts as passed (backup.md B21, level 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from samdrift.model.nouns.service import Service


@dataclass(frozen=True, slots=True)
class Stage:
    """One service: its backups, and all that it stands on, directly or through others, in the order they come back."""

    service: str
    backups: tuple[str, ...]
    needs: tuple[str, ...]
    promises_rpo: bool


@dataclass(frozen=True, slots=True)
class Back:
    """What came of a service: whether every backup of it passed, and seconds of restoring and comparing them, without what it stands on."""

    passed: bool
    seconds: int


@dataclass(frozen=True, slots=True)
class StageVerdict:
    """Seconds in all, why one backup of a service is not passed beside what its own restore says, and what was not looked at."""

    seconds: int
    reasons: tuple[str, ...]
    skipped: tuple[str, ...]


def stages(services: Mapping[str, Service], backups: Mapping[str, Sequence[str]], chosen: str) -> tuple[Stage, ...]:
    """The chosen service and all it depends on, each after what it needs; `backups` is service → ids. A circle, which the inventory refuses, is cut."""
    order: dict[str, tuple[str, ...]] = {}
    opened: set[str] = set()

    def visit(name: str) -> None:
        opened.add(name)
        needs: dict[str, None] = {}
        for needed in services[name].depends_on:
            if needed not in opened:
                visit(needed)
            if needed in order:
                needs.update(dict.fromkeys((*order[needed], needed)))
        order[name] = tuple(needs)

    visit(chosen)
    return tuple(Stage(name, tuple(sorted(backups.get(name, ()))), needs, services[name].rpo is not None) for name, needs in order.items())


def judge_stage(stage: Stage, came: Mapping[str, Back], plan: Mapping[str, Stage], spent: int, rto: int | None) -> StageVerdict:
    """The verdict on one backup of a stage. `came` is what came of the services before; `spent` the seconds of the stage's own backups so far, this one with them.

    A service that promises no age of data and has no backup, as a network, is skipped and said; one that promises it must come back.
    """
    reasons, skipped = [], []
    for name in stage.needs:
        if name in came:
            reasons += [] if came[name].passed else [f"{name}, which it depends on, did not pass"]
        elif plan[name].promises_rpo:
            reasons.append(f"{name}, which it depends on, promises an rpo and has no backup")
        else:
            skipped.append(f"{name}: it has no backup and promises no rpo")
    total = spent + sum(came[name].seconds for name in stage.needs if name in came)
    if rto is None:
        skipped.append("time: no rto is declared")
    elif total > rto:
        reasons.append(f"with what it depends on it took {total} s, the objective is {rto} s")
    return StageVerdict(total, tuple(reasons), tuple(skipped))
