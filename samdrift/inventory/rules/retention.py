"""A retention policy keeps what it promises at least, and the disaster site outlasts detection (backup.md 5, B12)."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.placed import Loaded
from samdrift.inventory.rule import Rule
from samdrift.model.nouns.retention_policy import RetentionPolicy
from samdrift.model.problem import Problem

_DAY_S = 86_400
_LEAST_HOLD_S = 30 * _DAY_S
"""Ransomware is often found weeks after it came; a site that forgets at once has nothing left by then."""


def kept(policy: RetentionPolicy) -> int:
    """The most snapshots that a policy keeps of a daily backup: the days within which all stay, or the daily slots, and the coarser slots."""
    return max(policy.keep_within // _DAY_S, policy.daily) + policy.weekly + policy.monthly + policy.yearly


def judge(loaded: Loaded) -> Iterator[Problem]:
    """`retention-below-minimum`, `disaster-hold-short`."""
    for placed in loaded.all("retention-policies"):
        policy = placed.thing
        if kept(policy) < policy.minimum:
            message = f"{placed.id} keeps at most {kept(policy)} snapshots of a daily backup, and must never have fewer than {policy.minimum}"
            yield placed.problem("retention-below-minimum", message, "minimum", help="keep more, or lower minimum: with it, nothing is ever pruned")
        if policy.disaster_hold < _LEAST_HOLD_S:
            message = f"the disaster site of {placed.id} keeps what the primary forgot for {policy.disaster_hold // _DAY_S} d only"
            yield placed.problem("disaster-hold-short", message, "disaster_hold", help="at least 30 d")


RULE = Rule("retention", ("retention-below-minimum", "disaster-hold-short"), judge)
