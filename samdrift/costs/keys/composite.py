"""composite: shares of 1 that each go to a member or a further key, to any depth."""

from __future__ import annotations

from fractions import Fraction

from samdrift.costs.key import AllocationKey, KeyBlocks, KeyContext, Weights, share_by
from samdrift.model.nouns.agreement import Key


def weigh(key: Key, context: KeyContext) -> Weights:
    """Each part normalised in itself, so that a half stays a half (K3); a part where nobody takes part blocks."""
    weights: Weights = {}
    for part in key.parts:
        if part.member is not None:
            shares = {part.member: Fraction(1)} if part.member in context.taking_part else {}
        else:
            shares = share_by(part.key, context) if part.key else {}
        if not shares:
            raise KeyBlocks(
                "empty-part", f"nobody takes part in the part of {part.share} of the key", member=part.member
            )
        for member, share in shares.items():
            weights[member] = weights.get(member, Fraction(0)) + part.share * share
    return weights


KEY = AllocationKey("composite", "Composite", "costs.md K2, K3", weigh)
