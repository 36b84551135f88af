"""The exports of a month's ledger, as bytes by file name: CSV, JSON, XLSX, PDF, FOCUS, SIE and UBL, all with the same sums (costs.md C1, E1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from samdrift import __version__
from samdrift.adapters.parquet import parquet_table
from samdrift.costs.invoices import invoices, is_invoiced
from samdrift.costs.ledger_report import ledger_sections
from samdrift.model import wording
from samdrift.model.cost import Blocking, MonthCost
from samdrift.model.inventory import Inventory
from samdrift.model.invoice import Invoice, Party
from samdrift.model.nouns.account import Account
from samdrift.model.period import Month, local_day
from samdrift.model.section import Report
from samdrift.model.text import Text
from samdrift.reports.csv_table import csv_table
from samdrift.reports.focus import COLUMNS, FocusNames, focus_csv, focus_rows
from samdrift.reports.ledger_json import ledger_json
from samdrift.reports.pdf import render_pdf
from samdrift.reports.sie import SieFile, sie_file
from samdrift.reports.totals import tables_of
from samdrift.reports.ubl import ubl
from samdrift.reports.xlsx import render_xlsx
from samdrift.store.closes import ledger_digest

ExportFormat = Literal["csv", "json", "focus-csv", "focus-parquet", "sie", "ubl", "xlsx", "pdf"]
FORMATS: tuple[ExportFormat, ...] = ("csv", "json", "focus-csv", "focus-parquet", "sie", "ubl", "xlsx", "pdf")
SWEDISH = Text("sv")


@dataclass(frozen=True)
class Ledger:
    """A month's ledger with what its exports need: names, numbers and accounts of the inventory, and when it was closed or booked.

    `part` and `refers` are those of `invoices`, for an advance or a settlement booked beside the month.
    """

    cost: MonthCost
    inventory: Inventory
    at: datetime
    draft: bool = False
    part: str = ""
    refers: tuple[Month, ...] = ()

    @property
    def documents(self) -> tuple[Invoice, ...]:
        """The invoice basis of the lines that are here (D1)."""
        return invoices(self.cost, self.inventory.agreements, part=self.part, refers=self.refers)

    @property
    def name(self) -> str:
        """What the files are called: agreement and month, and that it is a draft."""
        return f"{self.cost.agreement}-{self.cost.month}{'-' if self.part else ''}{self.part}{'-draft' if self.draft else ''}"

    @property
    def host(self) -> str:
        """The member that invoices for all, by the newest version that the month's lines name."""
        versions = {name for line in self.cost.lines for name, _ in line.versions}
        own = [each for each in self.inventory.agreements if each.id == self.cost.agreement]
        used = [each for each in own if each.agreement.version in versions] or own
        return max(used, key=lambda each: each.agreement.from_).agreement.host

    @property
    def accounts(self) -> tuple[Account, ...]:
        return tuple(self.inventory.by_id("accounts").values())


def exports_of(ledger: Ledger, formats: Iterable[ExportFormat] = FORMATS, text: Text = SWEDISH) -> dict[str, bytes]:
    """File name → bytes of every export of a ledger; the same ledger gives the same bytes. What a close freezes (C1, C2).

    SIE is left out when the inventory has no accounts, UBL when a party has no registration number: a close asks `export_blocking` first.
    """
    wanted = set(formats)
    found: dict[str, bytes] = {}
    if wanted & {"csv", "xlsx", "pdf"}:
        report = ledger_report(ledger, text)
        if "csv" in wanted:
            found |= {f"{ledger.name}-{table.id}.csv": csv_table(table) for table in tables_of(report)}
        if "xlsx" in wanted:
            found[f"{ledger.name}.xlsx"] = render_xlsx(report)
        if "pdf" in wanted:
            found[f"{ledger.name}.pdf"] = render_pdf(report)
    if "json" in wanted:
        found[f"{ledger.name}.json"] = ledger_json(ledger.cost, ledger.documents, at=ledger.at, digest=ledger_digest(ledger.cost), draft=ledger.draft)
    if wanted & {"focus-csv", "focus-parquet"}:
        found |= _focus(ledger, wanted)
    if "sie" in wanted and ledger.accounts and party_of(ledger, ledger.host).org_number:
        found[f"{ledger.name}.si"] = sie_of(ledger).content
    if "ubl" in wanted and not without_number(ledger):
        found |= _ubl(ledger)
    return dict(sorted(found.items()))


def export_blocking(ledger: Ledger) -> tuple[Blocking, ...]:
    """What keeps the ledger from being booked by SIE: `account-unmapped`, `text-not-cp437`; nothing when no accounts are given (5b)."""
    return sie_of(ledger).blocking if ledger.accounts else ()


def sie_of(ledger: Ledger) -> SieFile:
    """The ledger's documents as SIE 4I."""
    documents = ledger.documents
    members = {each.member: party_of(ledger, each.member) for each in documents}
    issuer = party_of(ledger, ledger.host)
    return sie_file(documents, issuer=issuer, members=members, accounts=ledger.accounts, made=local_day(ledger.at), version=__version__, draft=ledger.draft)


def _ubl(ledger: Ledger) -> dict[str, bytes]:
    seller, day = party_of(ledger, ledger.host), local_day(ledger.at)
    mark = "-draft" if ledger.draft else ""
    return {
        f"{each.number}{mark}.xml": ubl(each, seller=seller, buyer=party_of(ledger, each.member), issued=day, draft=ledger.draft)
        for each in ledger.documents
    }


def _focus(ledger: Ledger, wanted: set[ExportFormat]) -> dict[str, bytes]:
    inventory = ledger.inventory
    names = FocusNames(
        party_of(ledger, ledger.host).name,
        {each.id: each.name for each in inventory.members.values()},
        {each.id: (each.name, each.focus_category or "Other") for each in inventory.services.values()},
        ledger.draft,
    )
    statements = frozenset(line.line for line in ledger.cost.lines if not is_invoiced(line, inventory.agreements))
    rows = focus_rows(ledger.cost, ledger.documents, names, statements)
    found = {}
    if "focus-csv" in wanted:
        found[f"{ledger.name}-focus.csv"] = focus_csv(rows)
    if "focus-parquet" in wanted:
        found[f"{ledger.name}-focus.parquet"] = parquet_table(COLUMNS, rows)
    return found


def party_of(ledger: Ledger, member: str) -> Party:
    """A member as a party to a document; without a registration number where the inventory has none."""
    row = ledger.inventory.members.get(member)
    if row is None:
        return Party(member, member, "")
    email = next((each.email for each in row.contacts if each.role == "economist"), row.contacts[0].email)
    return Party(member, row.name, (row.org_number or "").replace("-", ""), email)


def without_number(ledger: Ledger) -> list[str]:
    """The parties that have no registration number, which Peppol addresses them by."""
    return sorted(each for each in {ledger.host, *(one.member for one in ledger.documents)} if not party_of(ledger, each).org_number)


def ledger_report(ledger: Ledger, text: Text) -> Report:
    """The ledger laid out for people: first page facts and the sections of the costs room."""
    cost, inventory = ledger.cost, ledger.inventory
    net, vat = sum(each.net_ore for each in cost.members), sum(each.vat_ore for each in cost.members)
    money = [wording.money(each, text.language) for each in (net, vat, net + vat)]
    status = text("report.draft") if ledger.draft else text("report.closed")
    says = text("ledger.says", agreement=cost.agreement, month=cost.month, net=money[0], vat=money[1], gross=money[2])
    return Report(
        id=ledger.name, title=text("ledger.title", month=cost.month, agreement=cost.agreement), language=text.language, says=f"{says} {status}",
        audience=text("ledger.audience"), period=str(cost.month), data_until=cost.month.end, made_at=ledger.at, method=text("ledger.method"),
        version=f"samdrift {__version__}", sections=ledger_sections(cost, ledger.documents, inventory.members, text),
        contact=party_of(ledger, ledger.host).email, facts={text("ledger.digest"): ledger_digest(cost)},
        figures=((text("ledger.net"), money[0]), (text("ledger.vat"), money[1]), (text("ledger.gross"), money[2])),
    )  # fmt: skip
