"""The board's monthly report: pools against budget, the members' shares, exceptions, and what is missing (issue 4, costs.md E2)."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from samdrift import __version__
from samdrift.costs.board_report import budget_section, exceptions_section, shares_section
from samdrift.model import wording
from samdrift.model.errors import Refused
from samdrift.model.inventory import Inventory
from samdrift.model.period import Month
from samdrift.model.section import Report
from samdrift.model.text import Text
from samdrift.model.viewer import OPERATIONS, Viewer
from samdrift.operations.close_costs import preview_close, show_closed
from samdrift.operations.closed_books import closed_months, frozen_inventory, narrowed
from samdrift.operations.preview_costs import choose_agreement
from samdrift.store import Store


def report_board(
    inventory: Inventory, store: Store, month: Month, *, viewer: Viewer, at: datetime, text: Text, draft: bool = False, agreement: str | None = None
) -> Report:
    """The report of a closed month; of an open one only with `draft`. Sums and shares are open to all, exceptions are the viewer's own (E3)."""
    chosen = choose_agreement(inventory, agreement)
    closed = show_closed(store, chosen, month, viewer=OPERATIONS)
    if closed is None and not draft:
        raise Refused(f"{month} of {chosen} is not closed", help=f"samdrift cost close --month {month}, or add --draft")
    books = frozen_inventory(store, closed.close) if closed else inventory
    cost = narrowed(closed.cost if closed else preview_close(inventory, store, month, at=at, agreement=chosen), viewer)
    year = closed_months(store, chosen, [Month(month.year, number) for number in range(1, month.month + 1)]) | {month: cost}
    budgets = [each for each in books.by_id("budgets").values() if (each.agreement, each.year) == (chosen, month.year)]
    budget = {pool: ore for each in budgets for pool, ore in each.pools.items()}
    spent = sum(pool.amount_ore for each in year.values() for pool in each.pools)
    whole, planned = sum(pool.amount_ore for pool in cost.pools), sum(budget.values())
    money = {"month": wording.money(whole, text.language), "year": wording.money(spent, text.language)}
    share = wording.percent(Fraction(spent, planned), 1, text.language) if planned else ""
    says = text("board.says-budget", **money, share=share) if planned else text("board.says", **money)
    host = books.members[books.settings.host_organisation]
    figures = [(text("board.month"), money["month"]), (text("board.year"), money["year"])]
    figures += [(text("year.spent"), share)] if planned else []
    return Report(
        id=f"{month}-board", title=text("board.title", month=month), language=text.language,
        says=f"{says} {text('report.closed') if closed else text('report.draft')}", audience=text("board.audience"), period=str(month), data_until=month.end,
        made_at=closed.close.closed_at if closed else at, method=text("board.method"), version=f"samdrift {__version__}",
        sections=(
            budget_section(year, month, budget, text), shares_section(cost, books.members, text),
            exceptions_section(cost, closed.close.accepted if closed else {}, books.members, text),
        ),
        contact=next((each.email for each in host.contacts if each.role == "economist"), host.contacts[0].email),
        facts={text("report.close-digest"): closed.close.digest} if closed else {}, figures=tuple(figures),
    )  # fmt: skip
