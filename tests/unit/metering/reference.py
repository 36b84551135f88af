"""The roll-up's rules once more, millisecond by slow millisecond span, sharing no code with the SQL."""

import itertools
from fractions import Fraction

RANK = {"measured": 0, "end": 1, "estimated": 2, "simulated": 3}


def picked(readings, highest=False):
    """One (at, quantity, quality) an instant: better quality first, then the lowest (or highest) value."""
    best = {}
    for at, quantity, quality in readings:
        rival = best.get(at)
        sign = -1 if highest else 1
        rank = (RANK[quality], sign * (quantity or 0))
        if rival is None or rank < rival[0]:
            best[at] = (rank, quantity, quality)
    return [(at, best[at][1], best[at][2]) for at in sorted(best)]


def gauge(readings, days, max_gap, policy):
    """{(day number, quality): [quantity x ms, ms]} for one resource."""
    found = {}
    samples = picked(readings)
    for index, (at, quantity, quality) in enumerate(samples):
        if quality == "end":
            continue
        until = samples[index + 1][0] if index + 1 < len(samples) else max(days[-1][1], at)
        spans = [(at, until, quality, quantity)]
        if max_gap is not None and until - at > max_gap:
            if policy == "stop":
                spans = [(at, at + max_gap, quality, quantity), (at + max_gap, until, "unmeasured", 0)]
            else:
                spans = [(at, until, "simulated" if quality == "simulated" else "estimated", quantity)]
        for start, end, kind, value in spans:
            for number, (day_start, day_end) in enumerate(days):
                length = min(end, day_end) - max(start, day_start)
                if length > 0:
                    cell = found.setdefault((number, kind), [0, 0])
                    cell[0] += value * (length // 1000)
                    cell[1] += length // 1000
    return found


def counter_total(readings, start, end, wrap=None):
    """Increase over [start, end) with linear borders, floored, by exact fractions."""
    samples = [sample for sample in picked(readings) if sample[2] != "end"]
    total = 0
    for (at, quantity, _), (next_at, next_quantity, _) in itertools.pairwise(samples):
        rise = next_quantity - quantity
        if rise < 0:
            rise = rise + wrap if wrap else next_quantity
        low, high = max(at, start), min(next_at, end)
        if low < high:
            total += int(Fraction(rise * (high - at), next_at - at)) - int(Fraction(rise * (low - at), next_at - at))
    return total
