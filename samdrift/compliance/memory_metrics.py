"""The metrics of what checks remember: what is new, who cannot be reached, scores, waivers, vantage, secondaries (dns.md 6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import TypeAlias

from samdrift.compliance.score import Score
from samdrift.compliance.telling import EXISTS, OWN_ALERT, UNREACHABLE, is_told
from samdrift.model.finding import Finding, History, Status, Value
from samdrift.model.metric import MetricSpec, Sample
from samdrift.model.period import microseconds
from samdrift.model.reading import SHARED

NEW = MetricSpec("samdrift_check_new_findings", "Findings that began within a day and are to be told; reachability from the second run on.", "gauge", ("check", "flapping", "member"))
UNREACHABLE_RUNS = MetricSpec("samdrift_zone_unreachable_runs", "Runs in a row in which no server answered for the zone; absent when undetermined.", "gauge", ("zone", "view", "member"))
SCORE = MetricSpec("samdrift_member_score_ratio", "Score of a member in a category (all: over them); absent under four fifths judged.", "gauge", ("category", "member"))
VANTAGE = MetricSpec("samdrift_vantage_up", "1 when the family answered in the last run of checks that used it, 0 when it was lost.", "gauge", ("family", "member"))
WAIVER = MetricSpec("samdrift_waiver_until_timestamp_seconds", "When a waiver ends.", "gauge", ("waiver", "member"), dates_itself=True)
LAG = MetricSpec("samdrift_secondary_lag_seconds", "How long a server has had an older serial than the newest seen.", "gauge", ("zone", "address", "member"))
EXPIRY = MetricSpec("samdrift_secondary_expiry_timestamp_seconds", "When a server that lags lets the zone expire.", "gauge", ("zone", "address", "member"), dates_itself=True)
LAG_LIMIT = MetricSpec("samdrift_secondary_lag_limit_seconds", "Refresh and retry of the zone as the server has it: how long it may lag.", "gauge", ("zone", "address", "member"))
EXPIRY_LIMIT = MetricSpec("samdrift_secondary_expiry_limit_seconds", "A quarter of the zone's expire as a server that lags has it: less must not be left.", "gauge", ("zone", "address", "member"))
METRICS: tuple[MetricSpec, ...] = (NEW, UNREACHABLE_RUNS, SCORE, VANTAGE, WAIVER, LAG, LAG_LIMIT, EXPIRY, EXPIRY_LIMIT)

Known: TypeAlias = Sequence[tuple[Finding, History]]
NEW_FOR = timedelta(days=1)
SECONDARIES = "dns-secondary-lag"
QUARTER = 4
"""Of expire: dns-secondary-lag fails with less left."""


def new_findings(known: Known, *, at: datetime) -> list[Sample]:
    """How many began within a day, by check; 0 for each check and member with findings, so that an end is seen."""
    count: Counter[tuple[str, str, str]] = Counter()
    for finding, history in known:
        if finding.check in OWN_ALERT:
            continue
        member = finding.member or SHARED
        fresh = is_told(finding, history) and history.first_seen_at is not None and at - history.first_seen_at < NEW_FOR
        count[finding.check, str(history.flapping).lower(), member] += fresh
        count[finding.check, str(not history.flapping).lower(), member] += 0
    return [Sample(NEW.name, {"check": check, "flapping": flapping, "member": member}, number) for (check, flapping, member), number in sorted(count.items())]


def unreachable_runs(known: Known) -> list[Sample]:
    """For how many runs each zone could not be reached; 0 when it was, nothing when nobody could tell."""
    found: dict[tuple[str, str, str], int] = {}
    for finding, history in known:
        if finding.check != EXISTS or finding.subject.noun != "zone" or finding.status in {Status.UNDETERMINED, Status.WAIVED}:
            continue
        key = (finding.subject.id, finding.view, finding.member or SHARED)
        found[key] = max(found.get(key, 0), history.runs_open if finding.code in UNREACHABLE else 0)
    return [Sample(UNREACHABLE_RUNS.name, {"zone": zone, "view": view, "member": member}, runs) for (zone, view, member), runs in sorted(found.items())]


def scores(found: Iterable[Score]) -> list[Sample]:
    """Every score that there is."""
    return [Sample(SCORE.name, {"category": one.category, "member": one.member}, one.value) for one in found if one.value is not None]


def vantage(families: Mapping[str, bool]) -> list[Sample]:
    """Whether each family that was used answered."""
    return [Sample(VANTAGE.name, {"family": family, "member": SHARED}, int(proven)) for family, proven in sorted(families.items())]


def waivers(ends: Mapping[str, tuple[str, datetime]]) -> list[Sample]:
    """Waiver id → whose label and when it ends."""
    return [Sample(WAIVER.name, {"waiver": name, "member": member}, _seconds(until)) for name, (member, until) in sorted(ends.items())]


def secondaries(known: Known) -> list[Sample]:
    """Lag and expiry of each server address that the check of secondaries gave, each with its zone's own limit; nothing for one that it could not tell of."""
    found: dict[tuple[str, str, str], int | Fraction] = {}
    whose: dict[str, str] = {}
    for finding, _ in known:
        if finding.check != SECONDARIES:
            continue
        zone, value = finding.subject.id, finding.value
        whose[zone] = finding.member or SHARED
        for metric, key in ((LAG, "lag_seconds"), (LAG_LIMIT, "lag_limit_seconds")):
            found |= {(metric.name, zone, address): seconds for address, seconds in _by_address(value, key).items()}
        for address, left in _by_address(value, "expires_in_seconds").items():
            found[EXPIRY.name, zone, address] = _seconds(finding.observed_at) + left
        found |= {(EXPIRY_LIMIT.name, zone, address): Fraction(seconds, QUARTER) for address, seconds in _by_address(value, "expire_seconds").items()}
    return [Sample(metric, {"zone": zone, "address": address, "member": whose[zone]}, number) for (metric, zone, address), number in sorted(found.items())]


def _by_address(value: Mapping[str, Value], key: str) -> dict[str, int]:
    """Seconds by address: one finding tells of all addresses, or of its own."""
    told, address = value.get(key), value.get("address")
    held = told if isinstance(told, Mapping) else {address: told}
    return {name: seconds for name, seconds in held.items() if isinstance(name, str) and isinstance(seconds, int)}


def _seconds(at: datetime) -> int:
    return microseconds(at) // 1_000_000
