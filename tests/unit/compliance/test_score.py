"""A score is exact, says null where too little was judged, and names nobody else."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

from samdrift.compliance.score import Score, member_scores, permille, zone_scores
from samdrift.model.check import Check, Code
from samdrift.model.finding import Finding, Reason, Severity, Status, Subject

AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def judge(_: object, __: datetime) -> tuple[Finding, ...]:
    return ()


def check(name: str, category: str, severity: Severity = Severity.FAILURE) -> Check:
    return Check(name, category, "", "", "", (Code("bad", severity, ""),), ("zone",), (), judge)


CHECKS = {one.id: one for one in (check("d1", "dnssec"), check("d2", "dnssec"), check("i1", "ipv6"), check("n1", "dnssec", Severity.WARNING))}


def finding(name: str, status: Status, *, zone: str = "are.example", member: str = "are", members: tuple[str, ...] = (), noun: str = "zone", **value) -> Finding:
    subject = Subject(noun, zone if noun == "zone" else "webb")
    return Finding(name, "bad", subject, status, Severity.INFO, "", AT, member=member, members=members, reason=Reason.TIMEOUT if status is Status.UNDETERMINED else None, value=value)


def by_category(*found: Finding):
    (zone,) = zone_scores(found, CHECKS)
    return zone.by_category


def test_a_zone_s_score_is_the_mean_over_categories():
    said = by_category(finding("d1", Status.OK), finding("d2", Status.WARNING), finding("i1", Status.FAILURE))
    assert said == {"dnssec": (Fraction(3, 4), 1), "ipv6": (Fraction(0), 1), "all": (Fraction(3, 8), 1)}


def test_the_worst_address_counts():
    assert by_category(finding("d1", Status.OK), finding("d1", Status.FAILURE))["dnssec"] == (0, 1)


def test_what_is_not_applicable_waived_or_cannot_fail_stays_out():
    said = by_category(finding("d1", Status.WAIVED), finding("d2", Status.OK), finding("i1", Status.NOT_APPLICABLE), finding("n1", Status.WARNING))
    assert said == {"dnssec": (1, 1), "all": (1, 1)}


def test_under_four_fifths_judged_there_is_no_score():
    assert by_category(finding("d1", Status.OK), finding("d2", Status.UNDETERMINED))["dnssec"] == (None, Fraction(1, 2))
    assert by_category(finding("d1", Status.UNDETERMINED))["all"] == (None, 0)


def test_an_endpoint_counts_for_the_zone_that_it_stands_in():
    endpoint = Finding("i1", "bad", Subject("service", "webb"), Status.FAILURE, Severity.INFO, "", AT, member="are", value={"zone": "are.example"})
    said = by_category(finding("d1", Status.OK), endpoint)
    assert said["ipv6"] == (0, 1)


def scores(values: dict[str, Status]) -> dict[str, Score]:
    found = [finding("d1", status, zone=f"{member}.example", member=member) for member, status in values.items()]
    return {one.member: one for one in member_scores(zone_scores(found, CHECKS)) if one.category == "dnssec"}


def test_quartiles_are_of_all_members_and_shared_zones_stay_out():
    said = scores({"a": Status.OK, "b": Status.OK, "c": Status.WARNING, "d": Status.FAILURE})
    assert said["a"].quartiles == (Fraction(3, 8), Fraction(3, 4), Fraction(1))
    shared = member_scores(zone_scores([finding("d1", Status.FAILURE, member="shared", members=("a", "b"))], CHECKS))
    assert {(one.member, one.value, one.quartiles) for one in shared} == {("shared", 0, None)}


def test_few_members_give_no_quartiles_that_would_tell_a_neighbour_s_score():
    assert scores({"a": Status.OK, "b": Status.FAILURE})["a"].quartiles is None


def test_thousandths_are_rounded_to_the_nearest():
    assert [permille(value) for value in (Fraction(2, 3), Fraction(1, 3), Fraction(1, 2000), None)] == [667, 333, 1, None]
