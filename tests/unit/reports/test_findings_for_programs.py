"""JUnit and SARIF of findings: the unjudged is skipped or open and never passes, places are lines, hostile text stays text."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, fromstring

import pytest
from pydantic import ValidationError
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as SarifLog

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


def written(**rest) -> bytes:
    place = {"dnssec-ds-matches": Place("inventory/zones å.yml", 27, 5)}
    waived = replace(BAD, code="x", status=Status.WAIVED, waiver="w-1")
    return sarif((*ALL, waived), registered_checks(), place=lambda one: place.get(one.check), version="0.1.0", started_at=AT, ended_at=AT, complete=False, **rest)


def test_the_log_is_what_the_schema_of_sarif_allows():
    """The classes are generated from OASIS' schema of SARIF 2.1.0 and refuse what it refuses: an unknown key, another word, another type.

    pydantic-sarif 0.1.1 has a suppression's `status` (3.35.3) by its name of an older draft, `state`.
    """
    log = written().replace(b'"status": "accepted"', b'"state": "accepted"')
    assert len(SarifLog.model_validate_json(log).runs[0].results or ()) == len(ALL) + 1
    everything = [finding(check.id, status, code.severity, code=code.id) for check in registered_checks().values() for code in check.codes for status in (Status.FAILURE, Status.OK)]
    SarifLog.model_validate_json(sarif(everything, registered_checks(), place=lambda _: None, version="0.1.0", started_at=AT, ended_at=AT, complete=True))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [(b'"version": "2.1.0"', b'"version": "2.0.0"'), (b'"kind": "open"', b'"kind": "unknown"'), (b'"ruleIndex": 0', b'"ruleIndex": -2'), (b'"startLine": 27', b'"startLine": 0'), (b'"columnKind"', b'"columnkind"')],
)  # fmt: skip
def test_a_log_that_the_schema_does_not_allow_is_seen(right, wrong):
    assert right in written()
    with pytest.raises(ValidationError):
        SarifLog.model_validate_json(written().replace(right, wrong, 1))


# The schema of JUnit reports that Jenkins' xUnit plug-in publishes (junit-10.xsd): element → attributes, those that must be, children in any order.
JUNIT = {
    "testsuites": ({"name", "time", "tests", "failures", "disabled", "errors", "skipped"}, set(), {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url", "version"}, {"name"}, {"testsuite", "properties", "testcase", "system-out", "system-err"}),
    "testcase": ({"name", "time", "classname", "group"}, {"name"}, {"skipped", "error", "failure", "system-out", "system-err"}),
    "skipped": ({"type", "message"}, set(), set()),
    "failure": ({"type", "message"}, set(), set()),
    "system-out": (set(), set(), set()),
}


def unlike(element: Element) -> list[str]:
    """What of an element the schema does not allow."""
    allowed, needed, children = JUNIT[element.tag]
    wrong = [f"{element.tag} has {name}" for name in element.attrib.keys() - allowed] + [f"{element.tag} lacks {name}" for name in needed - element.attrib.keys()]
    wrong += [f"{element.tag} counts {name}: {value}" for name, value in element.attrib.items() if name in {"tests", "failures", "errors", "skipped", "time"} and not value.isdecimal()]
    for child in element:
        wrong += unlike(child) if child.tag in children else [f"{child.tag} in {element.tag}"]
    return wrong


def test_the_report_is_what_the_usual_schema_of_junit_allows():
    root, by_name = suites()
    assert unlike(root) == []
    for kind, tag in (("tests", "testcase"), ("failures", "failure"), ("skipped", "skipped")):
        counted = {name: sum(1 for _ in suite.iter(tag)) for name, suite in by_name.items()}
        assert {name: int(suite.attrib[kind]) for name, suite in by_name.items()} == counted
        assert int(root.attrib[kind]) == sum(counted.values())
    assert {suite.attrib["timestamp"] for suite in root} == {"2026-11-24T08:00:00"}, "xs:dateTime without a zone, as readers of JUnit want it"
