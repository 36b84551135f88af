"""The one envelope of a finding in JSON, `samdrift/finding` (common.md 2, dns.md 4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from samdrift.model.check import Check
from samdrift.model.finding import Finding, History, Value
from samdrift.model.period import rfc3339

KIND = "samdrift/finding"
ITEM_ORDER = ("zone", "check", "code", "subject", "view")
"""Items of a document stand in this order; what is null stands first."""
LIFTED = ("server", "address", "rrset", "not_asked", "waiver_expired", "change")
"""Parts of a finding's value that dns.md prints beside it."""


def finding_item(finding: Finding, history: History | None = None, check: Check | None = None) -> Mapping[str, Any]:
    """All keys always, null where unknown. `zone` is the subject's name when it is a zone, else what the value says.

    `first_seen` and `last_ok` are dns.md's names; the same instants stand under the names that end in their unit (common.md 2).
    """
    known, value = history or History(), dict(finding.value)
    lifted = {key: value.pop(key, None) for key in LIFTED}
    zone = value.pop("zone", None)
    code = next((one for one in check.codes if one.id == finding.code), None) if check else None
    remedy = finding.remedy
    first_seen = None if known.first_seen_at is None else rfc3339(known.first_seen_at)
    last_ok = None if known.last_ok_at is None else rfc3339(known.last_ok_at)
    return {
        "zone": finding.subject.id if finding.subject.noun == "zone" else zone,
        "view": finding.view,
        "member": finding.member,
        "members": list(finding.members),
        "site": finding.site,
        "subject": str(finding.subject),
        "category": check.category if check else None,
        "check": finding.check,
        "code": finding.code,
        "status": str(finding.status),
        "severity": str(finding.severity),
        "reason": None if finding.reason is None else str(finding.reason),
        "server": lifted["server"],
        "address": lifted["address"],
        "rrset": lifted["rrset"],
        "value": value,
        "message": finding.message,
        "evidence": list(finding.evidence),
        "not_asked": _listed(lifted["not_asked"]),
        "observed_at": rfc3339(finding.observed_at),
        "first_seen": first_seen,
        "first_seen_at": first_seen,
        "last_ok": last_ok,
        "last_ok_at": last_ok,
        "runs_open": known.runs_open,
        "flapping": known.flapping,
        "waiver": finding.waiver,
        "waiver_expired": bool(lifted["waiver_expired"]),
        "change": lifted["change"],
        "equivalent": list(code.equivalent) if code else [],
        "reference": list(check.references) if check else [],
        "remedy": None if remedy is None else {"text": remedy.text, "record": remedy.record, "command": remedy.command, "by": remedy.by},
    }


def _listed(value: Value) -> list[Value]:
    return list(value) if isinstance(value, list | tuple) else []


def order_of(finding: Finding) -> list[str]:
    """The same order of findings themselves, so that their items need not all be made before the first is shown."""
    zone = finding.subject.id if finding.subject.noun == "zone" else finding.value.get("zone")
    return [str(zone or ""), finding.check, finding.code, str(finding.subject), finding.view]


def in_order(items: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The items sorted by zone, check, code and subject (dns.md 4)."""
    return sorted(items, key=lambda item: [item[key] or "" for key in ITEM_ORDER])
