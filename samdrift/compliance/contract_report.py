"""The contracts' overview as sections: what ends when, what could be bought together, where a data-processing agreement is missing (common.md 3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from samdrift.compliance.contract_overview import ContractRow, Together
from samdrift.model import wording
from samdrift.model.finding import Finding
from samdrift.model.nouns.member import Member
from samdrift.model.nouns.service import Service
from samdrift.model.section import Cell, Column, Section, Table, Term
from samdrift.model.text import Text


def contract_sections(
    rows: Sequence[tuple[ContractRow, Finding]], joint: Sequence[Together], wanting: Sequence[tuple[Service, tuple[str, ...]]],
    members: Mapping[str, Member], text: Text,
) -> tuple[Section, ...]:  # fmt: skip
    """Three sections; a row's finding is the one with its waiver. `wanting` are services with the members that use them."""
    bad = sum(finding.status.value in {"failure", "warning"} for _, finding in rows)
    missing = () if rows else (text("contract.none"),)
    return (
        Section("ends", text("contract.ends"), (text("contract.ends-says", count=len(rows), bad=bad),), (_ends(rows, members, text),), missing),
        Section("together", text("contract.together-title"), (text("contract.together-says", count=len(joint)),), (_together(joint, members, text),)),
        Section("data-processing", text("contract.agreements"), (text("contract.agreements-says", count=len(wanting)),), (_wanting(wanting, members, text),)),
    )


def _names(ids: Sequence[str], members: Mapping[str, Member]) -> str:
    return ", ".join(sorted((members[each].name if each in members else each for each in ids), key=wording.swedish_key))


def _ends(rows: Sequence[tuple[ContractRow, Finding]], members: Mapping[str, Member], text: Text) -> Table:
    columns = (
        Column("id", text("contract.id"), "id"), Column("status", text("contract.status"), "state"), Column("name", text("contract.name")),
        Column("members", text("contract.members")), Column("until_date", text("contract.until"), "date"), Column("notice_date", text("contract.notice"), "date"),
        Column("left_days", text("contract.left"), "integer"), Column("value_ore", text("contract.value"), "money"),
    )  # fmt: skip
    table_rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            row.contract.id, finding.status, row.contract.name, _names(row.contract.members, members), row.contract.until, row.notice, row.left_days,
            "" if row.contract.value_sek is None else row.contract.value_sek,
        )
        for row, finding in rows
    )  # fmt: skip
    return Table("contracts", text("contract.ends-caption"), columns, table_rows)


def _together(joint: Sequence[Together], members: Mapping[str, Member], text: Text) -> Table:
    columns = (
        Column("what", text("contract.what")), Column("kind", text("contract.kind")), Column("contracts", text("contract.contracts"), "id"),
        Column("members", text("contract.members")), Column("first_until_date", text("contract.first"), "date"),
        Column("last_until_date", text("contract.last"), "date"),
    )  # fmt: skip
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            one.what, Term(one.kind, text(f"contract.kind.{one.kind}")), ", ".join(one.contracts), _names(one.members, members), one.first_until,
            one.last_until,
        )
        for one in joint
    )  # fmt: skip
    return Table("together", text("contract.together-caption"), columns, rows)


def _wanting(wanting: Sequence[tuple[Service, tuple[str, ...]]], members: Mapping[str, Member], text: Text) -> Table:
    columns = (
        Column("service", text("contract.service"), "id"), Column("name", text("contract.name")), Column("operator", text("contract.operator"), "id"),
        Column("members", text("contract.members")),
    )  # fmt: skip
    rows: tuple[tuple[Cell, ...], ...] = tuple((one.id, one.name, one.operator, _names(users, members)) for one, users in wanting)
    return Table("without-data-processing", text("contract.agreements-caption"), columns, rows)
