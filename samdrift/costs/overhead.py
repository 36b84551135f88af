"""Overhead: a pool that goes over other pools; its weights are the exact composition of theirs (costs.md P6)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from samdrift.costs.key import KeyBlocks, Weights, normalise, require_positive
from samdrift.model.nouns.agreement import Over


def over_weights(over: Over, shares: Mapping[str, Mapping[str, Fraction]], amounts: Mapping[str, int]) -> Weights:
    """Shares of 1 per member; `shares` are those of the pools split before, `amounts` their own öre.

    By direct cost a credit counts against its pool's members, and a member below 0 blocks. KeyBlocks `zero-usage` when the
    named pools have neither cost nor weights to follow.
    """
    names = sorted({*over.pools, *over.percent})
    weights: Weights = {}
    for name in names:
        part = _part(over, name, amounts)
        if part and not shares.get(name):
            raise KeyBlocks("zero-usage", f"pool {name}, which this one goes over, could not be split")
        for member, share in shares.get(name, {}).items():
            weights[member] = weights.get(member, Fraction(0)) + part * share
    if sum(weights.values(), Fraction(0)) < 0:
        weights = {member: -weight for member, weight in weights.items()}
    require_positive(weights)
    found = normalise(weights)
    if not found:
        raise KeyBlocks("zero-usage", f"the pools {', '.join(names)} have no cost to follow")
    return found


def _part(over: Over, name: str, amounts: Mapping[str, int]) -> Fraction:
    if over.percent:
        return over.percent.get(name, Fraction(0))
    return Fraction(1) if over.by == "even" else Fraction(amounts.get(name, 0))
