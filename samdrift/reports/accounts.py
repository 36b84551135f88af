"""Which account a line is booked on: the most specific row of accounts.yml wins, and two equal ones are an error (costs.md 5b)."""

from __future__ import annotations

from collections.abc import Iterable

from samdrift.model.cost import Blocking, CostLine
from samdrift.model.invoice import Invoice
from samdrift.model.nouns.account import Account

UNMAPPED = "account-unmapped"


class Unmapped(Exception):
    """A line or a document that no account, or more than one, is meant for; the message says which."""


def account_of(line: CostLine, accounts: Iterable[Account]) -> Account:
    """The row for a line. Unmapped when none matches it, or several match it equally well."""
    found = sorted((each for each in accounts if _matches(each, line)), key=lambda each: (-_said(each), each.id))
    what = f"service {line.service or '(none)'}, member {line.member}, VAT {line.vat_rate} %"
    if not found:
        raise Unmapped(f"no row of accounts.yml is for {what}")
    if len(found) > 1 and _said(found[0]) == _said(found[1]):
        raise Unmapped(f"{found[0].id} and {found[1].id} of accounts.yml are both for {what}")
    return found[0]


def receivable_of(document: Invoice, accounts: Iterable[Account]) -> str:
    """The one account of what the member owes; Unmapped when the document's rows name none or several."""
    known = tuple(accounts)
    return _one({account_of(each.line, known).receivable for each in document.lines}, f"receivable of {document.number}")


def vat_account_of(document: Invoice, index: int, accounts: Iterable[Account]) -> str:
    """The one account of a VAT sum of the document; Unmapped when its rows name none or several."""
    known, sum_ = tuple(accounts), document.vat[index]
    rows = {
        account_of(each.line, known).vat_account
        for each in document.lines
        if (each.line.vat_category, each.line.vat_rate) == (sum_.category, sum_.rate)
    }
    return _one(rows, f"VAT {sum_.rate} % of {document.number}")


def unmapped(documents: Iterable[Invoice], accounts: Iterable[Account]) -> tuple[Blocking, ...]:
    """Everything that keeps the documents from being booked, each once."""
    known = tuple(accounts)
    said: dict[str, Blocking] = {}
    for document in documents:
        for text in _faults(document, known):
            said.setdefault(text, Blocking(UNMAPPED, text, member=document.member))
    return tuple(said.values())


def _faults(document: Invoice, accounts: tuple[Account, ...]) -> list[str]:
    lines = []
    for each in document.lines:
        try:
            account_of(each.line, accounts)
        except Unmapped as fault:
            lines.append(str(fault))
    if lines:
        return lines
    try:
        receivable_of(document, accounts)
        for index, sum_ in enumerate(document.vat):
            if sum_.vat_ore:
                vat_account_of(document, index, accounts)
    except Unmapped as fault:
        return [str(fault)]
    return []


def _matches(account: Account, line: CostLine) -> bool:
    pairs = ((account.service, line.service), (account.member, line.member), (account.vat_rate, line.vat_rate))
    return all(wanted is None or wanted == given for wanted, given in pairs)


def _said(account: Account) -> int:
    return sum(each is not None for each in (account.service, account.member, account.vat_rate))


def _one(found: set[str | None], what: str) -> str:
    if len(found) > 1:
        raise Unmapped(f"{what}: several accounts, {', '.join(sorted(each or '(none)' for each in found))}")
    (only,) = found
    if only is None:
        raise Unmapped(f"{what}: no account")
    return only
