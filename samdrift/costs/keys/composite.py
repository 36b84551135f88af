"""composite: shares of 1 that each go to a member or a further key, to any depth."""

from __future__ import annotations

from fractions import Fraction

from samdrift.costs.key import AllocationKey, KeyBlocks, KeyContext, Split, Weights, split
from samdrift.model.nouns.agreement import Key, Part


def divide(key: Key, context: KeyContext) -> Split:
    """Each part normalised in itself, so that a half stays a half (K3); a part where nobody takes part blocks.

    Of several faults the same is told whatever the order in which the parts are written (X3).
    """
    shares: Weights = {}
    idle: Weights = {}
    notes: tuple[str, ...] = ()
    faults: list[KeyBlocks] = []
    for part in key.parts:
        try:
            inner = _of_part(part, context)
        except KeyBlocks as fault:
            faults.append(fault)
            continue
        for member, share in inner.shares.items():
            shares[member] = shares.get(member, Fraction(0)) + part.share * share
        for member, share in inner.idle.items():
            idle[member] = idle.get(member, Fraction(0)) + part.share * share
        notes += inner.notes
    if faults:
        raise min(faults, key=lambda fault: (fault.code, fault.meter or "", fault.member or "", fault.text))
    return Split(dict(sorted(shares.items())), dict(sorted(idle.items())), tuple(sorted(notes)))


def _of_part(part: Part, context: KeyContext) -> Split:
    if part.key is not None:
        return split(part.key, context)
    if part.member is None or part.member not in context.taking_part:
        text = f"nobody takes part in the part of {part.share} of the key"
        raise KeyBlocks("empty-part", text, member=part.member)
    return Split({part.member: Fraction(1)})


def weigh(key: Key, context: KeyContext) -> Weights:
    """The shares of all parts together."""
    return dict(divide(key, context).shares)


KEY = AllocationKey("composite", "Composite", "costs.md K2, K3", weigh, divide)
