"""Splitting a pool by its key over one or several versions of the agreement (costs.md K3-K7, P5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from samdrift.costs.bounds import bound
from samdrift.costs.key import KeyBlocks, KeyContext, Weights, normalise, share_by
from samdrift.model.nouns.agreement import Key


@dataclass(frozen=True)
class Split:
    """Shares of 1 per member and, where the key has a capacity, how much of each share is used and idle."""

    shares: Mapping[str, Fraction]
    idle: Mapping[str, Fraction]
    """member → the part of its share that is idle capacity; empty when the key has no capacity."""


def split(key: Key, context: KeyContext) -> Split:
    """The key's shares; with `capacity`, use and idle are shared separately and together are 1 (P5)."""
    if key.kind != "usage" or key.capacity is None:
        return Split(share_by(key, context), {})
    used = {member: context.usage.get(key.meter or "", {}).get(member, Fraction(0)) for member in context.taking_part}
    total = sum(used.values(), Fraction(0))
    capacity = key.capacity * context.capacity_factor.get(key.meter or "", Fraction(1))
    idle = max(Fraction(0), capacity - total)
    whole = total + idle
    if whole == 0:
        return Split(share_by(key, context), {})
    spread = _spread_idle(key, context, used) if idle else {}
    idle_shares = {member: share * idle / whole for member, share in spread.items()}
    members = {*used, *idle_shares}
    shares = {
        member: used.get(member, Fraction(0)) / whole + idle_shares.get(member, Fraction(0)) for member in members
    }
    return Split(dict(sorted(shares.items())), dict(sorted(idle_shares.items())))


def _spread_idle(key: Key, context: KeyContext, used: Weights) -> Weights:
    way = key.idle or "proportional"
    if way == "host":
        return {context.host: Fraction(1)}
    if way == "even":
        return share_by(Key(kind="even"), context)
    if way == "proportional":
        return normalise(used) or share_by(key, context)
    if way not in context.keys:
        raise KeyBlocks("unknown-key", f"idle capacity is to be spread by {way!r}, which is no key")
    return share_by(context.keys[way], context)


def blend(parts: list[tuple[int, Split]], days_in_month: int) -> Split:
    """Several versions in one month: each version's share weighs its days of the month, then one whole (K4)."""
    counted = sum(days for days, _ in parts)
    shares: dict[str, Fraction] = {}
    idle: dict[str, Fraction] = {}
    for days, part in parts:
        weight = Fraction(days, counted or days_in_month)
        for member, share in part.shares.items():
            shares[member] = shares.get(member, Fraction(0)) + weight * share
        for member, share in part.idle.items():
            idle[member] = idle.get(member, Fraction(0)) + weight * share
    return Split(dict(sorted(shares.items())), dict(sorted(idle.items())))


def amounts(
    pool_ore: int, parted: Split, taking_part: Mapping[str, Fraction], minimum: int | None, cap: int | None
) -> dict[str, Fraction]:
    """Exact öre per member, within minimum and cap; they sum to the pool."""
    return dict(sorted(bound(pool_ore, parted.shares, taking_part, minimum, cap).items()))
