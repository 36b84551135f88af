"""Ledgers made by hand: lines with amounts, VAT and what they correct; totals as the program computes them."""

from __future__ import annotations

from fractions import Fraction

from samdrift.costs.allocation import member_totals
from samdrift.model.cost import CostLine, MonthCost, PoolTotal
from samdrift.model.period import Month

OCTOBER = Month(2026, 10)
AGREEMENT = "joint-operations"


def line(member, ore, *, pool="joint-hall", component="key", vat=("S", 25), service="hall", month=OCTOBER, version="2026-1", **more):
    """One line; its id is that of the program."""
    item = more.pop("item", None)
    name = "/".join([str(month), pool, member, component, *([item] if item else [])])
    return CostLine(
        name, AGREEMENT, ((version, 31),), pool, member, service, component, ore, Fraction(ore), vat_category=vat[0], vat_rate=Fraction(vat[1]), **more
    )


def ledger(*lines, month=OCTOBER):
    """The month with its lines; every pool is allocated whole."""
    ordered = sorted(lines, key=lambda each: each.line)
    pools = {}
    for each in ordered:
        pools[each.pool] = pools.get(each.pool, 0) + each.amount_ore
    totals = tuple(PoolTotal(pool, ore, ore, 0, 0) for pool, ore in sorted(pools.items()))
    return MonthCost(month, AGREEMENT, tuple(ordered), totals, tuple(member_totals(ordered)), ())
