"""The metrics of checks and zones, from the findings that stand (dns.md 6, common.md 5); what is undetermined is absent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from samdrift.model.check import Check
from samdrift.model.finding import Finding, Status, worst
from samdrift.model.metric import MetricSpec, Sample
from samdrift.model.period import microseconds, read_instant
from samdrift.model.reading import SHARED

FINDINGS = MetricSpec("samdrift_check_findings", "Subjects for which a check's verdict is this status.", "gauge", ("check", "status", "member"))
ZONE_STATUS = MetricSpec(
    "samdrift_zone_status", "Verdict on a zone in a category: 0 ok, 1 not-applicable, 2 waived, 3 warning, 4 failure; absent when undetermined.", "gauge",
    ("zone", "view", "category", "member"),
)  # fmt: skip
SIGNATURE_EXPIRY = MetricSpec(
    "samdrift_zone_signature_expiry_timestamp_seconds", "When the first signature of a zone ends.", "gauge", ("zone", "view", "member"), dates_itself=True
)
ROLLOVER_STEP = MetricSpec(
    "samdrift_rollover_step_timestamp_seconds", "Since when a key that is on its way in or out of a zone is in its state (RFC 7583).", "gauge",
    ("zone", "key_tag", "state", "member"), dates_itself=True,
)  # fmt: skip
RUN_AT = MetricSpec("samdrift_check_run_timestamp_seconds", "When a run of checks last ended.", "gauge", ("member", "job_name"), dates_itself=True)
METRICS: tuple[MetricSpec, ...] = (FINDINGS, ZONE_STATUS, SIGNATURE_EXPIRY, ROLLOVER_STEP, RUN_AT)

NUMBERS: Mapping[Status, int] = {Status.OK: 0, Status.NOT_APPLICABLE: 1, Status.WAIVED: 2, Status.WARNING: 3, Status.FAILURE: 4}
LIFETIME, ROLLOVER = "dnssec-rrsig-lifetime", "dnssec-rollover"


def samples(findings: Iterable[Finding], checks: Mapping[str, Check], *, run_at: datetime | None, soon_at: datetime | None = None) -> tuple[Sample, ...]:
    """The samples of the findings that stand now. A verdict is the worst finding of one check on one subject (D1)."""
    verdicts: dict[tuple[str, str, str, str, str], list[Status]] = {}
    expiries: dict[tuple[str, str, str], int] = {}
    steps: dict[tuple[str, str, str, str], int] = {}
    for finding in findings:
        member = finding.member or SHARED
        verdicts.setdefault((finding.check, finding.subject.noun, finding.subject.id, finding.view, member), []).append(finding.status)
        expires = finding.value.get("expires_at")
        if finding.check == LIFETIME and isinstance(expires, str):
            key = (finding.subject.id, finding.view, member)
            expiries[key] = min(expiries.get(key, 2**62), _seconds(read_instant(expires)))
        state, since = finding.value.get("state"), finding.value.get("since_at")
        if finding.check == ROLLOVER and isinstance(state, str) and isinstance(since, str):
            step = (finding.subject.id, str(finding.value.get("key_tag")), state, member)
            steps[step] = min(steps.get(step, 2**62), _seconds(read_instant(since)))
    judged = {key: worst(statuses) for key, statuses in verdicts.items()}
    return (*_counts(judged), *_zones(judged, checks), *_expiries(expiries), *_steps(steps), *_run(run_at, "check-dns"), *_run(soon_at, "check-dns-soon"))


def _seconds(at: datetime) -> int:
    return microseconds(at) // 1_000_000


def _counts(judged: Mapping[tuple[str, str, str, str, str], Status]) -> list[Sample]:
    count = Counter((check, str(status), member) for (check, _, _, _, member), status in judged.items())
    return [Sample(FINDINGS.name, {"check": check, "status": status, "member": member}, number) for (check, status, member), number in sorted(count.items())]


def _zones(judged: Mapping[tuple[str, str, str, str, str], Status], checks: Mapping[str, Check]) -> list[Sample]:
    found: dict[tuple[str, str, str, str], list[Status]] = {}
    for (check, noun, zone, view, member), status in judged.items():
        if noun == "zone" and check in checks:
            found.setdefault((zone, view, checks[check].category, member), []).append(status)
    return [
        Sample(ZONE_STATUS.name, {"zone": zone, "view": view, "category": category, "member": member}, NUMBERS[verdict])
        for (zone, view, category, member), statuses in sorted(found.items())
        if (verdict := worst(statuses)) in NUMBERS
    ]


def _expiries(expiries: Mapping[tuple[str, str, str], int]) -> list[Sample]:
    return [Sample(SIGNATURE_EXPIRY.name, {"zone": zone, "view": view, "member": member}, at) for (zone, view, member), at in sorted(expiries.items())]


def _steps(steps: Mapping[tuple[str, str, str, str], int]) -> list[Sample]:
    return [Sample(ROLLOVER_STEP.name, {"zone": zone, "key_tag": tag, "state": state, "member": member}, at) for (zone, tag, state, member), at in sorted(steps.items())]


def _run(run_at: datetime | None, job: str) -> list[Sample]:
    return [] if run_at is None else [Sample(RUN_AT.name, {"member": SHARED, "job_name": job}, _seconds(run_at))]
