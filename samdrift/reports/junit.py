"""Findings as JUnit XML: a suite a zone, a case a check; what could not be judged is skipped, never passed (dns.md 4)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from samdrift.model.finding import Finding, Status, worst
from samdrift.model.outside_text import harmless
from samdrift.model.period import rfc3339

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(findings: Sequence[Finding], *, failing: frozenset[Status], started_at: datetime, seconds: int) -> bytes:
    """The document. Findings with a status of `failing` fail their case; all findings of a case stand in its text.

    Suites bear the zone (and its view where that is not public), or the subject where there is no zone.
    """
    suites: dict[str, dict[str, list[Finding]]] = {}
    for one in findings:
        suites.setdefault(suite_of(one), {}).setdefault(one.check, []).append(one)
    root = Element("testsuites", {"name": "samdrift", "time": str(seconds)})
    totals = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for name, cases in sorted(suites.items()):
        counts = _suite(root, name, cases, failing, started_at)
        totals = {key: totals[key] + counts[key] for key in totals}
    root.attrib.update({key: str(value) for key, value in totals.items()})
    indent(root)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def suite_of(finding: Finding) -> str:
    """The suite that a finding belongs to."""
    zone = finding.value.get("zone")
    name = finding.subject.id if finding.subject.noun == "zone" else zone if isinstance(zone, str) else str(finding.subject)
    return name if finding.view == "public" else f"{name} ({finding.view})"


def _suite(root: Element, name: str, cases: Mapping[str, Sequence[Finding]], failing: frozenset[Status], started_at: datetime) -> Mapping[str, int]:
    suite = SubElement(root, "testsuite", {"name": _text(name), "time": "0", "timestamp": rfc3339(started_at.replace(microsecond=0)).removesuffix("Z")})
    counts = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for check, found in sorted(cases.items()):
        counts["tests"] += 1
        case = SubElement(suite, "testcase", {"name": check, "classname": _text(name), "time": "0"})
        verdict = worst(one.status for one in found)
        bad = [one for one in found if one.status in failing]
        if bad:
            counts["failures"] += 1
            first = min(bad, key=lambda one: one.status.rank)
            SubElement(case, "failure", {"type": first.code, "message": _text(first.message)}).text = _text("\n".join(map(_line, found)))
        elif verdict is Status.UNDETERMINED:
            counts["skipped"] += 1
            unknown = next(one for one in found if one.status is Status.UNDETERMINED)
            SubElement(case, "skipped", {"message": _text(f"{unknown.reason}: {unknown.message}")})
        if not bad:
            SubElement(case, "system-out").text = _text("\n".join(map(_line, found)))
    suite.attrib.update({key: str(value) for key, value in counts.items()})
    return counts


def _line(one: Finding) -> str:
    remedy = one.remedy
    cure = "" if remedy is None else f"\n  remedy: {remedy.text}" + "".join(f"\n  {kind}: {value}" for kind, value in (("record", remedy.record), ("command", remedy.command)) if value)
    return f"{one.status} {one.code} {one.subject}: {one.message}{cure}"


def _text(value: str) -> str:
    """Without what XML cannot bear; signs that steer a terminal are shown as text."""
    return _NOT_XML.sub("\ufffd", "\n".join(map(harmless, value.split("\n"))))
