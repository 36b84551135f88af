"""The overview of contracts: what ends when, what could be bought together, and where a data-processing agreement is missing (common.md 3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from samdrift.compliance.checks.contract.contract_ends import CHECK, notice_day
from samdrift.compliance.contract import ContractInHand
from samdrift.model.finding import Finding
from samdrift.model.period import local_day

if TYPE_CHECKING:
    from samdrift.model.nouns.contract import Contract
    from samdrift.model.nouns.service import Service

DATA_PROCESSING = "data-processing"


@dataclass(frozen=True, slots=True)
class ContractRow:
    """One contract with its notice day and what contract-ends says of it on the day."""

    contract: Contract
    notice: date
    left_days: int
    finding: Finding


@dataclass(frozen=True, slots=True)
class Together:
    """Contracts of one kind for one kind of system that end within twelve months of the first and concern several members."""

    what: str
    kind: str
    contracts: tuple[str, ...]
    members: tuple[str, ...]
    first_until: date
    last_until: date


def rows(contracts: Iterable[Contract], at: datetime) -> tuple[ContractRow, ...]:
    """Every contract, the one that ends first at the top."""
    today = local_day(at)
    return tuple(
        ContractRow(one, notice_day(one), (one.until - today).days, CHECK.judge(ContractInHand(one), at)[0])
        for one in sorted(contracts, key=lambda one: (one.until, one.id))
    )


def together(contracts: Iterable[Contract], services: Mapping[str, Service], today: date) -> tuple[Together, ...]:
    """What could be bought together: grouped by what the services are; only contracts that have not ended."""
    alike: dict[tuple[str, str], dict[str, Contract]] = {}
    for contract in sorted(contracts, key=lambda one: (one.until, one.id)):
        for service in contract.services:
            what = services[service].what if service in services else None
            if what and contract.until >= today:
                alike.setdefault((what.casefold(), contract.kind), {})[contract.id] = contract
    found = []
    for (what, kind), held in sorted(alike.items()):
        for group in _windows(list(held.values())):
            members = tuple(sorted({member for one in group for member in one.members}))
            if len(group) > 1 and len(members) > 1:
                found.append(Together(what, kind, tuple(one.id for one in group), members, group[0].until, group[-1].until))
    return tuple(found)


def _windows(ordered: list[Contract]) -> list[list[Contract]]:
    """Runs of contracts that end within twelve months of the run's first."""
    found: list[list[Contract]] = []
    for one in ordered:
        if found and one.until <= _a_year_after(found[-1][0].until):
            found[-1].append(one)
        else:
            found.append([one])
    return found


def _a_year_after(day: date) -> date:
    return day.replace(year=day.year + 1) if (day.month, day.day) != (2, 29) else date(day.year + 1, 3, 1)


def without_data_processing(contracts: Iterable[Contract], services: Iterable[Service], suppliers: Iterable[str], today: date) -> tuple[Service, ...]:
    """Active services that a supplier operates and no data-processing agreement in force names, sorted by id."""
    outside = frozenset(suppliers)
    covered = {service for one in contracts if one.kind == DATA_PROCESSING and one.from_ <= today <= one.until for service in one.services}
    wanting = [one for one in services if one.state == "active" and one.operator in outside and one.id not in covered]
    return tuple(sorted(wanting, key=lambda one: one.id))
