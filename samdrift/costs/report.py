"""The cost part of a member's monthly report: what it pays, by which key, for what use, and what everybody pays together (costs.md E2, E3)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from samdrift.costs.key_words import keys_table
from samdrift.model import wording
from samdrift.model.cost import Blocking, CostLine, MonthCost
from samdrift.model.cost_words import blocking_words, name_of
from samdrift.model.invoice import Invoice
from samdrift.model.money import round_shares
from samdrift.model.nouns.agreement import Agreement
from samdrift.model.nouns.member import Member
from samdrift.model.section import Cell, Chart, Column, Section, Table, Term
from samdrift.model.text import Text

TEN_THOUSAND = 10_000
MOST_BARS = 30
"""More members than this are too many for a chart, and for a list in each member's report."""


def member_section(
    cost: MonthCost, member: str, versions: Mapping[str, Agreement], documents: Iterable[Invoice], text: Text,
    *, unread: Collection[str] = (), unread_meters: Iterable[str] = (), members: Mapping[str, Member] | None = None,
) -> Section:  # fmt: skip
    """One member's lines and totals; other members' lines are not shown (E3). `unread` lines and meters have no reading (M8)."""
    lines = [line for line in cost.lines if line.member == member and line.component != "correction"]
    own = [each for each in documents if each.member == member]
    days = _versions(line for line in cost.lines if line.member == member)
    sentences = (
        says(cost, member, own, text),
        *(_version_sentence(versions[name], count, text) for name, count in days if name in versions),
        *(text("cost.rounding", tie=text(f"cost.tie.{versions[name].rounding.tie}")) for name, _ in days[-1:] if name in versions),
    )
    used = [versions[name] for name, _ in days if name in versions]
    tables = [lines_table(lines, text, unread), *([keys_table(used, {line.pool for line in lines}, members or {}, text)] if used else [])]
    tables += [_documents_table(own, text)] if own else []
    blocked = {block.meter for block in cost.blocking if block.member is None}
    return Section(
        "cost",
        text("cost.title", agreement=cost.agreement),
        sentences,
        tuple(tables),
        (
            *(_blocked(block, text) for block in cost.blocking if block.member in {None, member}),
            *(text("cost.no-reading", meter=meter, month=cost.month) for meter in unread_meters if meter not in blocked),
        ),
    )


def everybody_section(cost: MonthCost, member: str, members: Mapping[str, Member], text: Text) -> Section:
    """What is open to all members: the pools' sums and what each member bears of them (E3).

    Of more than MOST_BARS members the report has its own and the others' sum; each one's share stands in the board's report.
    """
    chart = shares_chart(cost, members, text)
    if len(cost.members) <= MOST_BARS:
        return Section("everybody", text("cost.everybody"), (text("cost.everybody-says"),), (pools_table(cost, text),), charts=(chart,))
    return Section("everybody", text("cost.everybody"), (text("cost.everybody-says"), text("cost.everybody-board")), (pools_table(cost, text), _own_of_all(chart.table, member, text)))


def _own_of_all(table: Table, member: str, text: Text) -> Table:
    """The member's row of the shares, and the sum of all others'."""
    own = [row for row in table.rows if isinstance(row[0], Term) and row[0].id == member]
    others = [row for row in table.rows if row not in own]
    ore = sum(row[1] for row in others if isinstance(row[1], int))
    share = sum((row[2] for row in others if isinstance(row[2], Fraction)), Fraction(0))
    return replace(table, rows=(*own, (Term("others", text("cost.others", count=len(others))), ore, share)))


def says(cost: MonthCost, member: str, documents: Sequence[Invoice], text: Text) -> str:
    """The month in one sentence: what is to be paid, or that it is a part of what an advance has paid (S1)."""
    paid = sum(each.signed(each.net_ore) for each in documents), sum(each.signed(each.vat_ore) for each in documents)
    if documents:
        amount, tax, gross = (wording.money(each, text.language) for each in (paid[0], paid[1], sum(paid)))
        return text("cost.says" if sum(paid) >= 0 else "cost.says-credit", amount=amount, vat=tax, gross=gross)
    return text("cost.says-statement", amount=wording.money(member_sums(cost, member)[0], text.language))


def member_sums(cost: MonthCost, member: str) -> tuple[int, int]:
    """Net and VAT of a member's month, in öre."""
    total = next((each for each in cost.members if each.member == member), None)
    return (total.net_ore, total.vat_ore) if total else (0, 0)


def corrections_section(cost: MonthCost, member: str, text: Text) -> Section:
    """What was corrected of closed months, each line pointing at the one that it corrects (C4)."""
    lines = [line for line in cost.lines if line.member == member and line.component == "correction"]
    if not lines:
        return Section("corrections", text("cost.corrections"), (text("cost.corrections-none"),))
    columns = (Column("line", text("cost.line"), "id"), Column("corrects", text("cost.corrects"), "id"), Column("amount_ore", text("cost.amount"), "money"))
    rows: tuple[tuple[Cell, ...], ...] = tuple((line.line, line.corrects or "", line.amount_ore) for line in lines)
    total = sum(line.amount_ore for line in lines)
    table = Table("cost-corrections", text("cost.corrections-caption"), columns, rows, (text("cost.total"), None, total))
    return Section("corrections", text("cost.corrections"), (text("cost.corrections-says", amount=wording.money(total, text.language)),), (table,))


def _versions(lines: Iterable[CostLine]) -> list[tuple[str, int]]:
    return sorted({version for line in lines for version in line.versions})


def _version_sentence(agreement: Agreement, days: int, text: Text) -> str:
    head = agreement.agreement
    return text("cost.version", agreement=head.id, version=head.version, days=days, decision=head.decision)


def lines_table(lines: Sequence[CostLine], text: Text, unread: Collection[str] = ()) -> Table:
    """The lines with what they were computed from; a blank cell where a line has no such thing, `no data` where it was not measured."""
    no_data = Term("no-data", text("cost.no-data"))
    columns = (
        Column("pool", text("cost.pool"), "id"),
        Column("component", text("cost.component")),
        Column("amount_ore", text("cost.amount"), "money"),
        Column("share", text("cost.share"), "percent"),
        Column("quantity", text("cost.quantity"), "quantity"),
        Column("unit", text("cost.unit")),
        Column("price", text("cost.price"), "quantity", "kr"),
        Column("estimated_share", text("cost.estimated"), "percent"),
        Column("line", text("cost.line"), "id"),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            line.pool, Term(line.component, text(f"cost.component.{line.component}")), line.amount_ore, _known(line.share),
            no_data if line.line in unread else _known(line.quantity), line.unit or "", _known(line.price),
            no_data if line.line in unread else "" if line.quantity is None else line.estimated_share, line.line,
        )
        for line in lines
    )  # fmt: skip
    total = sum(line.amount_ore for line in lines)
    return Table("cost-lines", text("cost.lines"), columns, rows, (text("cost.total"), None, total, *[None] * 6))


def _known(value: Fraction | None) -> Fraction | str:
    return "" if value is None else value


def _documents_table(documents: Sequence[Invoice], text: Text) -> Table:
    columns = (
        Column("document", text("ledger.document"), "id"), Column("kind", text("ledger.kind")), Column("net_ore", text("ledger.net"), "money"),
        Column("vat_ore", text("ledger.vat"), "money"), Column("gross_ore", text("ledger.gross"), "money"), Column("originals", text("ledger.originals")),
    )  # fmt: skip
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            each.number, Term(each.kind, text(f"ledger.{each.kind}")), each.signed(each.net_ore), each.signed(each.vat_ore), each.signed(each.gross_ore),
            " ".join(each.originals),
        )
        for each in documents
    )  # fmt: skip
    return Table("cost-documents", text("ledger.documents"), columns, rows)


def pools_table(cost: MonthCost, text: Text) -> Table:
    """The pools' sums, the same for every member."""
    columns = (
        Column("pool", text("cost.pool"), "id"),
        Column("amount_ore", text("cost.amount"), "money"),
        Column("allocated_ore", text("cost.allocated"), "money"),
        Column("to_settlement_ore", text("cost.settlement"), "money"),
        Column("unallocated_ore", text("cost.unallocated"), "money"),
    )
    rows = tuple((pool.pool, pool.amount_ore, pool.allocated_ore, pool.to_settlement_ore, pool.unallocated_ore) for pool in cost.pools)
    sums = (
        sum(pool.amount_ore for pool in cost.pools), sum(pool.allocated_ore for pool in cost.pools), sum(pool.to_settlement_ore for pool in cost.pools),
        sum(pool.unallocated_ore for pool in cost.pools),
    )  # fmt: skip
    return Table("cost-pools", text("cost.pools"), columns, rows, (text("cost.total"), *sums))


def shares_chart(cost: MonthCost, members: Mapping[str, Member], text: Text) -> Chart:
    """What each member bears of the month, as bars over their table; per cents are rounded so that they add up (R3)."""
    whole = sum(total.net_ore for total in cost.members)
    parts = {total.member: Fraction(total.net_ore * TEN_THOUSAND, whole) for total in cost.members} if whole else {}
    printed = round_shares(parts) if parts else {}
    columns = (
        Column("member", text("cost.member")),
        Column("net_ore", text("cost.amount"), "money"),
        Column("share_ratio", text("cost.share"), "percent"),
    )
    order = sorted(cost.members, key=lambda total: wording.swedish_key(name_of(total.member, members)))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (Term(total.member, name_of(total.member, members)), total.net_ore, Fraction(printed.get(total.member, 0), TEN_THOUSAND)) for total in order
    )
    total_row = (text("cost.total"), whole, Fraction(sum(printed.values()), TEN_THOUSAND))
    table = Table("cost-members", text("cost.members"), columns, rows, total_row)
    return Chart("cost-members-chart", text("cost.members"), text("cost.members-chart"), table, "member", "net_ore", lying=True)


def _blocked(block: Blocking, text: Text) -> str:
    return f"{block.pool}: {blocking_words(block, text)}" if block.pool else blocking_words(block, text)
