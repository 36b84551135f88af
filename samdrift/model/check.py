"""The check protocol: every room's checks are data and one pure judgement (common.md 1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from samdrift.model.finding import SEVERITY_STATUS, Finding, Reason, Remedy, Severity, Status, Subject, Value

Category = Literal[
    "delegation", "dnssec", "ipv6", "mail", "tls", "dns", "contract", "backup", "power", "cooling", "capacity", "network-config", "oncall", "inventory"
]


@dataclass(frozen=True, slots=True)
class Code:
    """One outcome of a check: stable id, what it weighs, what it means in a sentence, and equal tags elsewhere."""

    id: str
    severity: Severity
    text: str
    equivalent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """A check: `judge` takes the room's observation type and the instant, and gives findings; it never looks itself.

    `codes` holds every code but `ok` and `undetermined`, which every check has. `needs` names the observations it reads: first the
    kind of hand (`zone`, `endpoint`, `contract`), then the question sets to put (samdrift/adapters/dns_questions, such as `zone.denial`).
    `references` are `rfc:9364`, `zonemaster:DNSSEC02`, `internetnl:ns_aaaa`, `law:2025:1506`.
    """

    id: str
    category: Category
    title: str
    requirement: str
    remedy: str
    codes: tuple[Code, ...]
    needs: tuple[str, ...]
    references: tuple[str, ...]
    judge: Callable[[Any, datetime], tuple[Finding, ...]]

    def code(self, code_id: str) -> Code:
        """The declared code; KeyError names one that the check does not have."""
        for code in self.codes:
            if code.id == code_id:
                return code
        raise KeyError(f"{self.id} has no code {code_id}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A helper for judges: builds findings of one check for one subject at one instant."""

    check: str
    subject: Subject
    observed_at: datetime
    severities: Mapping[str, Severity]
    member: str | None = None
    site: str | None = None
    view: str = "public"

    def _make(self, code: str, status: Status, severity: Severity, message: str, **rest: Any) -> Finding:
        return Finding(
            check=self.check, code=code, subject=rest.pop("subject", self.subject), status=status, severity=severity, message=message,
            observed_at=self.observed_at, member=self.member, site=self.site, view=self.view, **rest,
        )  # fmt: skip

    def found(self, code: str, message: str, *, value: Mapping[str, Value] | None = None, evidence: tuple[str, ...] = (), remedy: Remedy | None = None) -> Finding:
        """A finding with a declared code; its status follows from the code's severity."""
        severity = self.severities[code]
        return self._make(code, SEVERITY_STATUS[severity], severity, message, value=value or {}, evidence=evidence, remedy=remedy)

    def ok(self, message: str, *, value: Mapping[str, Value] | None = None, evidence: tuple[str, ...] = ()) -> Finding:
        """Looked, and well."""
        return self._make("ok", Status.OK, Severity.INFO, message, value=value or {}, evidence=evidence)

    def undetermined(self, reason: Reason, message: str, *, code: str = "undetermined", value: Mapping[str, Value] | None = None, evidence: tuple[str, ...] = ()) -> Finding:
        """Could not look or decide; the reason says why."""
        return self._make(code, Status.UNDETERMINED, Severity.INFO, message, reason=reason, value=value or {}, evidence=evidence)

    def not_applicable(self, message: str) -> Finding:
        """There is nothing to judge."""
        return self._make("not-applicable", Status.NOT_APPLICABLE, Severity.INFO, message)
