"""A member's savings of the year so far, service by service, with where each figure is from; a loss is shown (costs.md E2, W1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

from samdrift.costs.savings import Saving
from samdrift.model import wording
from samdrift.model.section import Cell, Column, Section, Table, Term
from samdrift.model.text import Text


def savings_section(found: Sequence[Saving], year: int, text: Text, names: Mapping[str, str] = MappingProxyType({})) -> Section:
    """`found` are one member's; `names` gives a service's name by its id. What has no stand-alone figure has no saving, and is named as missing."""
    known = [each for each in found if each.stand_alone_ore is not None]
    without = [each.service for each in found if each.stand_alone_ore is None]
    missing = (text("savings.without", services=", ".join(names.get(each, each) for each in without)),) if without else ()
    if not known:
        return Section("savings", text("savings.title"), (text("savings.none", year=year),), missing=missing)
    saved = sum(each.saving_ore or 0 for each in known)
    key = "savings.says" if saved >= 0 else "savings.says-loss"
    says = text(key, amount=wording.money(abs(saved), text.language), year=year, months=known[0].months)
    return Section("savings", text("savings.title"), (says,), (_table(known, names, text),), missing)


def _table(known: Sequence[Saving], names: Mapping[str, str], text: Text) -> Table:
    columns = (
        Column("service", text("savings.service")), Column("joint_ore", text("savings.joint"), "money"), Column("stand_alone_ore", text("savings.alone"), "money"),
        Column("saving_ore", text("savings.saving"), "money"), Column("saving_ratio", text("savings.share"), "percent"), Column("source", text("savings.source")),
    )  # fmt: skip
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            Term(each.service, names.get(each.service, each.service)), each.joint_ore, each.stand_alone_ore, each.saving_ore, "" if each.ratio is None else each.ratio,
            "; ".join(f"{row.source}, {row.author}, {row.date.isoformat()}" for row in each.rows),
        )
        for each in known
    )  # fmt: skip
    sums = (sum(each.joint_ore for each in known), sum(each.stand_alone_ore or 0 for each in known), sum(each.saving_ore or 0 for each in known))
    share = Fraction(sums[2], sums[1]) if sums[1] else None
    return Table("savings", text("savings.caption"), columns, rows, (text("cost.total"), *sums, share, None))
