"""Invoices of a month: one document a member, split where VAT categories may not meet; credit notes below 0 (costs.md D1, D2, S1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from samdrift.model.cost import CostLine, MonthCost
from samdrift.model.invoice import Invoice, InvoiceLine, VatSum
from samdrift.model.money import half_away_from_zero
from samdrift.model.nouns.agreement import Agreement
from samdrift.model.period import Month

PAID = frozenset({"advance", "settlement"})
"""Components that are invoiced when an agreement is paid in advance; its monthly lines are statements (S1)."""
OUTSIDE = "O"
"""The VAT category that may meet no other on one document (EN 16931 BR-O-11 to BR-O-14)."""


CARRY = "/carry"
"""How the id of a settlement's line ends that moves its amount to the next advance: nobody pays it now (S2)."""


def is_invoiced(line: CostLine, agreements: Iterable[Agreement]) -> bool:
    """Whether the line goes on a document: in arrears every line does, in advance only what is paid; what is carried on is on none."""
    if line.component == "settlement" and line.line.endswith(CARRY):
        return False
    last = line.versions[-1][0] if line.versions else ""
    advance = any(
        each.id == line.agreement and each.agreement.version == last and each.payment.kind == "advance"
        for each in agreements
    )
    return not advance or line.component in PAID


def invoices(cost: MonthCost, agreements: Iterable[Agreement], *, part: str = "", refers: Iterable[Month] = ()) -> tuple[Invoice, ...]:
    """The month's documents, sorted by number. Nothing to pay and no VAT: no document, the lines stand in the report (D2).

    `part` is `advance` or `settlement` for lines booked beside a month; `refers` are the months in whose advance a settlement's credit was paid.
    """
    known, refers = tuple(agreements), tuple(refers)
    groups: dict[tuple[str, bool], list[CostLine]] = {}
    for line in cost.lines:
        if is_invoiced(line, known):
            groups.setdefault((line.member, line.vat_category == OUTSIDE), []).append(line)
    made = (
        _document(cost, member, lines, outside, part, refers) for (member, outside), lines in sorted(groups.items())
    )
    return tuple(sorted((each for each in made if each is not None), key=lambda each: each.number))


def number(agreement: str, month: Month, member: str, *, outside: bool, part: str = "") -> str:
    """A document's number: the same for the same month for ever, so that a later credit note can name it.

    Its parts are joined by points, which no id holds, so that two documents never share one.
    """
    return ".".join([agreement, str(month), member, *([part] if part else []), *(["o"] if outside else [])])


def by_line(documents: Iterable[Invoice]) -> Mapping[str, Invoice]:
    """Ledger line id → the document that it stands on."""
    return {each.line.line: document for document in documents for each in document.lines}


def _document(cost: MonthCost, member: str, lines: list[CostLine], outside: bool, part: str, refers: tuple[Month, ...]) -> Invoice | None:
    vat = vat_sums(lines)
    net, tax = sum(each.taxable_ore for each in vat), sum(each.vat_ore for each in vat)
    if net == 0 and tax == 0:
        return None
    sign = -1 if (net or tax) < 0 else 1
    return Invoice(
        number(cost.agreement, cost.month, member, outside=outside, part=part), "invoice" if sign > 0 else "credit-note", cost.agreement, cost.month, member,
        tuple(InvoiceLine(line, sign * line.amount_ore) for line in lines),
        tuple(VatSum(each.category, each.rate, sign * each.taxable_ore, sign * each.vat_ore) for each in vat),
        _originals(lines, outside, refers) if sign < 0 else (),
    )  # fmt: skip


def vat_sums(lines: Iterable[CostLine]) -> tuple[VatSum, ...]:
    """Per category and rate: the taxable sum and its VAT, half away from zero, once; the highest rate first (D1)."""
    taxable: dict[tuple[str, int, int], list[CostLine]] = {}
    for line in lines:
        rate = line.vat_rate
        taxable.setdefault((line.vat_category, rate.numerator, rate.denominator), []).append(line)
    found = []
    for same in taxable.values():
        total = sum(line.amount_ore for line in same)
        rate = same[0].vat_rate
        found.append(VatSum(same[0].vat_category, rate, total, half_away_from_zero(total * rate / 100)))
    return tuple(sorted(found, key=lambda each: (-each.rate, each.category)))


def _originals(lines: Iterable[CostLine], outside: bool, refers: tuple[Month, ...]) -> tuple[str, ...]:
    """The documents on which the corrected lines stood, whose ids begin with their month; or the advances that a settlement gives back of."""
    found = set()
    for line in lines:
        if line.corrects is not None:
            month = Month.parse(line.corrects.split("/", 1)[0])
            found.add(number(line.agreement, month, line.member, outside=outside))
        found |= {number(line.agreement, month, line.member, outside=outside, part="advance") for month in refers}
    return tuple(sorted(found))
