"""tls-certificate: the certificate leads to a trusted authority, bears the name, and is signed and keyed strongly enough."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.certificates import Unreadable, is_for, key_bits, names, path, weak_digest
from samdrift.compliance.presence import PresenceInHand
from samdrift.compliance.presence_ledger import PresenceLedger
from samdrift.compliance.tls_talks import Session, note_closed, sessions
from samdrift.model.check import Check, Code
from samdrift.model.finding import Finding, Reason, Remedy, Severity

SMALLEST = {"RSA": 2048, "EC": 224}
PHASE_OUT_RSA = 3072


def judge(hand: PresenceInHand, at: datetime) -> tuple[Finding, ...]:
    """Every certificate shown by web and mail; faults of a mail exchanger without TLSA weigh a notice."""
    ledger = PresenceLedger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    met = [one for one in sessions(hand) if one.tls.chain]
    note_closed(ledger)
    if not met and not ledger.noted:
        if hand.seen.stopped is None:
            return ledger.not_applicable(f"nothing of {hand.seen.name} shows a certificate")
        ledger.unknown(hand.seen.stopped, "the look ended before it was whole")
    for one in met:
        try:
            _session(ledger, one, at)
        except Unreadable as error:
            ledger.unknown(Reason.MALFORMED, f"a certificate of {one.endpoint} cannot be read: {error}", part=one.endpoint, address=one.address)
    return ledger.findings(well=f"trusted certificates on {len(met)} addresses", rests_on=[one.talk for one in met])


def _session(ledger: PresenceLedger, one: Session, at: datetime) -> None:
    found = path(one.tls.chain, one.tls.anchors, at)
    leaf = found.links[0]
    weight = Severity.NOTICE if one.is_mail and not one.tlsa else None
    by = "mail-operator" if one.is_mail else "web-operator"

    def note(code: str, message: str, remedy: str, **value: str | int) -> None:
        ledger.note(code, f"{one.endpoint}: {message}", host=one.host, part=one.endpoint, address=one.address, value=value, remedy=Remedy(remedy, command=f"certbot certonly -d {one.host}" if code != "incomplete-chain" else None, by=by), rests_on=[one.talk], severity=weight)

    if not one.is_pinned:
        if found.broken and not ledger.hand.seen.authorities:
            ledger.unknown(Reason.NO_TRUST_ANCHOR, f"whether the certificate of {one.endpoint} is trusted is not known: there is no list of authorities here", part=one.endpoint, address=one.address)
        elif found.broken == "incomplete-chain":
            note("incomplete-chain", f"the certificate comes without that of its issuer, {found.missing}", f"Let the server send the certificate of {found.missing} after its own (the full chain)", issuer=found.missing)
        elif found.broken:
            note("untrusted", f"the chain ends at {found.missing}, which is not trusted", f"Take a certificate from an authority that clients trust for {one.host}", issuer=found.missing)
        if not is_for(leaf, one.host):
            held = ", ".join(names(leaf)) or "no name"
            note("wrong-name", f"the certificate is for {held}", f"Take a certificate that bears {one.host}", names=held)
    for link in found.own:
        digest = weak_digest(link)
        if digest and (link.subject != link.issuer or not found.trusted):
            note("weak-signature", f"{link.subject.rfc4514_string()} is signed with {digest}", "Take a certificate signed with SHA-256 or better", digest=digest)
    for kind, bits in filter(None, map(key_bits, found.own)):
        if bits < SMALLEST[kind]:
            note("key-small", f"a key has {bits} bits ({kind})", "Make a key of 3072 bits RSA or 256 bits EC, and take a certificate for it", bits=bits, kind=kind)
    kept = key_bits(leaf)
    if kept is not None and kept[0] == "RSA" and SMALLEST["RSA"] <= kept[1] < PHASE_OUT_RSA:
        note("key-phase-out", f"the RSA key has {kept[1]} bits: 3072 are asked of new ones", "Make the next key EC with 256 bits, or RSA with 3072", bits=kept[1])


CHECK = Check(
    id="tls-certificate",
    category="tls",
    title="Certificates are trusted and strong",
    requirement="The chain is whole and trusted, the name is borne, signature and key are strong. A mail exchanger without TLSA is noted only.",
    remedy="Take a certificate for the name from a trusted authority and serve it with its chain.",
    codes=(
        Code("untrusted", Severity.FAILURE, "The chain does not end at a trusted authority.", ("internetnl:cert_trust",)),
        Code("incomplete-chain", Severity.FAILURE, "The server does not send its issuer's certificate.", ("internetnl:cert_trust",)),
        Code("wrong-name", Severity.FAILURE, "The certificate does not bear the name.", ("internetnl:cert_hostmatch",)),
        Code("weak-signature", Severity.FAILURE, "A certificate is signed with SHA-1 or MD5.", ("internetnl:cert_signature",)),
        Code("key-small", Severity.FAILURE, "RSA under 2048 bits or EC under 224.", ("internetnl:cert_pubkey",)),
        Code("key-phase-out", Severity.NOTICE, "RSA under 3072 bits."),
    ),
    needs=("presence", "web", "mail-servers"),
    references=("internetnl:cert_trust", "internetnl:cert_hostmatch", "internetnl:cert_signature", "internetnl:cert_pubkey", "rfc:5280", "rfc:9525"),
    judge=judge,
)
