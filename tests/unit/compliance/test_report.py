"""The compliance section tells the member's categories, what is to be mended and how; every code has Swedish words."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

from samdrift.compliance.report import compliance_section
from samdrift.compliance.score import Score
from samdrift.model.finding import Finding, History, Reason, Remedy, Severity, Status, Subject
from samdrift.model.finding_words import in_words
from samdrift.model.text import Text, catalogue
from samdrift.operations.plan_compliance import NEEDS
from samdrift.operations.registered_checks import registered_checks

AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def finding(check: str, code: str, status: Status, **rest) -> tuple[Finding, History]:
    return Finding(check, code, Subject("zone", "are.example"), status, Severity.FAILURE, "message", AT, member="are", **rest), History(first_seen_at=AT)


def test_the_section_begins_with_a_sentence_and_lists_what_is_open():
    found = [
        finding("dnssec-ds-matches", "no-valid-key", Status.FAILURE, remedy=Remedy("text", record="are.example. IN DS 1 13 2 00", by="registrar"), evidence=("ev-1",), value={"server": "ns1", "address": "10.0.0.1", "rrset": "are.example./DS"}),
        finding("delegation-ns-count", "ok", Status.OK),
    ]
    section = compliance_section(found, registered_checks(), Text("sv"))
    what = "Ingen DS-post passar någon nyckel: zonen är onåbar för den som validerar"
    assert section.sentences == (f"1 fel och 0 varningar står öppna på 1 zoner. Börja med are.example: {what}.",)
    tables = {table.id: table.rows for table in section.tables}
    assert [row[:4] for row in tables["compliance"]] == [("Delegering", Status.OK, 1, 0), ("DNSSEC", Status.FAILURE, 0, 0)]
    assert [(row[0], row[1], row[2], row[4]) for row in tables["compliance-first"]] == [(what, Status.FAILURE, 1, "domänens registrar")]
    assert tables["compliance-open"] == (
        ("are.example", Status.FAILURE, what, "dnssec-ds-matches/no-valid-key", "ns1 10.0.0.1", "are.example./DS", AT, "message", "are.example. IN DS 1 13 2 00", "–", "domänens registrar", "ev-1"),
    )  # fmt: skip
    assert set(tables) == {"compliance", "compliance-first", "compliance-open"}


def test_what_takes_most_away_comes_first():
    found = [finding("ipv6-ns-reachable", "unreachable", Status.FAILURE), finding("dnssec-rrsig-lifetime", "expires", Status.WARNING), finding("dnssec-rrsig-valid", "expired", Status.FAILURE)]
    section = compliance_section(found, registered_checks(), Text("en"))
    assert [row[3].partition("/")[0] for row in section.tables[2].rows] == ["dnssec-rrsig-valid", "ipv6-ns-reachable", "dnssec-rrsig-lifetime"]


def test_the_unknown_and_the_waived_have_tables_and_the_score_says_what_it_lacks():
    unknown, history = finding("ipv6-ns-reachable", "undetermined", Status.UNDETERMINED, reason=Reason.TIMEOUT)
    section = compliance_section([(unknown, history), finding("delegation-ns-count", "too-few-ns", Status.WAIVED, waiver="w-1")], registered_checks(), Text("en"), [Score("are", "all", None, Fraction(0), 1)])
    assert section.sentences[0] == "Nothing could be judged of 1 zones: their state is unknown."
    assert section.sentences[1] == "There is no score: less than four fifths could be judged."
    assert {table.id for table in section.tables} >= {"compliance-unknown", "compliance-waived"}


def test_without_a_run_it_says_so():
    assert compliance_section([], registered_checks(), Text("sv")).missing


def test_every_code_has_words():
    codes = {f"finding.{check.id}.{code.id}" for check in registered_checks().values() if check.needs[0] in NEEDS for code in check.codes}
    assert sorted(codes - set(catalogue())) == []


def test_a_date_stands_beside_the_words():
    one, _ = finding("dnssec-rrsig-lifetime", "expires-soon", Status.FAILURE, value={"expires_at": "2026-11-25T14:00:00Z"})
    assert in_words(one, Text("sv")).replace("\u00a0", " ") == "Signaturen går ut inom kort: till 2026-11-25 15:00 CET (v. 48)"
    assert in_words(one, Text("en")) == "message"
