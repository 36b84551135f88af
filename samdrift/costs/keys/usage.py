"""usage: by what each member used of a meter; with a capacity, what nobody used is idle and spread on its own (P5)."""

from __future__ import annotations

from fractions import Fraction

from samdrift.costs.key import (
    AllocationKey,
    KeyBlocks,
    KeyContext,
    Split,
    Weights,
    normalise,
    require_positive,
    share_by,
    split,
)
from samdrift.model.nouns.agreement import Key
from samdrift.model.quantity import exact


def weigh(key: Key, context: KeyContext) -> Weights:
    """Quantity of the meter per member that takes part; days are not multiplied in, for use has its own days."""
    used = context.usage.get(key.meter or "", {})
    return {member: used.get(member, Fraction(0)) for member in context.taking_part}


def divide(key: Key, context: KeyContext) -> Split | None:
    """With `capacity`, use and idle are shared separately and together are 1; use of nobody (`shared`) is idle. None without."""
    if key.capacity is None:
        return None
    used = weigh(key, context)
    require_positive(used)
    total = sum(used.values(), Fraction(0))
    capacity = key.capacity * context.capacity_factor.get(key.meter or "", Fraction(1))
    idle = max(Fraction(0), capacity - total)
    whole = total + idle
    if whole == 0:
        return None
    notes = (
        (f"use of {key.meter} ({exact(total)}) is above its capacity ({exact(capacity)})",) if total > capacity else ()
    )
    spread = _spread_idle(key, context, used) if idle else {}
    idle_shares = {member: share * idle / whole for member, share in sorted(spread.items())}
    shares = {
        member: used.get(member, Fraction(0)) / whole + idle_shares.get(member, Fraction(0))
        for member in sorted({*used, *idle_shares})
    }
    return Split(shares, idle_shares, notes)


def _spread_idle(key: Key, context: KeyContext, used: Weights) -> Weights:
    way = key.idle or "proportional"
    if way == "host":
        return {context.host: Fraction(1)}
    if way == "even":
        return share_by(Key(kind="even"), context)
    if way == "proportional":
        return normalise(used) or share_by(key.model_copy(update={"capacity": None}), context)
    if way not in context.keys or way in context.tried:
        raise KeyBlocks("unknown-key", f"idle capacity is to be spread by {way!r}, which is no key")
    return dict(split(context.keys[way], context).shares)


KEY = AllocationKey("usage", "By usage", "costs.md K2, P5", weigh, divide)
