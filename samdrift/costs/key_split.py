"""Splitting a pool by its key over one or several versions of the agreement (costs.md K3-K7, P5)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from samdrift.costs.key import Split, split

__all__ = ["Split", "blend", "split"]


def blend(parts: list[tuple[int, Split]]) -> Split:
    """Several versions in one month: each version's share weighs its days, then one whole (K4). `parts` are (days, split)."""
    if len(parts) == 1:
        return parts[0][1]
    counted = sum(days for days, _ in parts)
    shares: dict[str, Fraction] = {}
    idle: dict[str, Fraction] = {}
    for days, part in parts:
        _add(shares, part.shares, Fraction(days, counted))
        _add(idle, part.idle, Fraction(days, counted))
    notes = tuple(dict.fromkeys(note for _, part in parts for note in part.notes))
    return Split(dict(sorted(shares.items())), dict(sorted(idle.items())), notes)


def _add(found: dict[str, Fraction], more: Mapping[str, Fraction], weight: Fraction) -> None:
    for member, share in more.items():
        found[member] = found.get(member, Fraction(0)) + weight * share
