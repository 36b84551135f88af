"""The presence in hand: a zone's mail and web as observed, with what the inventory says of them, and the facts that several checks ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal

from samdrift.compliance.zone import NO_VANTAGE, SILENCE
from samdrift.model.dns import types
from samdrift.model.dns.message import Malformed, Message, Record
from samdrift.model.dns.names import BadName, Name, from_text, to_text
from samdrift.model.dns.observation import Family, Host, family_of
from samdrift.model.dns.service_records import Mx, read_mx, read_txt
from samdrift.model.finding import Reason
from samdrift.model.mail.dmarc import dmarc_records
from samdrift.model.mail.spf import spf_records
from samdrift.model.presence.lookup import Lookup
from samdrift.model.presence.observation import MOST_HOSTS, PresenceObservation
from samdrift.model.presence.talks import MailTalk, WebTalk


@dataclass(frozen=True, slots=True)
class PresenceTerms:
    """What the inventory says of a zone's mail and web; the defaults are those of a name in no inventory.

    `endpoints` are host and port of its services that speak TLS from the first octet, beside the web names.
    """

    member: str | None = None
    members: tuple[str, ...] = ()
    software: Literal["knot", "bind", "nsd", "other"] = "other"
    mail: bool = False
    web: tuple[str, ...] = ()
    selectors: tuple[str, ...] = ()
    endpoints: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class PresenceInHand:
    """What the checks of mail and web get."""

    seen: PresenceObservation
    terms: PresenceTerms = field(default_factory=PresenceTerms)

    @property
    def text(self) -> str:
        """The zone's name with its final dot, as records have it."""
        return to_text(self.seen.zone)

    def below(self, labels: str) -> Name:
        """A name below the zone."""
        return from_text(f"{labels}.{self.text}")

    # -- look-ups
    @cached_property
    def _lookups(self) -> Mapping[tuple[Name, int], Lookup]:
        return {(one.name, one.type): one for one in self.seen.lookups}

    def lookup(self, name: Name | str | None, rtype: int) -> Lookup:
        """What resolution gave; one that was never made says no-data."""
        try:
            wire = from_text(name) if isinstance(name, str) else name
        except BadName:
            wire = None
        found = None if wire is None else self._lookups.get((wire, rtype))
        return found or Lookup(wire or b"\0", rtype, (), self.seen.stopped or Reason.NO_DATA)

    def texts(self, name: Name | str) -> tuple[str, ...]:
        """The TXT records of a name, each as one text."""
        return tuple(read_txt(record.data) for record in self.lookup(name, types.TXT).records)

    # -- the zone's own servers
    def _answers(self, rtype: int) -> Mapping[str, Message]:
        """Address → authoritative answer for a type at the apex; a reply that is cut off says nothing."""
        found: dict[str, Message] = {}
        for each in self.seen.at_servers:
            message = each.whole if each.type == rtype else None
            if message is not None and message.authoritative and message.rcode == types.NOERROR:
                found[each.address] = message
        return found

    def differing(self, rtype: int, *, spf: bool = False) -> Mapping[str, tuple[str, ...]]:
        """Address → what it answers, when the servers that speak do not all say the same; else nothing. With `spf` its SPF records alone."""
        said: dict[str, tuple[str, ...]] = {}
        for address, message in self._answers(rtype).items():
            records = message.rrset(self.seen.zone, rtype)
            if rtype == types.MX:
                said[address] = tuple(sorted(f"{one.preference} {to_text(one.host)}" for one in _read_all(records)))
            else:
                texts = tuple(read_txt(record.data) for record in records)
                said[address] = tuple(sorted(spf_records(texts) if spf else texts))
        return said if len(set(said.values())) > 1 else {}

    # -- mail
    @cached_property
    def mx(self) -> tuple[Mx, ...]:
        """The mail exchangers, the preferred first."""
        return tuple(sorted(_read_all(self.lookup(self.seen.zone, types.MX).records)))

    @property
    def mx_unknown(self) -> Reason | None:
        """Why the mail exchangers are not known; None when they are."""
        return self.lookup(self.seen.zone, types.MX).failure

    @property
    def takes_mail(self) -> bool:
        """Whether there is a mail exchanger that is one."""
        return any(not one.is_null for one in self.mx)

    @property
    def null_mx(self) -> bool:
        """Whether the domain says that it takes no mail (RFC 7505)."""
        return bool(self.mx) and all(one.is_null for one in self.mx)

    @cached_property
    def mail_hosts(self) -> tuple[Host, ...]:
        """The mail exchangers as hosts, each once, the preferred first."""
        known = {host.name: host for host in self.seen.hosts}
        names = list(dict.fromkeys(one.host for one in self.mx if not one.is_null))[:MOST_HOSTS]
        return tuple(known.get(name, Host(name, (), {"ipv4": Reason.NO_DATA, "ipv6": Reason.NO_DATA})) for name in names)

    @property
    def unfound(self) -> bool:
        """Whether it is known of every mail exchanger that it has no address: then mail-mx says so, and nothing else can be judged of them."""
        return bool(self.mail_hosts) and all(not host.addresses and not host.unknown for host in self.mail_hosts)

    @property
    def left_out(self) -> int:
        """Mail exchangers beyond those that are met."""
        return len({one.host for one in self.mx if not one.is_null}) - len(self.mail_hosts)

    def mail_talks(self, host: Name) -> tuple[MailTalk, ...]:
        """How a mail host answered on each of its addresses."""
        text = shown_name(host)
        return tuple(talk for talk in self.seen.mail if talk.host == text)

    @cached_property
    def spf_texts(self) -> tuple[str, ...]:
        """The domain's own SPF records."""
        return spf_records(self.texts(self.seen.zone))

    @cached_property
    def dmarc_texts(self) -> tuple[str, ...]:
        """The domain's own DMARC records."""
        return dmarc_records(self.texts(self.below("_dmarc")))

    # -- web
    @cached_property
    def web_hosts(self) -> tuple[Host, ...]:
        """The zone's web names as hosts: those that the inventory names, else the zone itself and www."""
        known = {host.name: host for host in self.seen.hosts}
        names = [from_text(one) for one in self.terms.web[:MOST_HOSTS]] or [self.seen.zone, self.below("www")]
        return tuple(known.get(name, Host(name, (), {"ipv4": Reason.NO_DATA, "ipv6": Reason.NO_DATA})) for name in names)

    @cached_property
    def endpoints(self) -> tuple[tuple[Host, int], ...]:
        """The services' endpoints that speak TLS, as hosts and ports."""
        known, web = {host.name: host for host in self.seen.hosts}, {host.name for host in self.web_hosts}
        named = [(from_text(host), port) for host, port in self.terms.endpoints]
        return tuple((known.get(name, Host(name)), port) for name, port in named if not (port == 443 and name in web))

    def is_promised(self, host: Name) -> bool:
        """Whether the inventory says that this name has a web."""
        return shown_name(host) in {one.lower().rstrip(".") for one in self.terms.web}

    def web_talks(self, host: Name, port: int) -> tuple[WebTalk, ...]:
        """How a web host's port answered on each of its addresses."""
        text = shown_name(host)
        return tuple(talk for talk in self.seen.web if talk.host == text and talk.port == port)

    def has_web(self, host: Name) -> bool:
        """Whether the name has a web: the inventory says so, or one of its ports answers."""
        return self.is_promised(host) or any(talk.closed is None for port in (80, 443) for talk in self.web_talks(host, port))

    # -- vantage
    def trouble(self, talk: WebTalk | MailTalk) -> tuple[Reason, bool]:
        """Why an address is closed, and whether that is proven to be its own fault (D5)."""
        family: Family = family_of(talk.address)
        reason = talk.closed or Reason.NO_DATA
        if reason not in SILENCE:
            return reason, True
        if not _later(self.seen.last_answer.get(family), talk.silent_until):
            return NO_VANTAGE[family], False
        if isinstance(talk, MailTalk) and not _later(self.seen.last_smtp, talk.silent_until):
            return Reason.NO_VANTAGE_SMTP, False
        return reason, True


def _later(proven: datetime | None, at: datetime) -> bool:
    return proven is not None and proven >= at


def _read_all(records: Iterable[Record]) -> list[Mx]:
    found = []
    for record in records:
        try:
            found.append(read_mx(record.data))
        except Malformed:
            continue
    return found


def shown_name(name: Name) -> str:
    """A name as people write it, without the final dot."""
    return to_text(name).removesuffix(".") or "."
