"""ipv6-ns-reachable: every IPv6 address of a name server answers over UDP and TCP, and questions for AAAA are answered."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import OPERATOR, answer_there
from samdrift.compliance.zone import NO_VANTAGE, ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.dns.observation import Transport
from samdrift.model.finding import Finding, Remedy, Severity

TRANSPORTS: tuple[Transport, Transport] = ("udp", "tcp")


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """Each AAAA of each name server by both transports; without IPv6 of our own it stays undetermined."""
    ledger = Ledger(CHECK, hand, at)
    names = sorted({*hand.ns_names("parent"), *hand.ns_names("child")})
    addresses = hand.addresses(names, "ipv6")
    if not addresses and (stop := ledger.stopped()) is not None:
        return stop
    for address in addresses:
        for transport in TRANSPORTS:
            _reach(ledger, hand, address, transport)
    for address in hand.speaking:
        _asked_for_aaaa(ledger, hand, address)
    unknown = [hand.hosts[name].unknown["ipv6"] for name in names if name in hand.hosts and "ipv6" in hand.hosts[name].unknown]
    if unknown:
        ledger.unknown(unknown[0], "the IPv6 addresses of the name servers could not all be found out", part="addresses")
    if not addresses and not unknown:
        return ledger.findings(well="") if ledger.noted else ledger.not_applicable("no name server has an IPv6 address")
    return ledger.findings(well=f"{len(addresses)} IPv6 addresses answer over UDP and TCP", judged=(), rtypes=(types.SOA, types.AAAA))


def _reach(ledger: Ledger, hand: ZoneInHand, address: str, transport: Transport) -> None:
    if hand.reached(address, transport):
        return
    reason, proven = hand.trouble(address, transport)
    if not proven:
        what = "IPv6 does not work from here" if reason is NO_VANTAGE["ipv6"] else "it was not tried"
        ledger.unknown(hand.seen.stopped or reason, f"whether {address} answers over {transport.upper()} is not known: {what}", part=address)
        return
    servers = " ".join(hand.servers_at(address))
    ledger.note("unreachable", f"{servers} does not answer over {transport.upper()} on {address} ({reason})", address=address, part=transport, value={"transport": transport, "cause": str(reason)}, remedy=answer_there(hand, address, transport))


def _asked_for_aaaa(ledger: Ledger, hand: ZoneInHand, address: str) -> None:
    """A server that answers for SOA must answer for AAAA too (RFC 4074)."""
    for_soa = hand.message("child", address, types.SOA)
    exchange = hand.exchange("child", address, types.AAAA)
    if for_soa is None or for_soa.rcode != types.NOERROR or exchange is None:
        return
    remedy = Remedy("Replace the name server's software or the box in front of it: it does not answer questions for AAAA", by=OPERATOR)
    rrset = f"{hand.text}/AAAA"
    message = exchange.message
    if message is None:
        reason, proven = hand.trouble(address, exchange.transport)
        if proven:
            ledger.note("dropped", "a question for AAAA gets no answer where SOA does", address=address, rrset=rrset, remedy=remedy)
        else:
            ledger.unknown(reason, f"{address} does not answer the question for AAAA", part=f"aaaa@{address}")
    elif message.rcode != types.NOERROR:
        ledger.note("bad-rcode", f"a question for AAAA is answered {types.rcode_name(message.rcode)} where SOA is NOERROR", address=address, rrset=rrset, value={"rcode": types.rcode_name(message.rcode)}, remedy=remedy)
    elif any(record.type == types.AAAA and len(record.data) != 16 for record in message.answer):
        ledger.note("bad-rdata", "an AAAA record has not 16 octets", address=address, rrset=rrset, remedy=remedy)


CHECK = Check(
    id="ipv6-ns-reachable",
    category="ipv6",
    title="Name servers answer over IPv6",
    requirement="Every IPv6 address of every name server answers over UDP and over TCP, and every server answers questions for AAAA.",
    remedy="Let the server answer on that address, or take the AAAA record away.",
    codes=(
        Code("unreachable", Severity.FAILURE, "An IPv6 address of a name server does not answer.", ("internetnl:ns_reach",)),
        Code("dropped", Severity.FAILURE, "A question for AAAA gets no answer.", ("zonemaster:AAAA_QUERY_DROPPED",)),
        Code("bad-rcode", Severity.FAILURE, "A question for AAAA is answered by an error.", ("zonemaster:AAAA_UNEXPECTED_RCODE",)),
        Code("bad-rdata", Severity.FAILURE, "An AAAA record is malformed.", ("zonemaster:AAAA_BAD_RDATA",)),
    ),
    needs=("zone", "zone.aaaa"),
    references=("internetnl:ns_reach", "zonemaster:NAMESERVER05", "rfc:4074"),
    judge=judge,
)
