"""Presence: looks at what a zone shows the world: its mail in the DNS, its mail servers, its web (dns.md 2.2)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass, field

from samdrift.adapters.clock import now
from samdrift.adapters.dns_walk import TYPE_OF, NoAnswer
from samdrift.adapters.limits import ZONE_SECONDS
from samdrift.adapters.visits import Visits
from samdrift.model.dns import types
from samdrift.model.dns.message import Malformed
from samdrift.model.dns.names import ROOT, BadName, Name, from_text, is_within, parent, to_text
from samdrift.model.dns.observation import FAMILIES, Exchange, Family, Host
from samdrift.model.dns.records import address as address_of
from samdrift.model.dns.service_records import read_mx, read_txt
from samdrift.model.dns.view import Anchor
from samdrift.model.finding import Reason
from samdrift.model.mail.dmarc import dmarc_records, read_dmarc, walk_names
from samdrift.model.mail.spf import MOST_LOOKUPS, read_spf, spf_records
from samdrift.model.presence.lookup import Lookup
from samdrift.model.presence.observation import MOST_HOSTS, PresenceObservation
from samdrift.model.presence.talks import MailTalk, WebTalk

MAIL, MAIL_SERVERS, WEB = "mail", "mail-servers", "web"
PARTS = frozenset({MAIL, MAIL_SERVERS, WEB})
"""What a check may need: the mail's records, its servers met, the web met."""
MOST_ADDRESSES = 8
"""Addresses a family of one host that are met; of a host with more the rest is unknown (too-costly)."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A zone to look at: `web` names (none: the zone itself and www), `selectors` of DKIM, `servers` that its delegation does not show.

    `endpoints` are its services' hosts and ports that speak TLS from the first octet.
    """

    zone: Name
    web: tuple[Name, ...] = ()
    selectors: tuple[str, ...] = ()
    servers: tuple[Host, ...] = ()
    parts: frozenset[str] = PARTS
    endpoints: tuple[tuple[Name, int], ...] = ()

    @property
    def web_names(self) -> tuple[Name, ...]:
        """The names whose web is looked at."""
        return self.web or (self.zone, below(self.zone, "www"))


def below(zone: Name, labels: str) -> Name:
    """A name below a zone; BadName when it is none."""
    return from_text(f"{labels}.{to_text(zone)}")


@dataclass(slots=True)
class _Look:
    """One zone being looked at; what was seen stands also when it is cut short."""

    visits: Visits
    shown: Shown
    exists: bool | None = None
    unknown: Reason | None = None
    lookups: dict[tuple[Name, int], Lookup] = field(default_factory=dict)
    at_servers: list[Exchange] = field(default_factory=list)
    hosts: dict[Name, Host] = field(default_factory=dict)
    web: list[WebTalk] = field(default_factory=list)
    mail: list[MailTalk] = field(default_factory=list)
    chain: list[Exchange] = field(default_factory=list)

    async def run(self) -> None:
        try:
            cut = await self.visits.walk.cut(self.shown.zone)
            self.exists = cut.zone == self.shown.zone
            addresses = await self.visits.walk.addresses(cut)
        except NoAnswer as error:
            self.unknown = error.reason
            return
        if not self.exists or self.shown.zone == ROOT:
            return
        tasks: list[Awaitable[None]] = []
        if self.shown.parts & {MAIL, MAIL_SERVERS}:
            tasks += [self._each_server(dict.fromkeys((*addresses, *(one for host in self.shown.servers for one in host.addresses)))), self._spf(), self._dmarc(), self._dkim(), self._mail()]
        if WEB in self.shown.parts:
            tasks += [self._web(), self._endpoints()]
        await asyncio.gather(*tasks)

    async def _find(self, name: Name, rtype: int) -> Lookup:
        found = self.lookups[name, rtype] = Lookup.of(name, rtype, await self.visits.walk.resolve(name, rtype))
        return found

    async def _chain(self, name: Name) -> None:
        """The keys and DS above a name, each once (for mail-mx-dnssec and tls-dane)."""
        found = await self.visits.walk.chain(name)
        held = {id(one) for one in self.chain}
        self.chain += [one for one in found if id(one) not in held]

    async def _texts(self, name: Name) -> tuple[str, ...]:
        return tuple(read_txt(record.data) for record in (await self._find(name, types.TXT)).records)

    async def _host(self, name: Name) -> Host:
        looked = await asyncio.gather(*(self._find(name, TYPE_OF[family]) for family in FAMILIES))
        held: list[str] = []
        unknown: dict[Family, Reason] = {}
        for family, found in zip(FAMILIES, looked, strict=True):
            there = [text for record in found.records if (text := address_of(record))]
            held += there[:MOST_ADDRESSES]
            if found.failure is not None or len(there) > MOST_ADDRESSES:
                unknown[family] = found.failure or Reason.TOO_COSTLY
        host = self.hosts[name] = Host(name, tuple(dict.fromkeys(held)), unknown)
        return host

    # -- mail
    async def _each_server(self, addresses: Iterable[str]) -> None:
        """The zone's MX and TXT as each of its servers has them."""

        async def ask(address: str, rtype: int) -> None:
            self.at_servers += await self.visits.walk.asker.ask("child", address, self.shown.zone, rtype)

        await asyncio.gather(*(ask(address, rtype) for address in addresses for rtype in (types.MX, types.TXT)))

    async def _mail(self) -> None:
        found = []
        for record in (await self._find(self.shown.zone, types.MX)).records:
            try:
                found.append(read_mx(record.data))
            except Malformed:
                continue
        names = list(dict.fromkeys(one.host for one in sorted(found) if not one.is_null))[:MOST_HOSTS]
        await asyncio.gather(*(self._mail_host(name) for name in names))

    async def _mail_host(self, name: Name) -> None:
        host, _, _ = await asyncio.gather(self._host(name), self._find(name, types.CNAME), self._chain(name))
        if MAIL_SERVERS not in self.shown.parts:
            return
        text = to_text(name).removesuffix(".")

        async def meet(address: str) -> None:
            self.mail.append(await self.visits.mail(text, address))

        await asyncio.gather(self._labelled(name, "_25._tcp"), *(meet(address) for address in host.addresses))

    async def _labelled(self, name: Name, labels: str) -> None:
        try:
            labelled = below(name, labels)
        except BadName:  # too long to have one
            return
        if (await self._find(labelled, types.TLSA)).records:
            await self._chain(labelled)

    async def _spf(self) -> None:
        """The domain's record and all that it leads to, in the order of a receiver, as far as can count."""
        await self._spf_record(self.shown.zone, (self.shown.zone,), [0])

    async def _spf_record(self, domain: Name, path: tuple[Name, ...], spent: list[int]) -> None:
        texts = spf_records(await self._texts(domain))
        for term in read_spf(texts[0]).followed if len(texts) == 1 else ():
            spent[0] += 1
            target = domain if term.domain is None else _name(term.domain)
            if spent[0] > MOST_LOOKUPS:
                return
            if term.has_macro or term.name == "ptr" or target is None:
                continue
            if term.name not in {"include", "redirect"}:
                await self._spf_term(term.name, target)
            elif target in path:
                spent[0] = MOST_LOOKUPS
            else:
                await self._spf_record(target, (*path, target), spent)

    async def _spf_term(self, kind: str, target: Name) -> None:
        if kind == "mx":
            await self._find(target, types.MX)
        else:
            await asyncio.gather(*(self._find(target, rtype) for rtype in ((types.A, types.AAAA) if kind == "a" else (types.A,))))

    async def _dmarc(self) -> None:
        for domain in walk_names(to_text(self.shown.zone).removesuffix(".")):
            records = dmarc_records(await self._texts(from_text(f"_dmarc.{domain}")))
            for host in read_dmarc(records[0]).report_hosts if len(records) == 1 else ():
                await self._report_host(domain, host)

    async def _report_host(self, domain: str, host: str) -> None:
        """Whether a report's receiver says so, and whether it is of the same organization (RFC 9990 4)."""
        name = _name(host)
        if name is None or is_within(name, from_text(domain)):
            return
        allowing = _name(f"{domain}._report._dmarc.{host}")
        await asyncio.gather(*(self._texts(one) for one in (allowing, *(_name(f"_dmarc.{each}") for each in walk_names(host))) if one is not None))

    async def _dkim(self) -> None:
        names = ["_domainkey", *(f"{selector}._domainkey" for selector in self.shown.selectors)]
        wanted = [name for name in (_name(f"{one}.{to_text(self.shown.zone)}") for one in names) if name is not None]
        await asyncio.gather(*(self._texts(name) for name in wanted))

    # -- web
    async def _web(self) -> None:
        hosts = await asyncio.gather(*(self._host(name) for name in self.shown.web_names[:MOST_HOSTS]))
        there = [host for host in hosts if host.addresses]
        await asyncio.gather(*(self._web_host(host, first=host is there[0]) for host in there))

    async def _endpoints(self) -> None:
        async def meet(name: Name, port: int) -> None:
            host, text = await self._host(name), to_text(name).removesuffix(".")
            self.web += await asyncio.gather(*(self.visits.tls(text, port, address) for address in host.addresses))

        named = [(name, port) for name, port in self.shown.endpoints if not (port == 443 and name in self.shown.web_names)]
        await asyncio.gather(*(meet(name, port) for name, port in named[:MOST_HOSTS]))

    async def _web_host(self, host: Host, *, first: bool) -> None:
        name = host.name
        text = to_text(name).removesuffix(".")

        async def meet(port: int, address: str) -> None:
            self.web.append(await self.visits.web(text, port, address, security_txt=port == 443 and first and address == host.addresses[0]))

        await asyncio.gather(self._labelled(name, "_443._tcp"), self._caa(name), *(meet(port, address) for port in (80, 443) for address in host.addresses))

    async def _caa(self, name: Name) -> None:
        """The CAA of a name: its own, else that of the nearest name above (RFC 8659 3)."""
        while name != b"\0":
            if (await self._find(name, types.CAA)).records:
                return
            name = parent(name)


def _name(text: str) -> Name | None:
    try:
        return from_text(text)
    except BadName:
        return None


async def look_at_presence(
    visits: Visits, shown: Shown, *, view: str = "public", anchors: tuple[Anchor, ...] | None = None, limit_seconds: float = ZONE_SECONDS
) -> PresenceObservation:
    """What there is to see of a zone's mail and web within its time; cut short at the limit, never raising."""
    started, look, stopped = now(), _Look(visits, shown), None
    try:
        async with asyncio.timeout(max(0, limit_seconds)):
            await look.run()
    except TimeoutError:
        stopped = Reason.DEADLINE
    return PresenceObservation(
        shown.zone, view, started, now(), look.exists, look.unknown, tuple(look.lookups[key] for key in sorted(look.lookups)),
        tuple(sorted(look.at_servers, key=lambda one: (one.address, one.type, one.at))), tuple(look.hosts[name] for name in sorted(look.hosts)),
        tuple(sorted(look.web, key=lambda one: (one.host, one.port, one.address))), tuple(sorted(look.mail, key=lambda one: (one.host, one.address))),
        dict(visits.walk.asker.last_answer), visits.last_smtp, stopped, tuple(sorted(look.chain, key=lambda one: (len(one.name), one.name, one.type, one.at))), anchors, bool(visits.trust.by_subject),
    )  # fmt: skip
