"""Participation: who takes part in a pool on which local days (costs.md K3, K5, 5b)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from samdrift.model.nouns.agreement import Agreement, Participant, Pool
from samdrift.model.nouns.member import Member
from samdrift.model.period import Month


@dataclass(frozen=True, slots=True)
class VersionDays:
    """The days of a month on which one version of an agreement is valid."""

    agreement: Agreement
    days: tuple[date, ...]


def versions_in(agreements: Iterable[Agreement], agreement_id: str, month: Month) -> tuple[VersionDays, ...]:
    """The versions of an agreement with their days in the month, in order; days of no version are in none."""
    found = []
    for agreement in sorted((a for a in agreements if a.id == agreement_id), key=lambda a: a.agreement.from_):
        head = agreement.agreement
        days = tuple(day for day in month.days() if head.from_ <= day and (head.to is None or day < head.to))
        if days:
            found.append(VersionDays(agreement, days))
    return tuple(found)


def takes_part(entries: Iterable[Participant], day: date) -> set[str]:
    """The members that the entries name on a day; dates are [from, to)."""
    return {
        entry.member
        for entry in entries
        if (entry.from_ is None or entry.from_ <= day) and (entry.to is None or day < entry.to)
    }


def days_taking_part(version: VersionDays, pool: Pool, members: Mapping[str, Member]) -> dict[str, int]:
    """Member → number of the version's days on which it takes part in the pool; agreement, pool and membership all bind.

    A pool that names participants is opt-in and may name members outside the agreement's own list (`jgy`, `rtj`).
    """
    entries = pool.participants or version.agreement.participants
    count: dict[str, int] = {}
    for day in version.days:
        for member_id in takes_part(entries, day):
            member = members.get(member_id)
            if member and member.since <= day and (member.until is None or day < member.until):
                count[member_id] = count.get(member_id, 0) + 1
    return dict(sorted(count.items()))


def fractions_of(days: Mapping[str, int], month: Month) -> dict[str, Fraction]:
    """Days taking part over days in the month."""
    whole = len(month.days())
    return {member: Fraction(number, whole) for member, number in days.items()}
