"""Allocation key: what every key's file registers, and what it is given to weigh members with (costs.md K2, K3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache

from samdrift.model.nouns.agreement import Key, MemberFilter
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
    unit of a capacity over the period; `fallback` what holds for a node that names none; `tried` the fallbacks that led here.
    """

    taking_part: Mapping[str, Fraction]
    kinds: Mapping[str, str]
    keys: Mapping[str, Key]
    host: str
    usage: Mapping[str, Mapping[str, Fraction]]
    direct: Mapping[str, Mapping[str, Fraction]]
    populations: Mapping[str, Population]
    capacity_factor: Mapping[str, Fraction]
    fallback: str | None = None
    tried: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Split:
    """Shares of 1 per member; where a key has a capacity, how much of each share is idle; and what a reader must be told."""

    shares: Mapping[str, Fraction]
    idle: Mapping[str, Fraction] = field(default_factory=dict)
    """member → the part of its share that is idle capacity; empty when no key has a capacity."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AllocationKey:
    """One kind of key. `weigh` gives weights ≥ 0 of those who take part; `divide`, where a kind has one, knows more: idle parts."""

    id: str
    title: str
    source: str
    weigh: Callable[[Key, KeyContext], Weights]
    divide: Callable[[Key, KeyContext], Split | None] | None = None


@cache
def allocation_keys() -> Mapping[str, AllocationKey]:
    """All kinds of keys, by id."""
    import samdrift.costs.keys as package

    return scan(package, "KEY", AllocationKey)


def normalise(weights: Mapping[str, Fraction]) -> Weights:
    """Shares that sum to 1; empty when all weights are 0."""
    whole = sum(weights.values(), Fraction(0))
    return {member: weight / whole for member, weight in weights.items()} if whole else {}


def split(key: Key, context: KeyContext) -> Split:
    """The key's shares of 1 per member, its fallback used when all weights are 0 (K6); KeyBlocks when it cannot be."""
    context = narrowed(key, context)
    kind = allocation_keys()[key.kind]
    divided = kind.divide(key, context) if kind.divide else None
    if divided is not None:
        return divided
    weights = kind.weigh(key, context)
    require_positive(weights)
    if not weights:
        raise KeyBlocks("empty-part", f"nobody takes part where the key ({key.kind}) splits")
    shares = normalise(weights)
    return Split(shares) if shares else _fall_back(key, context)


def share_by(key: Key, context: KeyContext) -> Weights:
    """The shares of `split` alone."""
    return dict(split(key, context).shares)


def narrowed(key: Key, context: KeyContext) -> KeyContext:
    """With `members`, a key sees those of them who take part, and nobody else."""
    if key.members is None:
        return context
    named = key.members
    if isinstance(named, MemberFilter):
        chosen = {member for member in context.taking_part if context.kinds.get(member) == named.kind}
    else:
        chosen = set(context.taking_part) & set(named)
    return replace(context, taking_part={member: context.taking_part[member] for member in sorted(chosen)})


def require_positive(weights: Mapping[str, Fraction]) -> None:
    """KeyBlocks names the first member whose weight is negative (K6)."""
    negative = next((member for member, weight in sorted(weights.items()) if weight < 0), None)
    if negative:
        raise KeyBlocks("negative-weight", f"the weight of {negative} is negative", member=negative)


def _fall_back(key: Key, context: KeyContext) -> Split:
    way = key.fallback or context.fallback
    if way == "even":
        return split(Key(kind="even"), context)
    if way is not None and way in context.keys and way not in context.tried:
        return split(context.keys[way], replace(context, tried=context.tried | {way}))
    raise KeyBlocks("zero-usage", "all weights are 0 and the key has no fallback", meter=key.meter)


def by_days(weights: Mapping[str, Fraction], context: KeyContext) -> Weights:
    """Weight × days taking part / days in month; members that take no part have no weight (K3)."""
    return {
        member: weight * context.taking_part[member]
        for member, weight in weights.items()
        if member in context.taking_part
    }
