"""JUnit and SARIF of findings: the unjudged is skipped or open and never passes, places are lines, hostile text stays text."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree.ElementTree import fromstring

from samdrift.model.finding import Finding, Reason, Remedy, Severity, Status, Subject
from samdrift.model.problem import Place
from samdrift.operations.registered_checks import registered_checks
from samdrift.reports.junit import junit
from samdrift.reports.sarif import sarif

AT = datetime(2026, 11, 24, 8, 0, 0, 250_000, tzinfo=UTC)
FAILING = frozenset({Status.FAILURE})


def finding(check: str, status: Status, severity: Severity = Severity.INFO, **rest) -> Finding:
    reason = Reason.TIMEOUT if status is Status.UNDETERMINED else None
    return Finding(check, rest.pop("code", str(status)), Subject("zone", "krokom.se"), status, severity, rest.pop("message", "m"), AT, reason=reason, **rest)


BAD = finding("dnssec-ds-matches", Status.FAILURE, Severity.FAILURE, code="no-valid-key", message="bad \x1b[31m\x00 <b>", remedy=Remedy("do", record="krokom.se. IN DS 1"))
WARN = finding("dnssec-rrsig-lifetime", Status.WARNING, Severity.WARNING, code="expires")
UNKNOWN = finding("ipv6-ns-reachable", Status.UNDETERMINED)
OK = finding("delegation-exists", Status.OK)
ALL = (BAD, WARN, UNKNOWN, OK, replace(OK, view="inside"))


def suites(failing=FAILING):
    root = fromstring(junit(ALL, failing=failing, started_at=AT, seconds=3))
    return root, {suite.attrib["name"]: suite for suite in root}


def test_a_suite_is_a_zone_and_a_case_a_check():
    root, by_name = suites()
    assert (root.tag, root.attrib["tests"], root.attrib["failures"], root.attrib["skipped"]) == ("testsuites", "5", "1", "1")
    assert set(by_name) == {"krokom.se", "krokom.se (inside)"}
    cases = {case.attrib["name"]: [child.tag for child in case] for case in by_name["krokom.se"]}
    assert cases == {"dnssec-ds-matches": ["failure"], "dnssec-rrsig-lifetime": ["system-out"], "ipv6-ns-reachable": ["skipped", "system-out"], "delegation-exists": ["system-out"]}


def test_a_failure_says_code_message_and_remedy_without_steering_signs():
    failure = suites()[1]["krokom.se"].find("testcase/failure")
    assert failure is not None
    assert failure.attrib["type"] == "no-valid-key"
    assert "<b>" in failure.attrib["message"]
    assert "record: krokom.se. IN DS 1" in (failure.text or "")
    assert not set("\x00\x1b") & set(failure.attrib["message"])


def test_the_threshold_decides_whether_a_warning_fails():
    assert suites(FAILING | {Status.WARNING})[0].attrib["failures"] == "2"
    assert suites(frozenset())[0].attrib["failures"] == "0"


def log():
    place = {"dnssec-ds-matches": Place("inventory/zones.yml", 27, 5)}
    return json.loads(sarif(ALL, registered_checks(), place=lambda one: place.get(one.check), version="0.1.0", started_at=AT, ended_at=AT, complete=True))


def test_a_rule_is_a_check_and_each_result_points_at_its_rule():
    (run,) = log()["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted({one.check for one in ALL})
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])


def test_only_a_fault_bears_a_level():
    said = {(result["ruleId"], result["kind"], result["level"]) for result in log()["runs"][0]["results"]}
    assert said == {
        ("dnssec-ds-matches", "fail", "error"), ("dnssec-rrsig-lifetime", "fail", "warning"), ("ipv6-ns-reachable", "open", "none"), ("delegation-exists", "pass", "none"),
    }  # fmt: skip


def test_the_place_is_a_line():
    result = log()["runs"][0]["results"][0]
    assert result["locations"][0]["physicalLocation"] == {"artifactLocation": {"uri": "inventory/zones.yml"}, "region": {"startLine": 27, "startColumn": 5}}
    assert "physicalLocation" not in log()["runs"][0]["results"][1]["locations"][0]


def test_a_waived_finding_is_suppressed():
    waived = replace(BAD, status=Status.WAIVED, waiver="w-1")
    (result,) = json.loads(sarif([waived], {}, place=lambda _: None, version="0", started_at=AT, ended_at=AT, complete=True))["runs"][0]["results"]
    assert result["suppressions"] == [{"kind": "external", "status": "accepted", "justification": "waiver w-1"}]
