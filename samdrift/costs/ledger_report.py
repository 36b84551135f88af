"""A month's ledger as tables: what each member pays, the documents to be sent, the pools, and every line behind them (costs.md 4, D1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from samdrift.model import wording
from samdrift.model.cost import CostLine, MonthCost
from samdrift.model.invoice import Invoice
from samdrift.model.nouns.member import Member
from samdrift.model.quantity import exact
from samdrift.model.section import Cell, CellKind, Column, Section, Table, Term
from samdrift.model.text import Text


def ledger_sections(cost: MonthCost, documents: Sequence[Invoice], members: Mapping[str, Member], text: Text) -> tuple[Section, ...]:
    """Sums, documents, pools and lines, in that order; the lines are those that the viewer may read."""
    invoiced = sum(each.signed(each.gross_ore) for each in documents)
    says = text("ledger.documents-says", count=len(documents), amount=wording.money(invoiced, text.language))
    missing = tuple(block.text for block in cost.blocking)
    return (
        Section("members", text("ledger.members"), (text("ledger.members-says"),), (_members(cost, members, text),), missing),
        Section("documents", text("ledger.documents"), (says,), (_documents(documents, members, text), _vat(documents, text))),
        Section("pools", text("ledger.pools"), (text("ledger.pools-says"),), (_pools(cost, text),)),
        Section("lines", text("ledger.lines"), (text("ledger.lines-says"),), (_lines(cost.lines, documents, text),)),
    )


def _sums(rows: Iterable[Sequence[Cell]], places: Iterable[int]) -> list[int]:
    kept = list(rows)
    return [sum(cell for row in kept if isinstance(cell := row[place], int)) for place in places]


def _members(cost: MonthCost, members: Mapping[str, Member], text: Text) -> Table:
    columns = (
        Column("member", text("cost.member")), Column("net_ore", text("ledger.net"), "money"), Column("vat_ore", text("ledger.vat"), "money"),
        Column("gross_ore", text("ledger.gross"), "money"),
    )  # fmt: skip
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (_member(each.member, members), each.net_ore, each.vat_ore, each.gross_ore)
        for each in sorted(cost.members, key=lambda each: wording.swedish_key(_member(each.member, members).text))
    )
    return Table("members", text("ledger.members-caption", month=cost.month), columns, rows, (text("cost.total"), *_sums(rows, (1, 2, 3))))


def _documents(documents: Sequence[Invoice], members: Mapping[str, Member], text: Text) -> Table:
    columns = (
        Column("document", text("ledger.document"), "id"), Column("kind", text("ledger.kind")), Column("member", text("cost.member")),
        Column("net_ore", text("ledger.net"), "money"), Column("vat_ore", text("ledger.vat"), "money"), Column("gross_ore", text("ledger.gross"), "money"),
        Column("originals", text("ledger.originals")),
    )  # fmt: skip
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            each.number, Term(each.kind, text(f"ledger.{each.kind}")), _member(each.member, members), each.signed(each.net_ore), each.signed(each.vat_ore),
            each.signed(each.gross_ore), " ".join(each.originals),
        )
        for each in documents
    )  # fmt: skip
    return Table("documents", text("ledger.documents-caption"), columns, rows, (text("cost.total"), None, None, *_sums(rows, (3, 4, 5)), None))


def _vat(documents: Sequence[Invoice], text: Text) -> Table:
    columns = (
        Column("document", text("ledger.document"), "id"), Column("vat_category", text("ledger.category"), "id"), Column("vat_rate", text("ledger.rate"), _rate_kind(sum_.rate for each in documents for sum_ in each.vat), "%"),
        Column("taxable_ore", text("ledger.taxable"), "money"), Column("vat_ore", text("ledger.vat"), "money"),
    )  # fmt: skip
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (each.number, sum_.category, sum_.rate, each.signed(sum_.taxable_ore), each.signed(sum_.vat_ore)) for each in documents for sum_ in each.vat
    )
    return Table("vat", text("ledger.vat-caption"), columns, rows, (text("cost.total"), None, None, *_sums(rows, (3, 4))))


def _pools(cost: MonthCost, text: Text) -> Table:
    columns = (
        Column("pool", text("cost.pool"), "id"), Column("amount_ore", text("cost.amount"), "money"), Column("allocated_ore", text("cost.allocated"), "money"),
        Column("to_settlement_ore", text("cost.settlement"), "money"), Column("unallocated_ore", text("cost.unallocated"), "money"),
    )  # fmt: skip
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (each.pool, each.amount_ore, each.allocated_ore, each.to_settlement_ore, each.unallocated_ore) for each in cost.pools
    )
    return Table("pools", text("cost.pools"), columns, rows, (text("cost.total"), *_sums(rows, (1, 2, 3, 4))))


def _lines(lines: Iterable[CostLine], documents: Iterable[Invoice], text: Text) -> Table:
    lines = tuple(lines)
    numbers = {each.line.line: document.number for document in documents for each in document.lines}
    columns = (
        Column("line", text("cost.line"), "id"), Column("component", text("cost.component")), Column("amount_ore", text("cost.amount"), "money"),
        Column("quantity", text("cost.quantity"), "quantity"), Column("unit", text("cost.unit")), Column("price", text("cost.price"), "quantity", "kr"),
        Column("exact_ore", text("ledger.exact"), "id", "öre"), Column("vat_category", text("ledger.category"), "id"), Column("vat_rate", text("ledger.rate"), _rate_kind(line.vat_rate for line in lines), "%"),
        Column("document", text("ledger.document"), "id"), Column("corrects", text("ledger.corrects"), "id"),
    )  # fmt: skip
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            line.line, Term(line.component, text(f"cost.component.{line.component}")), line.amount_ore, _known(line.quantity), line.unit or "", _known(line.price),
            exact(line.exact_ore), line.vat_category, line.vat_rate, numbers.get(line.line, ""), line.corrects or "",
        )
        for line in lines
    )  # fmt: skip
    return Table("lines", text("ledger.lines-caption"), columns, rows, (text("cost.total"), None, *_sums(rows, (2,)), *[None] * 8))


def _known(value: Fraction | None) -> Fraction | str:
    return "" if value is None else value


def _rate_kind(rates: Iterable[Fraction]) -> CellKind:
    """Whole per cents, as all of today's rates are, are written without decimals."""
    return "integer" if all(rate.denominator == 1 for rate in rates) else "quantity"


def _member(member: str, members: Mapping[str, Member]) -> Term:
    return Term(member, members[member].name if member in members else member)
