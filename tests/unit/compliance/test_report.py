"""The compliance section tells the member's categories, what is to be mended and how; every code has Swedish words."""

from __future__ import annotations

from datetime import UTC, datetime

from samdrift.compliance.report import compliance_section
from samdrift.model.finding import Finding, History, Remedy, Severity, Status, Subject
from samdrift.model.finding_words import in_words
from samdrift.model.text import Text, catalogue
from samdrift.operations.plan_compliance import NEEDS
from samdrift.operations.registered_checks import registered_checks

AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def finding(check: str, code: str, status: Status, **rest) -> tuple[Finding, History]:
    return Finding(check, code, Subject("zone", "are.example"), status, Severity.FAILURE, "message", AT, member="are", **rest), History(first_seen_at=AT)


def test_the_section_counts_verdicts_and_lists_what_is_open():
    found = [
        finding("dnssec-ds-matches", "no-valid-key", Status.FAILURE, remedy=Remedy("text", record="are.example. IN DS 1 13 2 00")),
        finding("delegation-ns-count", "ok", Status.OK),
    ]
    section = compliance_section(found, registered_checks(), Text("sv"))
    assert section.sentences == ("1 zoner kontrollerade: 1 fel och 0 varningar, 0 som inte kunde bedömas.",)
    assert [row[:4] for row in section.tables[0].rows] == [("delegation", Status.OK, 1, 0), ("dnssec", Status.FAILURE, 0, 0)]
    assert section.tables[1].rows == (("zone:are.example", Status.FAILURE, "Ingen DS-post passar någon nyckel: zonen är onåbar för den som validerar", AT, "are.example. IN DS 1 13 2 00"),)


def test_without_a_run_it_says_so():
    assert compliance_section([], registered_checks(), Text("sv")).missing


def test_every_code_has_words():
    codes = {f"finding.{check.id}.{code.id}" for check in registered_checks().values() if check.needs[0] in NEEDS for code in check.codes}
    assert sorted(codes - set(catalogue())) == []


def test_a_date_stands_beside_the_words():
    one, _ = finding("dnssec-rrsig-lifetime", "expires-soon", Status.FAILURE, value={"expires_at": "2026-11-25T14:00:00Z"})
    assert in_words(one, Text("sv")).replace("\u00a0", " ") == "Signaturen går ut inom kort: till 2026-11-25 15:00 CET (v. 48)"
    assert in_words(one, Text("en")) == "message"
