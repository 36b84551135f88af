"""Participation: who takes part in a pool on which local days (costs.md K3, K5, 5b)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property

from samdrift.model.nouns.agreement import Agreement, Participant, Pool
from samdrift.model.nouns.member import Member
from samdrift.model.period import Month

Days = tuple[date, ...]


@dataclass(frozen=True, slots=True)
class VersionDays:
    """The days of a month on which one version of an agreement is valid."""

    agreement: Agreement
    days: Days


def versions_in(agreements: Iterable[Agreement], agreement_id: str, month: Month) -> tuple[VersionDays, ...]:
    """The versions of an agreement with their days in the month, in order; days of no version are in none."""
    return versions_on(agreements, agreement_id, tuple(month.days()))


def versions_on(agreements: Iterable[Agreement], agreement_id: str, days: Days) -> tuple[VersionDays, ...]:
    """The versions of an agreement with those of the consecutive `days` on which they are valid."""
    found = []
    for agreement in sorted((a for a in agreements if a.id == agreement_id), key=lambda a: a.agreement.from_):
        valid = _within(days, agreement.agreement.from_, agreement.agreement.to)
        if valid:
            found.append(VersionDays(agreement, valid))
    return tuple(found)


def _within(days: Days, start: date | None, end: date | None) -> Days:
    """Those of consecutive days that lie in [start, end); the same tuple when that is all of them."""
    if not days:
        return days
    first = 0 if start is None else max(0, (start - days[0]).days)
    last = len(days) if end is None else min(len(days), (end - days[0]).days)
    return days if (first, last) == (0, len(days)) else days[first : max(first, last)]


@dataclass
class Participation:
    """Member → the days of a version on which it takes part in a pool; agreement, pool and membership all bind.

    A pool that names participants is opt-in and may name members outside the agreement's own list (`jgy`, `rtj`).
    Pools with the same list share one answer, for a month may have a thousand pools.
    """

    members: Mapping[str, Member]
    _known: dict[tuple[str, tuple[Participant, ...]], Mapping[str, Days]] = field(default_factory=dict)

    @cached_property
    def kinds(self) -> Mapping[str, str]:
        """Member → its kind."""
        return {member.id: member.kind for member in self.members.values()}

    def days(self, version: VersionDays, pool: Pool) -> Mapping[str, Days]:
        """Members that take part on no day are left out; sorted by id."""
        entries = pool.participants or version.agreement.participants
        key = (version.agreement.agreement.version, entries)
        if key not in self._known:
            self._known[key] = self._bound(version, self._of(version.days, entries))
        return self._known[key]

    def over(self, versions: Iterable[VersionDays], pool: str) -> Mapping[str, Days]:
        """Member → its days in the pool over all versions given, which have the pool."""
        found: dict[str, Days] = {}
        for version in versions:
            for member, days in self.days(version, version.agreement.pools[pool]).items():
                found[member] = (*found[member], *days) if member in found else days
        return dict(sorted(found.items()))

    def _bound(self, version: VersionDays, found: Mapping[str, Days]) -> Mapping[str, Days]:
        """Days in a pool, cut to those in the agreement for each member that the agreement's own list dates (5b)."""
        dated = {each.member for each in version.agreement.participants if each.from_ or each.to}
        if dated.isdisjoint(found):
            return found
        whole = self._of(version.days, version.agreement.participants)
        bound = {
            member: tuple(day for day in days if day in set(whole.get(member, ()))) if member in dated else days
            for member, days in found.items()
        }
        return {member: days for member, days in bound.items() if days}

    def _of(self, days: Days, entries: tuple[Participant, ...]) -> Mapping[str, Days]:
        found: dict[str, Days] = {}
        for entry in entries:
            member = self.members.get(entry.member)
            if member is None:
                continue
            own = _within(_within(days, entry.from_, entry.to), member.since, member.until)
            if own:
                found[entry.member] = tuple(sorted({*found[entry.member], *own})) if entry.member in found else own
        return dict(sorted(found.items()))


def fractions_of(days: Mapping[str, Days], whole: int) -> dict[str, Fraction]:
    """Days taking part over the period's days, per member."""
    return {member: Fraction(len(own), whole) for member, own in days.items()}


def days_between(start: date, end: date) -> Days:
    """The local dates of [start, end)."""
    return tuple(start + timedelta(days=number) for number in range((end - start).days))
