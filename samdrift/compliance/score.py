"""The score: of a zone by category, of a member by its zones, beside all members' quartiles without a name (dns.md D14)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import quantiles

from samdrift.model.check import Check
from samdrift.model.finding import Finding, Severity, Status, worst
from samdrift.model.reading import SHARED

WORTH: Mapping[Status, Fraction] = {Status.OK: Fraction(1), Status.WARNING: Fraction(1, 2), Status.FAILURE: Fraction(0)}
LEAST_COVERAGE = Fraction(4, 5)
"""With less of what applies judged there is no score."""
LEAST_COMPARED = 4
"""With fewer members scored the quartiles would tell a neighbour's score, so there are none."""
TOTAL = "all"
"""The category that means all of them."""


@dataclass(frozen=True, slots=True)
class Score:
    """Of a member in a category (`all`: over its categories): `value` None under 0.8 judged; `quartiles` (first, median, third) of all members."""

    member: str
    category: str
    value: Fraction | None
    coverage: Fraction | None
    zones: int
    quartiles: tuple[Fraction, Fraction, Fraction] | None = None


@dataclass(frozen=True, slots=True)
class ZoneScore:
    """Of one zone in one view: worth and coverage by category, and over all categories under `all`."""

    zone: str
    view: str
    members: tuple[str, ...]
    by_category: Mapping[str, tuple[Fraction | None, Fraction]]


def zone_scores(findings: Iterable[Finding], checks: Mapping[str, Check]) -> tuple[ZoneScore, ...]:
    """Every zone's score. Counted are checks that can fail; not-applicable, waived and undetermined stay out; the worst address counts."""
    verdicts: dict[tuple[str, str, str, str], list[Status]] = {}
    members: dict[tuple[str, str], tuple[str, ...]] = {}
    for one in findings:
        zone = one.subject.id if one.subject.noun == "zone" else one.value.get("zone")
        check = checks.get(one.check)
        if not isinstance(zone, str) or check is None or all(code.severity is not Severity.FAILURE for code in check.codes):
            continue
        verdicts.setdefault((zone, one.view, check.category, one.check), []).append(one.status)
        if one.subject.noun == "zone":
            members[zone, one.view] = one.members or ((one.member,) if one.member else ())
    by_zone: dict[tuple[str, str], dict[str, list[Status]]] = {}
    for (zone, view, category, _), statuses in verdicts.items():
        by_zone.setdefault((zone, view), {}).setdefault(category, []).append(worst(statuses))
    return tuple(ZoneScore(zone, view, members.get((zone, view), ()), _of_zone(held)) for (zone, view), held in sorted(by_zone.items()))


def _of_zone(held: Mapping[str, Sequence[Status]]) -> Mapping[str, tuple[Fraction | None, Fraction]]:
    found: dict[str, tuple[Fraction | None, Fraction]] = {}
    for category, statuses in sorted(held.items()):
        judged = [WORTH[status] for status in statuses if status in WORTH]
        unknown = sum(status is Status.UNDETERMINED for status in statuses)
        if judged or unknown:
            coverage = Fraction(len(judged), len(judged) + unknown)
            found[category] = (_mean(judged) if coverage >= LEAST_COVERAGE else None, coverage)
    everything = [status for statuses in held.values() for status in statuses]
    judged_all = sum(status in WORTH for status in everything)
    unknown_all = sum(status is Status.UNDETERMINED for status in everything)
    if judged_all or unknown_all:
        coverage = Fraction(judged_all, judged_all + unknown_all)
        means = [_mean(known) for statuses in held.values() if (known := [WORTH[status] for status in statuses if status in WORTH])]
        found[TOTAL] = (_mean(means) if coverage >= LEAST_COVERAGE else None, coverage)
    return found


def member_scores(zones: Iterable[ZoneScore]) -> tuple[Score, ...]:
    """Every member's scores, sorted by member and category; zones that several share are those of `shared`, which is in no quartile."""
    held: dict[str, list[ZoneScore]] = {}
    for zone in zones:
        if zone.members:
            held.setdefault(zone.members[0] if len(zone.members) == 1 else SHARED, []).append(zone)
    rows = [_of_member(member, category, mine) for member, mine in sorted(held.items()) for category in sorted({name for zone in mine for name in zone.by_category})]
    return tuple(Score(one.member, one.category, one.value, one.coverage, one.zones, _quartiles(rows, one.category)) for one in rows)


def _of_member(member: str, category: str, zones: Sequence[ZoneScore]) -> Score:
    rows = [zone.by_category[category] for zone in zones if category in zone.by_category]
    coverage = _mean([covered for _, covered in rows])
    values = [value for value, _ in rows if value is not None]
    return Score(member, category, _mean(values) if values and coverage >= LEAST_COVERAGE else None, coverage, len(rows))


def _quartiles(rows: Sequence[Score], category: str) -> tuple[Fraction, Fraction, Fraction] | None:
    values = sorted(row.value for row in rows if row.category == category and row.member != SHARED and row.value is not None)
    if len(values) < LEAST_COMPARED:
        return None
    first, median, third = quantiles(values, n=4, method="inclusive")
    return first, median, third


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def permille(value: Fraction | None) -> int | None:
    """To the nearest thousandth, a half away from zero; None stays None.

    >>> permille(Fraction(2, 3)), permille(None)
    (667, None)
    """
    return None if value is None else int(value * 1000 + Fraction(1, 2))
