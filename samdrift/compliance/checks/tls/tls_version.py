"""tls-version: TLS 1.2 or later alone, and 1.3 among them (RFC 8996)."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.presence import PresenceInHand
from samdrift.compliance.presence_ledger import PresenceLedger
from samdrift.compliance.tls_talks import Session, note_closed, sessions
from samdrift.model.check import Check, Code
from samdrift.model.finding import Finding, Reason, Remedy, Severity

OLD = frozenset({"SSLv3", "TLSv1", "TLSv1.1"})


def judge(hand: PresenceInHand, at: datetime) -> tuple[Finding, ...]:
    """Every session of web and mail; what our own TLS could not offer is unknown, never well."""
    ledger = PresenceLedger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    met = [one for one in sessions(hand) if one.tls.version is not None or one.tls.failed is Reason.ALGORITHM_UNSUPPORTED]
    note_closed(ledger)
    if not met and not ledger.noted:
        if hand.seen.stopped is None:
            return ledger.not_applicable(f"nothing of {hand.seen.name} speaks TLS")
        ledger.unknown(hand.seen.stopped, "the look ended before it was whole")
    for one in met:
        _session(ledger, one)
    return ledger.findings(well=f"TLS 1.2 and 1.3 alone on {len(met)} addresses", rests_on=[one.talk for one in met])


def _session(ledger: PresenceLedger, one: Session) -> None:
    tls = one.tls
    if tls.version is None:
        ledger.unknown(Reason.ALGORITHM_UNSUPPORTED, f"our own TLS could not meet {one.endpoint} ({tls.error})", part=one.endpoint, address=one.address)
        return
    old = tls.old_version or (tls.version if tls.version in OLD else None)
    by = "mail-operator" if one.is_mail else "web-operator"
    command = "postconf -e 'smtpd_tls_protocols=>=TLSv1.2'" if one.is_mail else "ssl_protocols TLSv1.2 TLSv1.3;"
    if old is not None:
        ledger.note("old-version", f"{one.endpoint} takes {old}", host=one.host, part=one.endpoint, address=one.address, value={"version": old}, remedy=Remedy("Offer TLS 1.2 and 1.3 alone", command=command, by=by), rests_on=[one.talk])
    elif tls.old is None:
        ledger.unknown(Reason.ALGORITHM_UNSUPPORTED, f"whether {one.endpoint} takes TLS 1.0 or 1.1 is not known ({tls.old_error})", part=one.endpoint, address=one.address)
    if tls.version != "TLSv1.3":
        ledger.note("no-tls13", f"{one.endpoint} has no TLS 1.3, at most {tls.version}", host=one.host, part=one.endpoint, address=one.address, value={"version": tls.version}, remedy=Remedy("Offer TLS 1.3", command=command, by=by), rests_on=[one.talk])


CHECK = Check(
    id="tls-version",
    category="tls",
    title="TLS 1.2 and 1.3 alone",
    requirement="Web and mail servers take no TLS below 1.2, and offer 1.3.",
    remedy="Switch TLS 1.0 and 1.1 off and 1.3 on.",
    codes=(
        Code("old-version", Severity.FAILURE, "TLS below 1.2 is taken (RFC 8996).", ("internetnl:tls_version",)),
        Code("no-tls13", Severity.NOTICE, "TLS 1.3 is not offered."),
    ),
    needs=("presence", "web", "mail-servers"),
    references=("internetnl:tls_version", "rfc:8996"),
    judge=judge,
)
