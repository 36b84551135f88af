"""One member's monthly report, its sections given by the rooms (common.md 6 `report member`, costs.md E2, interface.md U38).

A room adds a section by one function in GIVERS: it gets the month as a value and gives a Section, or None when it has nothing to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from samdrift import __version__
from samdrift.costs.invoices import invoices
from samdrift.costs.report import corrections_section, everybody_section, member_section, member_sums
from samdrift.costs.savings import savings
from samdrift.costs.savings_report import savings_section
from samdrift.costs.unread import measured, unread, unread_meters
from samdrift.costs.year_report import last_twelve, year_section
from samdrift.metering.report import usage_section
from samdrift.model import wording
from samdrift.model.cost import Booking, MonthCost
from samdrift.model.errors import Refused, UnknownId
from samdrift.model.inventory import Inventory
from samdrift.model.invoice import Invoice
from samdrift.model.nouns.agreement import Agreement
from samdrift.model.period import Month
from samdrift.model.reading import Usage
from samdrift.model.section import Report, Section
from samdrift.model.text import Text
from samdrift.model.viewer import OPERATIONS, Viewer, member_viewer
from samdrift.operations.close_costs import preview_close, show_closed
from samdrift.operations.closed_books import (
    booked_beside,
    closed_months,
    frozen_inventory,
    frozen_usage,
    ledger_of_booking,
    narrowed,
    own_bookings,
)
from samdrift.operations.preview_costs import choose_agreement
from samdrift.operations.report_backups import backup_section
from samdrift.operations.report_compliance import compliance_of
from samdrift.operations.stored_usage import stored_usage
from samdrift.store import Store
from samdrift.store.closes import Close


@dataclass(frozen=True)
class MemberMonth:
    """What every giver gets: one member's month. `books` is the inventory that the month was closed with, `inventory` today's.

    `months` are the closed ones of the twelve up to this month, and this one; `booked` the advances and settlements beside them. All hold the member's own
    lines alone.
    """

    inventory: Inventory
    books: Inventory
    store: Store
    member: str
    month: Month
    cost: MonthCost
    months: Mapping[Month, MonthCost]
    booked: tuple[Booking, ...]
    usage: tuple[Usage, ...]
    close: Close | None
    at: datetime
    text: Text

    @property
    def versions(self) -> Mapping[str, Agreement]:
        """The agreement's versions by name."""
        return {each.agreement.version: each for each in self.books.agreements if each.id == self.cost.agreement}

    @property
    def documents(self) -> tuple[Invoice, ...]:
        """The member's invoice basis."""
        found = list(invoices(self.cost, self.books.agreements))
        for each in self.booked:
            if each.period == str(self.month):
                paid = tuple(Month.parse(one.period) for one in self.booked if (one.kind, one.about) == ("advance", each.about)) if each.kind == "settlement" else ()
                found += invoices(ledger_of_booking(each), self.books.agreements, part=each.kind, refers=paid)
        return tuple(each for each in found if each.member == self.member)

    @property
    def in_advance(self) -> bool:
        """Whether the newest version that the lines name is paid in advance."""
        names = [name for line in self.cost.lines for name, _ in line.versions if name in self.versions]
        newest = max(names, key=lambda name: self.versions[name].agreement.from_, default=None)
        return newest is not None and self.versions[newest].payment.kind == "advance"

    @property
    def contact(self) -> str:
        """Where objections go: the host's economist."""
        host = self.books.members[self.books.settings.host_organisation]
        return next((each.email for each in host.contacts if each.role == "economist"), host.contacts[0].email)


Giver = Callable[[MemberMonth], Section | None]


def _cost(given: MemberMonth) -> Section:
    lines, versions, prices, read = given.cost.lines, given.versions, given.books.prices, measured(given.usage)
    without, meters = unread(lines, versions, prices, read), unread_meters(lines, versions, prices, read)
    return member_section(given.cost, given.member, versions, given.documents, given.text, unread=without, unread_meters=meters, members=given.books.members)


def _year(given: MemberMonth) -> Section:
    budgets = [each for each in given.books.by_id("budgets").values() if (each.agreement, each.year) == (given.cost.agreement, given.month.year)]
    budget = {pool: ore for each in budgets for pool, ore in each.pools.items()}
    lines = [line for each in given.booked if each.about == str(given.month.year) for line in each.lines]
    return year_section(given.months, given.month, given.member, budget, lines, given.text, in_advance=given.in_advance)


def _everybody(given: MemberMonth) -> Section:
    return everybody_section(given.cost, given.member, given.books.members, given.text)


def _corrections(given: MemberMonth) -> Section:
    return corrections_section(given.cost, given.member, given.text)


def _savings(given: MemberMonth) -> Section:
    year = [cost for month, cost in given.months.items() if month.year == given.month.year]
    figures = [each for each in given.books.all("stand-alone") if each.member == given.member]
    names = {service.id: service.name for service in given.books.services.values()}
    return savings_section([each for each in savings(year, figures) if each.member == given.member], given.month.year, given.text, names)


def _usage(given: MemberMonth) -> Section:
    return usage_section(given.usage, frozenset({given.member}), given.text)


def _backups(given: MemberMonth) -> Section:
    return backup_section(given.inventory, given.store, given.member, start=given.month.start, end=given.month.end, text=given.text)


def _compliance(given: MemberMonth) -> Section:
    return compliance_of(given.store, given.member, text=given.text, inventory=given.inventory, until=given.month.end)


def _objection(given: MemberMonth) -> Section:
    words = ("report.object-where", "report.object-closed", "report.object-line")
    return Section("objection", given.text("report.object"), tuple(given.text(each, contact=given.contact, month=given.month) for each in words))


GIVERS: tuple[Giver, ...] = (_cost, _year, _corrections, _savings, _everybody, _usage, _backups, _compliance, _objection)
"""The report's sections in their order; the first one's first sentence is what the report says."""


def report_members(
    inventory: Inventory, store: Store, members: Iterable[str], month: Month, *,
    viewer: Viewer, at: datetime, text: Text, draft: bool = False, agreement: str | None = None,
) -> Iterator[Report]:  # fmt: skip
    """A report a member, of a closed month; of an open one only with `draft`, marked. A member's viewer gets its own alone.

    Raises Refused before the first report when the month is open and no draft is wanted.
    """
    chosen = choose_agreement(inventory, agreement)
    closed = show_closed(store, chosen, month, viewer=OPERATIONS)
    if closed is None and not draft:
        raise Refused(f"{month} of {chosen} is not closed", help=f"samdrift cost close --month {month}, or add --draft")
    books = frozen_inventory(store, closed.close) if closed else inventory
    usage = frozen_usage(store, closed.close) if closed else stored_usage(inventory, store, month).usage
    cost = closed.cost if closed else preview_close(inventory, store, month, at=at, agreement=chosen)
    months = closed_months(store, chosen, last_twelve(month)) | {month: cost}
    booked = booked_beside(store, chosen)
    for member in members:
        if member not in inventory.members or not viewer.sees(member):
            raise UnknownId("member", member, [each for each in inventory.members if viewer.sees(each)])
        own = member_viewer(member)
        mine = {each: narrowed(whole, own) for each, whole in months.items()}
        given = MemberMonth(inventory, books, store, member, month, mine[month], mine, own_bookings(booked, member), usage, closed.close if closed else None, at, text)
        yield member_report(given)


def member_report(given: MemberMonth) -> Report:
    """The member's month laid out: every giver's section, and the figures of the first page."""
    text, name = given.text, given.books.members[given.member].name if given.member in given.books.members else given.member
    sections = tuple(section for section in (giver(given) for giver in GIVERS) if section is not None)
    status = text("report.closed") if given.close else text("report.draft")
    return Report(
        id=f"{given.month}-{given.member}",
        title=text("report.member-title", member=name, month=given.month),
        language=text.language,
        says=f"{sections[0].sentences[0]} {status}",
        audience=text("report.member-audience", member=name),
        period=str(given.month),
        data_until=given.month.end,
        made_at=given.close.closed_at if given.close else given.at,
        method=text("report.member-method"),
        version=f"samdrift {__version__}",
        sections=sections,
        contact=given.contact,
        facts={text("report.close-digest"): given.close.digest} if given.close else {},
        figures=_figures(given),
    )


def _figures(given: MemberMonth) -> tuple[tuple[str, str], ...]:
    text, documents = given.text, given.documents
    net, vat = member_sums(given.cost, given.member)
    shown = [(text("report.month-cost"), net)]
    if documents:
        shown.append((text("report.to-pay"), sum(each.signed(each.gross_ore) for each in documents)))
    else:
        shown.append((text("ledger.vat"), vat))
    year = sum(member_sums(cost, given.member)[0] for month, cost in given.months.items() if month.year == given.month.year)
    shown.append((text("report.year-cost", year=given.month.year), year))
    return tuple((name, wording.money(ore, text.language)) for name, ore in shown)
