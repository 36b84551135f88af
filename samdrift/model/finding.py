"""Finding: what a check says of one subject; "could not look" is never ok (common.md 2, dns.md D1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    """The six verdicts; `rank` orders them, the worst first."""

    FAILURE = "failure"
    WARNING = "warning"
    UNDETERMINED = "undetermined"
    WAIVED = "waived"
    OK = "ok"
    NOT_APPLICABLE = "not-applicable"

    @property
    def rank(self) -> int:
        return list(Status).index(self)


class Severity(StrEnum):
    """What a code weighs; notice and info leave the status ok."""

    FAILURE = "failure"
    WARNING = "warning"
    NOTICE = "notice"
    INFO = "info"


class Reason(StrEnum):
    """Why something is undetermined, or why an attempt failed; one enum for every area (common.md 2)."""

    TIMEOUT = "timeout"
    REFUSED = "refused"
    STALLED = "stalled"
    MALFORMED = "malformed"
    UNREACHABLE = "unreachable"
    DEADLINE = "deadline"
    NO_VANTAGE_IPV4 = "no-vantage-ipv4"
    NO_VANTAGE_IPV6 = "no-vantage-ipv6"
    NO_VANTAGE_SMTP = "no-vantage-smtp"
    NO_TRUST_ANCHOR = "no-trust-anchor"
    NO_TABLE = "no-table"
    NO_WORKING_SERVER = "no-working-server"
    NO_DATA = "no-data"
    STALE = "stale"
    ALGORITHM_UNSUPPORTED = "algorithm-unsupported"
    TOO_COSTLY = "too-costly"
    CHECK_ERROR = "check-error"
    LOGIN_REFUSED = "login-refused"
    HOST_KEY_CHANGED = "host-key-changed"
    CERTIFICATE = "certificate"
    MISSING_PROGRAM = "missing-program"
    NO_ESTIMATE = "no-estimate"
    NEVER_RAN = "never-ran"


SEVERITY_STATUS = {Severity.FAILURE: Status.FAILURE, Severity.WARNING: Status.WARNING, Severity.NOTICE: Status.OK, Severity.INFO: Status.OK}

Value = str | int | bool | None | tuple["Value", ...] | Mapping[str, "Value"]


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """What a finding is about: `noun:id`, with a part inside it where that helps."""

    noun: str
    id: str
    part: str | None = None

    def __str__(self) -> str:
        return f"{self.noun}:{self.id}" + (f"/{self.part}" if self.part else "")

    @classmethod
    def parse(cls, text: str) -> Subject:
        """From `noun:id` or `noun:id/part`; ValueError when there is no noun."""
        noun, colon, rest = text.partition(":")
        if not (noun and colon and rest):
            raise ValueError(f"{text!r} is no subject; write noun:id, for example service:w3d3")
        object_id, _, part = rest.partition("/")
        return cls(noun, object_id, part or None)


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to do: words, the exact record, the exact command, and who does it."""

    text: str
    record: str | None = None
    command: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was seen, kept so that it can be judged again: `id` is `ev-` and 20 hex digits of the content's SHA-256."""

    id: str
    kind: str
    content: bytes
    observed_at: datetime
    about: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One outcome of one check for one subject. `member` is a member's id, `shared`, or None outside the inventory."""

    check: str
    code: str
    subject: Subject
    status: Status
    severity: Severity
    message: str
    observed_at: datetime
    member: str | None = None
    site: str | None = None
    view: str = "public"
    reason: Reason | None = None
    value: Mapping[str, Value] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    remedy: Remedy | None = None
    waiver: str | None = None
    members: tuple[str, ...] = ()
    """All members it concerns, when there are several; empty means `member` alone."""

    @property
    def sort_key(self) -> tuple[str, str, str, str, str]:
        return (str(self.subject), self.view, self.check, self.code, self.message)


@dataclass(frozen=True, slots=True)
class History:
    """What the store knows of a finding over time (dns.md D11); None where it was never so.

    `runs_open`: runs in a row that saw it. `flapped_at`: of one that flaps, the runs that opened or closed it lately.
    """

    first_seen_at: datetime | None = None
    last_ok_at: datetime | None = None
    runs_open: int = 0
    flapping: bool = False
    flapped_at: tuple[datetime, ...] = ()


def worst(statuses: Iterable[Status]) -> Status:
    """failure > warning > undetermined > waived > ok > not-applicable; nothing at all is undetermined, never ok."""
    return min(statuses, key=lambda status: status.rank, default=Status.UNDETERMINED)


def one_each(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """One finding per check, subject, code and view, sorted: where a check gives two, the worse stands and bears both texts."""
    found: dict[tuple[str, str, str, str], Finding] = {}
    for each in sorted(findings, key=lambda each: each.sort_key):
        key = (each.check, str(each.subject), each.code, each.view)
        known = found.get(key)
        if known is None:
            found[key] = each
            continue
        worse, other = sorted((known, each), key=lambda one: one.status.rank)
        text = known.message if each.message == known.message else f"{known.message}; {each.message}"
        found[key] = replace(worse, message=text, evidence=tuple(dict.fromkeys(worse.evidence + other.evidence)))
    return tuple(sorted(found.values(), key=lambda each: each.sort_key))
