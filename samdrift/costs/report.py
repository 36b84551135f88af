"""The cost part of a member's monthly report: what it pays, by which key, for what use, and what everybody pays together (costs.md E2, E3)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from samdrift.model import wording
from samdrift.model.cost import CostLine, MonthCost
from samdrift.model.money import round_shares
from samdrift.model.nouns.agreement import Agreement
from samdrift.model.nouns.member import Member
from samdrift.model.section import Column, Section, Table
from samdrift.model.text import Text

TEN_THOUSAND = 10_000


def member_section(
    cost: MonthCost, member: str, versions: Mapping[str, Agreement], members: Mapping[str, Member], text: Text
) -> Section:
    """One member's lines and totals. Pool totals and the members' shares are open to all; other members' lines are not shown."""
    lines = [line for line in cost.lines if line.member == member]
    total = next((total for total in cost.members if total.member == member), None)
    net, vat = (total.net_ore, total.vat_ore) if total else (0, 0)
    sentences = [
        text(
            "cost.says",
            amount=wording.money(net, text.language),
            vat=wording.money(vat, text.language),
            gross=wording.money(net + vat, text.language),
        ),
        *(_version_sentence(versions[name], days, text) for name, days in _versions(lines) if name in versions),
    ]
    return Section(
        "cost",
        text("cost.title", agreement=cost.agreement),
        tuple(sentences),
        (_lines_table(lines, net, text), _pools_table(cost, text), _shares_table(cost, members, text)),
        tuple(block.text for block in cost.blocking if block.member in {None, member}),
    )


def lines_table(cost: MonthCost, text: Text) -> Table:
    """All lines of the month, for the board and the host's economist."""
    return _lines_table(list(cost.lines), sum(total.net_ore for total in cost.members), text)


def _versions(lines: list[CostLine]) -> list[tuple[str, int]]:
    return sorted({version for line in lines for version in line.versions})


def _version_sentence(agreement: Agreement, days: int, text: Text) -> str:
    head = agreement.agreement
    return text("cost.version", agreement=head.id, version=head.version, days=days, decision=head.decision)


def _lines_table(lines: list[CostLine], net: int, text: Text) -> Table:
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
    rows = tuple(
        (
            line.pool, text(f"cost.component.{line.component}"), line.amount_ore, _known(line.share), _known(line.quantity), line.unit or "",
            _known(line.price), line.estimated_share if line.quantity is not None else "", line.line,
        )
        for line in lines
    )  # fmt: skip
    return Table(
        "cost-lines",
        text("cost.lines"),
        columns,
        rows,
        (text("cost.total"), None, net, None, None, None, None, None, None),
    )


def _known(value: Fraction | None) -> Fraction | str:
    """A blank cell where a line has no such thing; unknown would be another matter."""
    return "" if value is None else value


def _pools_table(cost: MonthCost, text: Text) -> Table:
    columns = (
        Column("pool", text("cost.pool"), "id"),
        Column("amount_ore", text("cost.amount"), "money"),
        Column("allocated_ore", text("cost.allocated"), "money"),
        Column("to_settlement_ore", text("cost.settlement"), "money"),
        Column("unallocated_ore", text("cost.unallocated"), "money"),
    )
    rows = tuple(
        (pool.pool, pool.amount_ore, pool.allocated_ore, pool.to_settlement_ore, pool.unallocated_ore)
        for pool in cost.pools
    )
    sums = tuple(sum(row[index] for row in rows if isinstance(row[index], int)) for index in range(1, 5))  # type: ignore[misc]
    return Table("cost-pools", text("cost.pools"), columns, rows, (text("cost.total"), *sums))


def _shares_table(cost: MonthCost, members: Mapping[str, Member], text: Text) -> Table:
    """What each member pays of the month; per cents are rounded so that they add up (R3)."""
    whole = sum(total.net_ore for total in cost.members)
    parts = {total.member: Fraction(total.net_ore * TEN_THOUSAND, whole) for total in cost.members} if whole else {}
    printed = round_shares(parts) if parts else {}
    columns = (
        Column("member", text("cost.member")),
        Column("net_ore", text("cost.amount"), "money"),
        Column("share_ratio", text("cost.share"), "percent"),
    )
    order = sorted(cost.members, key=lambda total: wording.swedish_key(_name(total.member, members)))
    rows = tuple(
        (_name(total.member, members), total.net_ore, Fraction(printed.get(total.member, 0), TEN_THOUSAND))
        for total in order
    )
    return Table(
        "cost-members",
        text("cost.members"),
        columns,
        rows,
        (text("cost.total"), whole, Fraction(sum(printed.values()), TEN_THOUSAND)),
    )


def _name(member: str, members: Mapping[str, Member]) -> str:
    return members[member].name if member in members else member
