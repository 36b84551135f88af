"""The metrics of certificates and security.txt, from the findings that stand (dns.md 6); what is undetermined is absent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from samdrift.model.finding import Finding
from samdrift.model.metric import MetricSpec, Sample
from samdrift.model.period import microseconds, read_instant
from samdrift.model.reading import SHARED

CERTIFICATE_EXPIRY = MetricSpec(
    "samdrift_certificate_expiry_timestamp_seconds", "When the first certificate that an endpoint (host:port) shows over a family ends.", "gauge",
    ("endpoint", "family", "member"), dates_itself=True,
)  # fmt: skip
SECURITY_TXT_EXPIRY = MetricSpec("samdrift_security_txt_expiry_timestamp_seconds", "When a zone's security.txt runs out.", "gauge", ("zone", "member"), dates_itself=True)
METRICS: tuple[MetricSpec, ...] = (CERTIFICATE_EXPIRY, SECURITY_TXT_EXPIRY)
EXPIRY_CHECK, SECURITY_TXT_CHECK = "tls-certificate-expiry", "tls-security-txt"


def samples(findings: Iterable[Finding]) -> tuple[Sample, ...]:
    """The earliest end an endpoint and family, and a zone's security.txt."""
    certificates: dict[tuple[str, str, str], int] = {}
    files: dict[tuple[str, str], int] = {}
    for finding in findings:
        member, told = finding.member or SHARED, finding.value.get("certificates")
        if finding.check == EXPIRY_CHECK and isinstance(told, list | tuple):
            for one in told:
                if isinstance(one, Mapping):
                    key = (str(one["endpoint"]), str(one["family"]), member)
                    certificates[key] = min(certificates.get(key, 2**62), _seconds(str(one["expires_at"])))
        expires = finding.value.get("expires_at")
        if finding.check == SECURITY_TXT_CHECK and isinstance(expires, str):
            files[finding.subject.id, member] = min(files.get((finding.subject.id, member), 2**62), _seconds(expires))
    return (
        *(Sample(CERTIFICATE_EXPIRY.name, {"endpoint": endpoint, "family": family, "member": member}, at) for (endpoint, family, member), at in sorted(certificates.items())),
        *(Sample(SECURITY_TXT_EXPIRY.name, {"zone": zone, "member": member}, at) for (zone, member), at in sorted(files.items())),
    )  # fmt: skip


def _seconds(text: str) -> int:
    return microseconds(read_instant(text)) // 1_000_000
