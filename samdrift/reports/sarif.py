"""Findings as SARIF 2.1.0: a rule a check, the place a line of the inventory or of a zone file (OASIS SARIF 2.1.0, dns.md 4)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from samdrift.model.check import Check
from samdrift.model.finding import Finding, Severity, Status
from samdrift.model.outside_text import harmless
from samdrift.model.period import rfc3339
from samdrift.model.problem import Place

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
LEVELS: Mapping[Severity, str] = {Severity.FAILURE: "error", Severity.WARNING: "warning", Severity.NOTICE: "note", Severity.INFO: "none"}
KINDS: Mapping[Status, str] = {Status.OK: "pass", Status.NOT_APPLICABLE: "notApplicable", Status.UNDETERMINED: "open"}
"""The result's kind where it is none of a fault; a fault's is `fail`, and only that bears a level (SARIF 3.27.10)."""


def sarif(
    findings: Sequence[Finding], checks: Mapping[str, Check], *, place: Callable[[Finding], Place | None], version: str, started_at: datetime, ended_at: datetime, complete: bool,
) -> bytes:  # fmt: skip
    """The log with one run; `place` gives the line of the inventory or zone file that a finding is about, None where there is none."""
    used = sorted({one.check for one in findings})
    index = {check: number for number, check in enumerate(used)}
    run = {
        "tool": {"driver": {"name": "samdrift", "version": version, "semanticVersion": version, "rules": [_rule(check, checks.get(check)) for check in used]}},
        "invocations": [{"executionSuccessful": complete, "startTimeUtc": _utc(started_at), "endTimeUtc": _utc(ended_at)}],
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, index[one.check], place(one)) for one in findings],
    }
    return (json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n").encode()


def _rule(check_id: str, check: Check | None) -> Mapping[str, object]:
    if check is None:
        return {"id": check_id}
    worst = min((code.severity for code in check.codes), key=list(Severity).index, default=Severity.INFO)
    return {
        "id": check_id,
        "shortDescription": {"text": check.title},
        "fullDescription": {"text": check.requirement},
        "help": {"text": f"{check.remedy}\n\n" + "\n".join(f"{code.id} ({code.severity}): {code.text}" for code in check.codes)},
        "defaultConfiguration": {"level": LEVELS[worst]},
        "properties": {"tags": [check.category], "references": list(check.references)},
    }


def _result(one: Finding, rule_index: int, place: Place | None) -> Mapping[str, object]:
    fault = one.status in {Status.FAILURE, Status.WARNING, Status.WAIVED} or (one.status is Status.OK and one.severity is Severity.NOTICE)
    properties: dict[str, object] = {
        "code": one.code, "status": str(one.status), "view": one.view, "member": one.member, "reason": None if one.reason is None else str(one.reason), "evidence": list(one.evidence),
    }  # fmt: skip
    if one.remedy is not None:
        remedy = one.remedy
        properties["remedy"] = {"text": remedy.text, "record": remedy.record, "command": remedy.command, "by": remedy.by}
    result: dict[str, object] = {
        "ruleId": one.check,
        "ruleIndex": rule_index,
        "kind": "fail" if fault else KINDS[one.status],
        "level": LEVELS[one.severity] if fault else "none",
        "message": {"text": harmless(one.message)},
        "locations": [_location(one, place)],
        "partialFingerprints": {"finding/v1": f"{one.view}/{one.subject}/{one.check}/{one.code}"},
        "properties": properties,
    }  # fmt: skip
    if one.status is Status.WAIVED:
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": f"waiver {one.waiver}"}]
    return result


def _location(one: Finding, place: Place | None) -> Mapping[str, object]:
    found: dict[str, object] = {"logicalLocations": [{"name": one.subject.id, "fullyQualifiedName": str(one.subject), "kind": "resource"}]}
    if place is not None:
        found["physicalLocation"] = {"artifactLocation": {"uri": _uri(place.file)}, "region": {"startLine": place.line, "startColumn": place.column}}
    return found


def _uri(path: str) -> str:
    """A path as a relative URI reference (RFC 3986).

    >>> _uri("inventory/zones å.yml")
    'inventory/zones%20%C3%A5.yml'
    """
    return "".join(chr(octet) if chr(octet) in UNRESERVED else f"%{octet:02X}" for octet in path.encode())


def _utc(at: datetime) -> str:
    return rfc3339(at.replace(microsecond=at.microsecond // 1000 * 1000))
