"""Lines: what one pool's split becomes for each member, with the arithmetic behind each öre (costs.md 4, R2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from samdrift.costs.order import key_name
from samdrift.costs.pool import PoolInput, PoolResult
from samdrift.costs.pricing import rows_of
from samdrift.costs.vat import vat_of
from samdrift.model.cost import Component, CostLine
from samdrift.model.money import apportion

if TYPE_CHECKING:
    from samdrift.costs.allocation import CostInput


@dataclass(frozen=True)
class _Frame:
    """What all lines of a pool have in common."""

    given: CostInput
    pool: PoolInput
    blank: CostLine
    meter: str | None

    def line(self, member: str, component: Component, item: str | None = None) -> CostLine:
        name = "/".join([str(self.pool.month), self.pool.name, member, component, *([item] if item else [])])
        return replace(self.blank, line=name, member=member, component=component)

    def estimated(self, meter: str | None, member: str) -> Fraction:
        days = self.pool.taking.get(member, ())
        return self.pool.usage.estimated_share(meter, member, days) if meter else Fraction(0)


def lines_of(given: CostInput, pool: PoolInput, result: PoolResult, documents: tuple[str, ...]) -> list[CostLine]:
    """Priced lines, then one line per member for the rest, or two where the key has idle capacity."""
    frame = _frame(given, pool, documents)
    return _priced_lines(frame, result) + _rest_lines(frame, result)


def _frame(given: CostInput, pool: PoolInput, documents: tuple[str, ...]) -> _Frame:
    last = pool.versions[-1].agreement
    definition = last.pools[pool.name]
    category, rate = vat_of(given.services.get(definition.service or ""), last, given.month)
    versions = tuple((version.agreement.agreement.version, len(version.days)) for version in pool.versions)
    key = last.keys.get(key_name(definition, last) or "")
    blank = CostLine(
        line="", agreement=given.agreement, versions=versions, pool=pool.name, member="", service=definition.service, component="key",
        amount_ore=0, exact_ore=Fraction(0), vat_category=category, vat_rate=rate, documents=documents,
    )  # fmt: skip
    return _Frame(given, pool, blank, key.meter if key and key.kind == "usage" else None)


def _priced_lines(frame: _Frame, result: PoolResult) -> list[CostLine]:
    found = []
    for each in result.priced:
        rows = rows_of(frame.given.prices, each.item)
        estimated = frame.estimated(rows[0].meter if rows else None, each.member)
        found.append(
            replace(
                frame.line(each.member, each.component, each.item),
                amount_ore=each.amount_ore,
                exact_ore=each.exact_ore,
                quantity=each.quantity,
                unit=each.unit,
                price=each.price,
                estimated_share=estimated,
            )
        )
    return found


def _rest_lines(frame: _Frame, result: PoolResult) -> list[CostLine]:
    pool = frame.pool
    over = pool.versions[-1].agreement.pools[pool.name].over
    used: Mapping[str, Fraction] = pool.usage.over(frame.meter, pool.taking) if frame.meter else {}
    found: list[CostLine] = []
    for member, ore in sorted(result.rest.items()):
        whole = replace(
            frame.line(member, "overhead" if over else "key"), amount_ore=ore, exact_ore=result.exact.get(member, Fraction(0)),
            share=result.shares.get(member, Fraction(0)), quantity=used.get(member, Fraction(0)) if frame.meter else None,
            unit=frame.given.meters[frame.meter].priced if frame.meter else None, estimated_share=frame.estimated(frame.meter, member),
        )  # fmt: skip
        idle = result.idle.get(member, Fraction(0))
        found += _used_and_idle(frame, whole, idle) if result.idle else [whole]
    return found


def _used_and_idle(frame: _Frame, whole: CostLine, idle: Fraction) -> list[CostLine]:
    """The member's rounded amount as a line for its use and one for its idle capacity; they never change it (R2)."""
    share = whole.share or Fraction(0)
    parts = (
        apportion(whole.amount_ore, {"idle": idle, "used": share - idle})
        if share
        else {"idle": 0, "used": whole.amount_ore}
    )
    idle_exact = whole.exact_ore * idle / share if share else Fraction(0)
    used, unused = frame.line(whole.member, "used"), frame.line(whole.member, "idle")
    rest = whole.exact_ore - idle_exact
    return [
        replace(whole, line=used.line, component="used", amount_ore=parts["used"], exact_ore=rest, share=share - idle),
        replace(unused, amount_ore=parts["idle"], exact_ore=idle_exact, share=idle),
    ]
