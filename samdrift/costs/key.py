"""Allocation key: what every key's file registers, and what it is given to weigh members with (costs.md K2, K3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from samdrift.model.nouns.agreement import Key
from samdrift.model.nouns.population import Population
from samdrift.model.registry import scan

Weights = dict[str, Fraction]


class KeyBlocks(Exception):
    """The key cannot split the pool: a stable code and what is wrong."""

    def __init__(self, code: str, text: str, *, member: str | None = None, meter: str | None = None) -> None:
        super().__init__(text)
        self.code, self.text, self.member, self.meter = code, text, member, meter


@dataclass(frozen=True)
class KeyContext:
    """What a key may look at, all exact. `taking_part` is member → days taking part / days in month, for this pool and version;
    `usage` meter → member → quantity in priced units; `direct` pool → member → unrounded öre; `capacity_factor` priced units per
    unit of a gauge's capacity over the period.
    """

    taking_part: Mapping[str, Fraction]
    kinds: Mapping[str, str]
    keys: Mapping[str, Key]
    host: str
    usage: Mapping[str, Mapping[str, Fraction]]
    direct: Mapping[str, Mapping[str, Fraction]]
    populations: Mapping[str, Population]
    capacity_factor: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class AllocationKey:
    """One kind of key. `weigh` gives weights ≥ 0 of members; those not taking part are left out by it."""

    id: str
    title: str
    source: str
    weigh: Callable[[Key, KeyContext], Weights]


@cache
def allocation_keys() -> Mapping[str, AllocationKey]:
    """All kinds of keys, by id."""
    import samdrift.costs.keys as package

    return scan(package, "KEY", AllocationKey)


def normalise(weights: Mapping[str, Fraction]) -> Weights:
    """Shares that sum to 1; empty when all weights are 0."""
    whole = sum(weights.values(), Fraction(0))
    return {member: weight / whole for member, weight in weights.items()} if whole else {}


def share_by(key: Key, context: KeyContext) -> Weights:
    """The key's shares of 1 per member, its fallback used when all weights are 0 (K6); KeyBlocks when it cannot be."""
    weights = allocation_keys()[key.kind].weigh(key, context)
    negative = next((member for member, weight in sorted(weights.items()) if weight < 0), None)
    if negative:
        raise KeyBlocks("negative-weight", f"the weight of {negative} is negative", member=negative)
    shares = normalise(weights)
    if shares:
        return shares
    return _fall_back(key, context)


def _fall_back(key: Key, context: KeyContext) -> Weights:
    if key.fallback == "even":
        return share_by(Key(kind="even"), context)
    if key.fallback and key.fallback != "refuse" and key.fallback in context.keys:
        return share_by(context.keys[key.fallback], context)
    if key.kind == "composite":
        raise KeyBlocks("empty-part", "nobody takes part in a part of the key")
    raise KeyBlocks("zero-usage", "all weights are 0 and the key has no fallback", meter=key.meter)


def by_days(weights: Mapping[str, Fraction], context: KeyContext) -> Weights:
    """Weight × days taking part / days in month; members that take no part have no weight (K3)."""
    return {
        member: weight * context.taking_part[member]
        for member, weight in weights.items()
        if member in context.taking_part
    }
