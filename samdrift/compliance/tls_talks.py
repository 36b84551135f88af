"""The TLS that a zone shows: every session of its web and of its mail exchangers, and whether the mail's is vouched for by TLSA."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from samdrift.compliance.presence import PresenceInHand, shown_name
from samdrift.compliance.presence_ledger import PresenceLedger
from samdrift.model.dns import types
from samdrift.model.dns.message import Malformed
from samdrift.model.dns.names import BadName, Name, from_text, to_text
from samdrift.model.dns.observation import Host
from samdrift.model.dns.service_records import Tlsa, read_tlsa
from samdrift.model.finding import Reason
from samdrift.model.presence.lookup import Lookup
from samdrift.model.presence.talks import MailTalk, TlsTalk, WebTalk


@dataclass(frozen=True, slots=True)
class Session:
    """A TLS session that was tried on one address; `tlsa` are the host's records for this port that can be read."""

    host: str
    port: int
    talk: WebTalk | MailTalk
    tls: TlsTalk
    tlsa: tuple[Tlsa, ...] = ()

    @property
    def endpoint(self) -> str:
        """Host and port, as a person writes them."""
        return f"{self.host}:{self.port}"

    @property
    def address(self) -> str:
        return self.talk.address

    @property
    def is_mail(self) -> bool:
        return self.port == 25

    @property
    def is_pinned(self) -> bool:
        """Whether TLSA vouches for the very certificate, so that name, dates and authority do not matter (RFC 7672 3.1.1)."""
        return self.is_mail and bool(self.tlsa) and all(one.usage in {1, 3} for one in self.tlsa)


def tlsa_name(host: Name, port: int) -> Name | None:
    """Where the TLSA of a port stands; None when that name would be too long."""
    try:
        return from_text(f"_{port}._tcp.{to_text(host)}")
    except BadName:
        return None


def tlsa_lookup(hand: PresenceInHand, host: Name, port: int) -> Lookup:
    """What resolution gave for the TLSA of a port."""
    return hand.lookup(tlsa_name(host, port), types.TLSA)


def tlsa_records(found: Lookup) -> tuple[Tlsa, ...]:
    """The records that can be read, well formed or not."""
    held = []
    for record in found.records:
        try:
            held.append(read_tlsa(record.data))
        except Malformed:
            held.append(Tlsa(255, 255, 255, record.data))
    return tuple(sorted(held))


def served(hand: PresenceInHand) -> Iterator[tuple[Host, int]]:
    """Every host and port of the zone that may speak TLS: its web names' 443, its services' endpoints, its mail exchangers' 25."""
    yield from ((host, 443) for host in hand.web_hosts)
    yield from hand.endpoints
    yield from ((host, 25) for host in hand.mail_hosts)


def note_closed(ledger: PresenceLedger) -> None:
    """What is not met: unknown where that may be our own lack, or where no address of a mail exchanger answers; else left aside (D2, D5)."""
    hand = ledger.hand
    for host, port in served(hand):
        talks: tuple[WebTalk | MailTalk, ...] = hand.mail_talks(host.name) if port == 25 else hand.web_talks(host.name, port)
        met, part = any(talk.closed is None for talk in talks), f"{shown_name(host.name)}:{port}"
        for talk in talks:
            if talk.closed is None:
                if talk.tls is None and isinstance(talk, MailTalk) and talk.starttls is None:
                    ledger.unknown(talk.failed or Reason.NO_DATA, f"{part} did not come to an offer of STARTTLS", part=part, address=talk.address)
                continue
            reason, proven = hand.trouble(talk)
            if not proven or (port == 25 and not met):
                ledger.unknown(reason, f"{part} could not be met", part=part, address=talk.address)
            elif met:
                ledger.skip(talk.address, reason)


def sessions(hand: PresenceInHand) -> Iterator[Session]:
    """Every session that was tried."""
    for host, port in served(hand):
        talks: tuple[WebTalk | MailTalk, ...] = hand.mail_talks(host.name) if port == 25 else hand.web_talks(host.name, port)
        usable = tuple(one for one in tlsa_records(tlsa_lookup(hand, host.name, port)) if one.well_formed)
        for talk in talks:
            if talk.tls is not None:
                yield Session(shown_name(host.name), port, talk, talk.tls, usable)
