"""contract-ends: no contract has ended unnoticed, nor passes its notice day without somebody deciding."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from samdrift.compliance.contract import ContractInHand
from samdrift.model.check import Check, Code, Verdict
from samdrift.model.finding import Finding, Remedy, Severity, Subject, Value
from samdrift.model.period import local_day
from samdrift.model.quantity import read_duration, read_months

if TYPE_CHECKING:
    from samdrift.model.nouns.contract import Contract

NOTICE_SOON_DAYS = 60
"""Before the notice day: time to decide whether to terminate, extend or buy together."""
ENDS_SOON_DAYS = 365
"""Before the end: time for a joint purchase (a tender takes most of a year)."""
BUYER = "contract-owner"


def judge(hand: ContractInHand, at: datetime) -> tuple[Finding, ...]:
    """One contract on the Stockholm day of `at`: the gravest of what its dates say."""
    contract, today = hand.contract, local_day(at)
    notice = notice_day(contract)
    members = tuple(sorted(contract.members))
    verdict = Verdict(CHECK.id, Subject("contract", contract.id), at, {code.id: code.severity for code in CHECK.codes}, member=members[0] if len(members) == 1 else "shared")
    value: dict[str, Value] = {
        "until_date": contract.until.isoformat(), "notice_date": notice.isoformat(), "left_days": (contract.until - today).days, "supplier": contract.supplier,
        "members": members, "services": tuple(contract.services),
    }  # fmt: skip
    if hand.place is not None:
        value["place"] = str(hand.place)
    return (replace(_judge(verdict, contract, today, notice, value), members=members),)


def _judge(verdict: Verdict, contract: Contract, today: date, notice: date, value: dict[str, Value]) -> Finding:
    name, until, extension = contract.name, contract.until, contract.extension
    if today < contract.from_:
        return verdict.not_applicable(f"{name} begins {contract.from_}")
    if today > until:
        remedy = Remedy("Write down the extension or the new contract in contracts.yml, or end what runs without one", by=BUYER)
        return verdict.found("ended", f"{name} ended on {until}; what is used now is used without a contract", value=value, remedy=remedy)
    if today > notice:
        text = f"Extend by {extension}, or buy anew" if extension else "Agree on an extension, or buy anew"
        return verdict.found("notice-passed", f"the notice day of {name} was {notice}; it ends on {until}", value=value, remedy=Remedy(f"{text}: {(until - today).days} days are left", by=BUYER))
    if (notice - today).days <= NOTICE_SOON_DAYS:
        remedy = Remedy(f"Decide before {notice} whether to terminate or extend; samdrift report contracts shows what could be bought together", by=BUYER)
        return verdict.found("notice-soon", f"the notice day of {name} is {notice}, in {(notice - today).days} days", value=value, remedy=remedy)
    if (until - today).days <= ENDS_SOON_DAYS:
        return verdict.found("ends-soon", f"{name} ends on {until}, in {(until - today).days} days", value=value)
    return verdict.ok(f"{name} runs until {until}", value=value)


def notice_day(contract: Contract) -> date:
    """The last day on which the contract can be terminated: its notice counted back from its end, in calendar months where so written."""
    months = read_months(contract.notice)
    if months is None:
        return contract.until - timedelta(seconds=read_duration(contract.notice))
    year, month = divmod(contract.until.year * 12 + contract.until.month - 1 - months, 12)
    for day in range(contract.until.day, 27, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    return date(year, month + 1, contract.until.day)


CHECK = Check(
    id="contract-ends",
    category="contract",
    title="Contracts are seen before they end",
    requirement="No contract is used after its end, and each notice day is met with a decision.",
    remedy="Terminate, extend or buy anew in time; together where several members' contracts end in the same year.",
    codes=(
        Code("ended", Severity.FAILURE, "The contract has ended."),
        Code("notice-passed", Severity.WARNING, "The day of notice has passed; the contract ends or is extended by itself."),
        Code("notice-soon", Severity.WARNING, "The day of notice comes within 60 days."),
        Code("ends-soon", Severity.NOTICE, "The contract ends within a year."),
    ),
    needs=("contract",),
    references=("samdrift:avtalsbevakning", "law:2016:1145"),
    judge=judge,
)
