"""Listed: whether a snapshot stands at every site, and how old it and the look at its copy are (backup.md B21, level 1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from samdrift.backup.freshness import LOOK_TOO_OLD_S
from samdrift.model.snapshot import Snapshot


def judge_listed(
    snapshot: Snapshot, listed: Mapping[str, Collection[str]], looked: Mapping[str, datetime | None], rpo: int | None, at: datetime
) -> tuple[str, ...]:  # fmt: skip
    """Why level 1 is not passed, in order of site; empty when it is.

    `listed` is site → origins that it lists now; `looked` is the site of each copy → when its repository was last looked at from within (None: never, or not
    reached), on which the word `usable` rests; `rpo` in seconds.
    """
    reasons = [f"{site} does not list it" for site, origins in listed.items() if snapshot.origin not in origins]
    age = int((at - snapshot.recovery_point_at).total_seconds())
    if rpo is not None and age > rpo:
        reasons.append(f"it is {age} s old, the objective is {rpo} s")
    for site, when in looked.items():
        if when is None:
            reasons.append(f"{site} has never been looked at, or was not reached")
        elif (at - when).total_seconds() > LOOK_TOO_OLD_S:
            reasons.append(f"the last look at {site} is {int((at - when).total_seconds())} s old, at most {LOOK_TOO_OLD_S} s hold")
    return tuple(reasons)
