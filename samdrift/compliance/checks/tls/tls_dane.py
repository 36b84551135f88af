"""tls-dane: TLSA records of mail and web fit the certificate that is shown, are signed, and are ready for the next one (RFC 6698, 7672)."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.certificates import Unreadable, fits, tlsa_data
from samdrift.compliance.chain import State
from samdrift.compliance.presence import PresenceInHand, shown_name
from samdrift.compliance.presence_ledger import PresenceLedger
from samdrift.compliance.secured import secured
from samdrift.compliance.tls_talks import served, tlsa_lookup, tlsa_records
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.dns.names import to_text
from samdrift.model.dns.observation import Host
from samdrift.model.dns.service_records import Tlsa
from samdrift.model.finding import Finding, Reason, Remedy, Severity
from samdrift.model.presence.lookup import Lookup
from samdrift.model.presence.talks import MailTalk, WebTalk

DNS = "dns-operator"


def judge(hand: PresenceInHand, at: datetime) -> tuple[Finding, ...]:
    """Each mail exchanger's port 25 and each web name's port 443."""
    ledger = PresenceLedger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    ports = [(host, port) for host, port in served(hand) if (port == 25 and (host.addresses or host.unknown)) or (port == 443 and host in hand.web_hosts and hand.has_web(host.name))]
    if not ports:
        if hand.seen.stopped is None:
            return ledger.not_applicable(f"{hand.seen.name} has neither mail nor web")
        ledger.unknown(hand.seen.stopped, "the look ended before it was whole")
    for host, port in ports:
        _port(ledger, host, port)
    return ledger.findings(well="the TLSA records fit the certificates shown", rests_on=[tlsa_lookup(hand, host.name, port) for host, port in ports])


def _port(ledger: PresenceLedger, host: Host, port: int) -> None:
    hand, name = ledger.hand, shown_name(host.name)
    looked, part, rrset = tlsa_lookup(hand, host.name, port), f"{name}:{port}", f"_{port}._tcp.{to_text(host.name)}/TLSA"
    if looked.failure is not None:
        ledger.unknown(looked.failure, f"the TLSA records of {part} could not be found out", part=part)
        return
    records = tlsa_records(looked)
    talks: tuple[WebTalk | MailTalk, ...] = hand.web_talks(host.name, 443) if port == 443 else hand.mail_talks(host.name)
    line = _line(name, port, talks)
    if not records:
        ledger.note("none", f"{part} has no TLSA record", host=name, part=part, rrset=rrset, remedy=Remedy("Publish the TLSA of the key in use, and of the next one", record=line, by=DNS))
        return
    why = _not_secure(ledger, looked)
    if why is not None:
        ledger.note("unsigned", f"the TLSA records of {part} are not secure, nobody takes them: {why}", host=name, part=part, rrset=rrset, remedy=Remedy("Sign the zone that holds them, or remove the TLSA records", record=line, by=DNS), rests_on=[looked])
    for one in records:
        if not one.well_formed:
            ledger.note("syntax", f"the TLSA {one.text()[:80]} of {part} cannot be used", host=name, part=part, rrset=rrset, remedy=Remedy("Replace it", record=line, by=DNS), rests_on=[looked])
    good = tuple(one for one in records if one.well_formed)
    if good:
        _match(ledger, name, port, talks, good)
        if len(good) == 1:
            ledger.note("no-rollover-record", f"{part} has one TLSA record: the next key has none yet", host=name, part=part, rrset=rrset, rests_on=[looked])


def _not_secure(ledger: PresenceLedger, looked: Lookup) -> str | None:
    """Why the records are not secure; None when they are, or when we cannot tell but they bear signatures."""
    link, last = secured(ledger.hand, looked, ledger.at), looked.exchanges[-1].message
    if link.state in {State.INSECURE, State.BOGUS}:
        return link.text
    return "they are not signed" if last is not None and not last.signatures(looked.target, types.TLSA) else None


def _match(ledger: PresenceLedger, name: str, port: int, talks: tuple[WebTalk | MailTalk, ...], records: tuple[Tlsa, ...]) -> None:
    part, met = f"{name}:{port}", any(talk.closed is None for talk in talks)
    for talk in talks:
        if talk.closed is not None and met and ledger.hand.trouble(talk)[1]:
            ledger.skip(talk.address, talk.closed)
            continue
        if talk.tls is None or not talk.tls.chain:
            reason = ledger.hand.trouble(talk)[0] if talk.closed is not None else (talk.tls.failed if talk.tls else None) or Reason.NO_DATA
            ledger.unknown(reason, f"{part} shows no certificate to compare", part=part, address=talk.address)
            continue
        try:
            held = any(fits(one, talk.tls.chain, name) for one in records)
        except Unreadable as error:
            ledger.unknown(Reason.MALFORMED, f"a certificate of {part} cannot be read: {error}", part=part, address=talk.address)
            continue
        if not held:
            remedy = Remedy("Publish the TLSA of the certificate in use, and remove those of old ones once it is", record=_line(name, port, (talk,)), by=DNS)
            ledger.note("mismatch", f"no TLSA record fits the certificate of {part}: mail servers that check refuse it", host=name, part=part, address=talk.address, value={"records": tuple(one.text() for one in records)}, remedy=remedy, rests_on=[talk])
    if not talks:
        ledger.unknown(ledger.hand.seen.stopped or Reason.NO_DATA, f"{part} was not met", part=part)


def _line(name: str, port: int, talks: tuple[WebTalk | MailTalk, ...]) -> str | None:
    """The right record from the live key: usage 3, selector 1, SHA-256 (RFC 7672 3.1)."""
    for talk in talks:
        if talk.tls is not None and talk.tls.leaf is not None:
            try:
                return f"_{port}._tcp.{name}. IN TLSA {Tlsa(3, 1, 1, tlsa_data(talk.tls.leaf)).text()}"
            except Unreadable:
                continue
    return None


CHECK = Check(
    id="tls-dane",
    category="tls",
    title="TLSA fits the certificates",
    requirement="TLSA records of mail exchangers and web names are signed, can be used, fit the certificate shown, and are two at least.",
    remedy="Publish the TLSA record of the key in use and that of the next one.",
    codes=(
        Code("mismatch", Severity.FAILURE, "No TLSA record fits the certificate shown.", ("internetnl:dane_valid",)),
        Code("syntax", Severity.FAILURE, "A TLSA record cannot be used."),
        Code("unsigned", Severity.FAILURE, "The TLSA records are not signed."),
        Code("no-rollover-record", Severity.NOTICE, "There is one TLSA record alone.", ("internetnl:dane_rollover",)),
        Code("none", Severity.NOTICE, "There is no TLSA record.", ("internetnl:dane_exists",)),
    ),
    needs=("presence", "web", "mail-servers"),
    references=("internetnl:dane_exists", "internetnl:dane_valid", "internetnl:dane_rollover", "rfc:6698", "rfc:7672"),
    judge=judge,
)
