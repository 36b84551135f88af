"""tls-certificate-expiry: certificates are valid and are renewed in time, also short-lived ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from cryptography import x509

from samdrift.compliance.certificates import Unreadable, path
from samdrift.compliance.presence import PresenceInHand
from samdrift.compliance.presence_ledger import PresenceLedger
from samdrift.compliance.tls_talks import Session, note_closed, sessions
from samdrift.model.check import Check, Code
from samdrift.model.finding import Finding, Reason, Remedy, Severity, Value
from samdrift.model.period import rfc3339

SOON, WARNING, SHORT = timedelta(days=7), timedelta(days=21), timedelta(days=63)
"""Time left that is a failure or a warning; a lifetime under `SHORT` has a ninth and a third of it instead."""


def judge(hand: PresenceInHand, at: datetime) -> tuple[Finding, ...]:
    """The certificate of each session that ends first; when all is well, each endpoint's end stands in the value."""
    ledger = PresenceLedger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    met = [one for one in sessions(hand) if one.tls.chain]
    note_closed(ledger)
    if not met and not ledger.noted:
        if hand.seen.stopped is None:
            return ledger.not_applicable(f"nothing of {hand.seen.name} shows a certificate")
        ledger.unknown(hand.seen.stopped, "the look ended before it was whole")
    ends: dict[tuple[str, str], datetime] = {}
    for one in met:
        try:
            found = path(one.tls.chain, one.tls.anchors, at)
        except Unreadable as error:
            ledger.unknown(Reason.MALFORMED, f"a certificate of {one.endpoint} cannot be read: {error}", part=one.endpoint, address=one.address)
            continue
        first = min(found.own, key=lambda link: link.not_valid_after_utc)
        key = (one.endpoint, "ipv6" if ":" in one.address else "ipv4")
        ends[key] = min(ends.get(key, first.not_valid_after_utc), first.not_valid_after_utc)
        _session(ledger, one, first, max(found.own, key=lambda link: link.not_valid_before_utc), at)
    shown: tuple[Value, ...] = tuple({"endpoint": endpoint, "family": family, "expires_at": rfc3339(end)} for (endpoint, family), end in sorted(ends.items()))
    first_end = min(ends.values(), default=None)
    text = f"the first of {len(met)} certificates ends {rfc3339(first_end)}" if first_end else ""
    found_all = ledger.findings(well=text, value={"expires_at": rfc3339(first_end)} if first_end else {}, rests_on=[one.talk for one in met])
    return (*found_all[:-1], _with(found_all[-1], shown)) if shown else found_all


def _with(finding: Finding, shown: tuple[Value, ...]) -> Finding:


    return replace(finding, value={**finding.value, "certificates": shown})


def _session(ledger: PresenceLedger, one: Session, first: x509.Certificate, last_begun: x509.Certificate, at: datetime) -> None:
    ends, begins = first.not_valid_after_utc, last_begun.not_valid_before_utc
    lifetime, left = ends - first.not_valid_before_utc, ends - at
    soon, warning = (lifetime / 9, lifetime / 3) if lifetime < SHORT else (SOON, WARNING)
    weight = Severity.NOTICE if one.is_mail and (not one.tlsa or one.is_pinned) else None
    remedy = Remedy(f"Renew the certificate of {one.host} and load it", command="certbot renew", by="mail-operator" if one.is_mail else "web-operator")

    def note(code: str, message: str) -> None:
        ledger.note(code, f"{one.endpoint}: {message}", host=one.host, part=one.endpoint, address=one.address, value={"expires_at": rfc3339(ends), "left_seconds": int(left.total_seconds())}, remedy=remedy, rests_on=[one.talk], severity=weight)

    if left < timedelta(0):
        note("expired", f"the certificate of {first.subject.rfc4514_string()} ended {rfc3339(ends)}")
    elif left < soon:
        note("expires-soon", f"the certificate of {first.subject.rfc4514_string()} ends {rfc3339(ends)}")
    elif left < warning:
        note("expires", f"the certificate of {first.subject.rfc4514_string()} ends {rfc3339(ends)}")
    if begins > at:
        note("not-yet-valid", f"the certificate of {last_begun.subject.rfc4514_string()} begins {rfc3339(begins)}")


CHECK = Check(
    id="tls-certificate-expiry",
    category="tls",
    title="Certificates are renewed in time",
    requirement="Certificates are valid and have at least 21 days left (a third of a lifetime under 63 days). A mail exchanger without TLSA is noted only.",
    remedy="Renew the certificate, load it, and find out why that did not happen by itself.",
    codes=(
        Code("expired", Severity.FAILURE, "A certificate has ended."),
        Code("not-yet-valid", Severity.FAILURE, "A certificate has not begun."),
        Code("expires-soon", Severity.FAILURE, "A certificate ends within 7 days (a ninth of a short lifetime)."),
        Code("expires", Severity.WARNING, "A certificate ends within 21 days (a third of a short lifetime)."),
    ),
    needs=("presence", "web", "mail-servers"),
    references=("rfc:5280",),
    judge=judge,
)
