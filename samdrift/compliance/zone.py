"""The zone in hand: one observation with what the inventory says of it, and the plain facts that several checks ask of both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal

from samdrift.compliance.key_ring import KeyRing
from samdrift.model.dns import types
from samdrift.model.dns.denial import types_at_apex
from samdrift.model.dns.message import Malformed, Message, Record, Variant, read_name
from samdrift.model.dns.names import Name, to_text
from samdrift.model.dns.observation import FAMILIES, Exchange, Family, Host, Side, Transport, ZoneObservation, family_of
from samdrift.model.dns.past import NO_PAST, ZonePast
from samdrift.model.dns.probe import is_probe
from samdrift.model.dns.records import Dnskey, Ds, Rrsig, Soa, read_dnskey, read_ds, read_rrsig, read_soa
from samdrift.model.finding import Reason

NO_VANTAGE: Mapping[Family, Reason] = {"ipv4": Reason.NO_VANTAGE_IPV4, "ipv6": Reason.NO_VANTAGE_IPV6}
SILENCE = frozenset({Reason.TIMEOUT, Reason.UNREACHABLE})
"""Failures that our own lost family would look like."""


@dataclass(frozen=True, slots=True)
class DeclaredRollover:
    """A rollover that the inventory declares: `old` and `new` are key tags, or algorithms for kind `algorithm`."""

    kind: Literal["ksk", "zsk", "algorithm"]
    old: int | None
    new: int | None
    started_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True)
class ZoneTerms:
    """What the inventory says of a zone; the defaults are those of a name in no inventory. Thresholds in seconds."""

    member: str | None = None
    members: tuple[str, ...] = ()
    software: Literal["knot", "bind", "nsd", "other"] = "other"
    signature_failure_seconds: int = 2 * 86_400
    signature_warning_seconds: int = 5 * 86_400
    dnssec: Literal["required", "wanted", "none"] = "wanted"
    rollover: DeclaredRollover | None = None
    sites: tuple[tuple[str, str], ...] = ()
    """Prefix and site, the longest prefix first, as far as the inventory knows."""


@dataclass(frozen=True)
class ZoneInHand:
    """What a zone's checks get. Sides are `parent` (the delegation), `child` (the zone's own servers) and `other` (servers of other zones).

    What was asked depends on what the selected checks need (adapters/dns_questions); `seen.asked` says which sets, `seen.facts` what the
    view says (public or not, prefixes, trust anchors), `past` what earlier runs saw.
    """

    seen: ZoneObservation
    terms: ZoneTerms = field(default_factory=ZoneTerms)
    past: ZonePast = NO_PAST

    @property
    def zone(self) -> Name:
        return self.seen.zone

    @property
    def text(self) -> str:
        """The zone's name with its final dot, as records have it."""
        return to_text(self.zone)

    # -- answers
    @cached_property
    def _last(self) -> dict[tuple[Side, str, Name, int], Exchange]:
        """The exchange that counts for each usual question: the last with a whole readable reply over UDP, else over TCP, else the last."""
        found: dict[tuple[Side, str, Name, int], Exchange] = {}
        for each in self.seen.exchanges:
            if each.usual:
                key = (each.side, each.address, each.name, each.type)
                held = found.get(key)
                if held is None or _weight(each) >= _weight(held):
                    found[key] = each
        return found

    def exchange(self, side: Side, address: str, rtype: int, name: Name | None = None) -> Exchange | None:
        """The exchange that counts for a question about the apex (or another name)."""
        return self._last.get((side, address, self.zone if name is None else name, rtype))

    def message(self, side: Side, address: str, rtype: int, name: Name | None = None) -> Message | None:
        """Its readable reply, unless cut off."""
        found = self.exchange(side, address, rtype, name)
        return None if found is None else found.whole

    def over(self, transport: Transport, address: str, rtype: int, name: Name | None = None) -> Exchange | None:
        """The last exchange with one of the zone's addresses over one transport alone, asked in the usual way, about the apex (or another name)."""
        wanted = (transport, rtype, self.zone if name is None else name)
        return next((each for each in reversed(self._child_exchanges.get(address, ())) if each.usual and (each.transport, each.type, each.name) == wanted), None)

    def put(self, variant: Variant, address: str) -> tuple[Exchange, ...]:
        """What became of the questions put to one of the zone's addresses in an unusual way (`zone.edns`, `zone.recursion`, `zone.version`)."""
        return tuple(each for each in self._child_exchanges.get(address, ()) if each.variant == variant)

    def transfer(self, address: str) -> Exchange | None:
        """What became of the request for a transfer (`zone.transfer`)."""
        return next((each for each in self._child_exchanges.get(address, ()) if each.type == types.AXFR), None)

    def elsewhere(self, name: Name, rtype: int) -> Exchange | None:
        """What a server of another zone said of a name (an ancestor's keys, a PTR): the last whole reply, else the last try; None when it was not asked."""
        mine = [each for each in self.seen.exchanges if each.side == "other" and (each.name, each.type) == (name, rtype)]
        return next((each for each in reversed(mine) if each.whole is not None), mine[-1] if mine else None)

    @cached_property
    def _child_exchanges(self) -> Mapping[str, tuple[Exchange, ...]]:
        found: dict[str, list[Exchange]] = {}
        for each in self.seen.exchanges:
            if each.side == "child":
                found.setdefault(each.address, []).append(each)
        return {address: tuple(held) for address, held in found.items()}

    @cached_property
    def probe(self) -> Name | None:
        """The random name that `zone.denial` asked for below the apex."""
        return next((each.name for each in self.seen.exchanges if each.side == "child" and is_probe(each.name, self.zone)), None)

    @cached_property
    def child_addresses(self) -> tuple[str, ...]:
        """Every address of the zone's own servers that was tried, sorted."""
        return tuple(sorted({each.address for each in self.seen.exchanges if each.side == "child"}))

    @cached_property
    def parent_addresses(self) -> tuple[str, ...]:
        """Every address of the parent's servers that was tried, sorted."""
        return tuple(sorted({each.address for each in self.seen.exchanges if each.side == "parent"}))

    @cached_property
    def speaking(self) -> tuple[str, ...]:
        """The addresses that answer for the zone with authority: the only ones that are compared (D2)."""
        return tuple(address for address in self.child_addresses if self._speaks(address))

    @cached_property
    def answering(self) -> tuple[str, ...]:
        """The addresses of the zone's servers that gave any reply to a question about it, be it a refusal; what a run asks a server once is about none."""
        return tuple(address for address in self.child_addresses if any(each.reply is not None and each.usual for each in self._child_exchanges[address]))

    def _speaks(self, address: str) -> bool:
        messages = (self.message("child", address, rtype) for rtype in (types.SOA, types.NS))
        return any(one is not None and one.authoritative and one.rcode == types.NOERROR for one in messages)

    def reached(self, address: str, transport: Transport) -> bool:
        """Whether the address gave any reply to a usual question over a transport."""
        return any(each.reply is not None and each.usual for each in self.seen.exchanges if each.address == address and each.transport == transport)

    def trouble(self, address: str, transport: Transport) -> tuple[Reason, bool]:
        """Why an address did not answer over a transport, and whether that is proven to be its own fault (D5); no-data for one that answered, but not what was asked."""
        mine = [each for each in self.seen.exchanges if each.address == address and each.transport == transport]
        failed = [each for each in mine if each.reply is None]
        if not failed:
            return Reason.NO_DATA, bool(mine)
        lost = self.lost(failed[-1:])
        return (failed[-1].error or Reason.MALFORMED, True) if lost is None else (lost, False)

    def lost(self, exchanges: Iterable[Exchange]) -> Reason | None:
        """A reason when one of these was silent until after its family had answered last: then nobody knows whose fault that is (D5)."""
        for each in exchanges:
            family = family_of(each.address)
            proven, until = self.seen.last_answer.get(family), each.silent_until
            if until is not None and (proven is None or proven < until):
                return NO_VANTAGE[family]
        return None

    @property
    def without_vantage(self) -> Reason | None:
        """A reason when nothing at all answered in the run, over no family: then it is we who cannot look."""
        return None if self.seen.last_answer else NO_VANTAGE["ipv4"]

    @cached_property
    def not_asked(self) -> tuple[Mapping[str, str], ...]:
        """Addresses of the zone that no check could judge, with the reason."""
        silent = [address for address in self.child_addresses if not self.reached(address, "udp") and not self.reached(address, "tcp")]
        return tuple({"address": address, "reason": str(self.trouble(address, "udp")[0])} for address in silent)

    # -- the name itself
    @cached_property
    def exists(self) -> bool | None:
        """Whether the name is a zone: somebody delegates or serves it; None when nobody could be asked."""
        if self.speaking or self.ns_names("parent"):
            return True
        told = [self.message("parent", address, types.NS) for address in self.parent_addresses]
        denied = any(one is not None and one.rcode in {types.NOERROR, types.NXDOMAIN} for one in told)
        return False if denied else None

    # -- delegation
    def ns_names(self, side: Side) -> tuple[Name, ...]:
        """The NS names of one side, over all of its servers, sorted. At the parent a server's own authoritative answer stands for the delegation.

        Servers given by hand stand for a delegation that is not there yet (D4).
        """
        found: set[Name] = {host.name for host in self.seen.given} if side == "parent" else set()
        for address in self.parent_addresses if side == "parent" else self.speaking:
            message = self.message(side, address, types.NS)
            if message is not None:
                found.update(record.data for record in message.rrset(self.zone, types.NS))
                if side == "parent":
                    found.update(record.data for record in message.delegation(self.zone, types.NS))
        return tuple(sorted(found))

    @cached_property
    def hosts(self) -> Mapping[Name, Host]:
        """The zone's servers by name."""
        return {host.name: host for host in self.seen.hosts}

    def servers_at(self, address: str) -> tuple[str, ...]:
        """The names of the servers that have an address, as text without the final dot."""
        return tuple(to_text(host.name).removesuffix(".") for host in self.seen.hosts if address in host.addresses)

    def addresses(self, names: Iterable[Name], family: Family) -> tuple[str, ...]:
        """The addresses of some servers in one family, sorted."""
        return tuple(sorted({one for name in names if name in self.hosts for one in self.hosts[name].of(family)}))

    @property
    def families(self) -> tuple[Family, Family]:
        return FAMILIES

    # -- keys and signatures
    @cached_property
    def ds_set(self) -> tuple[Ds, ...]:
        """All DS records that any parent server gives, sorted; odd ones too. Those given by hand stand for them."""
        if self.seen.ds_given is not None:
            return tuple(read_ds(data) for data in sorted(set(self.seen.ds_given)) if len(data) >= 4)
        found: set[bytes] = set()
        for address in self.parent_addresses:
            for rtype in (types.NS, types.DS):
                message = self.message("parent", address, rtype)
                if message is not None:
                    found.update(record.data for record in (*message.delegation(self.zone, types.DS), *message.rrset(self.zone, types.DS)))
        return tuple(read_ds(data) for data in sorted(found) if len(data) >= 4)

    @cached_property
    def ds_ttl(self) -> int:
        """The longest TTL that a parent's server gives the DS set; 0 without any."""
        messages = (self.message("parent", address, rtype) for address in self.parent_addresses for rtype in (types.NS, types.DS))
        return max((record.ttl for one in messages if one is not None for record in (*one.delegation(self.zone, types.DS), *one.rrset(self.zone, types.DS))), default=0)

    @cached_property
    def ds_cut(self) -> tuple[bytes, ...]:
        """Data of DS records too short to be read, sorted."""
        messages = (self.message("parent", address, rtype) for address in self.parent_addresses for rtype in (types.NS, types.DS))
        records = [record for one in messages if one is not None for record in (*one.delegation(self.zone, types.DS), *one.rrset(self.zone, types.DS))]
        return tuple(sorted({record.data for record in records if len(record.data) < 4}))

    @cached_property
    def ds_known(self) -> bool:
        """Whether some parent server said which DS there are, or that there is none."""
        return self.seen.ds_given is not None or any(
            message is not None and message.rcode in {types.NOERROR, types.NXDOMAIN}
            for address in self.parent_addresses
            for message in (self.message("parent", address, types.NS), self.message("parent", address, types.DS))
        )

    def rrset(self, address: str, rtype: int) -> tuple[Record, ...]:
        """The apex RRset of one type as one address answers it with authority."""
        message = self.message("child", address, rtype)
        return () if message is None or not message.authoritative else message.rrset(self.zone, rtype)

    def readable(self, record: Record) -> bool:
        """Whether an SOA or NS record has the data of its kind."""
        try:
            if record.type == types.SOA:
                read_soa(record.data)
            else:
                read_name(record.data, 0)
        except (Malformed, IndexError):
            return False
        return True

    def signatures(self, address: str, rtype: int) -> tuple[Rrsig, ...]:
        """The RRSIGs over that RRset; those too short to read are left out."""
        message = self.message("child", address, rtype)
        if message is None:
            return ()
        found = []
        for record in message.signatures(self.zone, rtype):
            try:
                found.append(read_rrsig(record.data))
            except Malformed:
                continue
        return tuple(found)

    def tells(self, address: str, rtype: int, name: Name | None = None) -> bool:
        """Whether an address answered a question with authority, be it that there is nothing; its denial at the apex stands for those that it made needless."""
        if name is None and self.exchange("child", address, rtype) is None:
            denied = self.message("child", address, types.UNUSED)
            shown = types_at_apex(self.zone, denied) if denied is not None else None
            return shown is not None and rtype not in shown
        message = self.message("child", address, rtype, name)
        return message is not None and message.rcode == types.NOERROR and message.authoritative

    def ds_at(self, address: str) -> tuple[Ds, ...] | None:
        """The DS set that one of the parent's addresses gives, sorted; None when it does not say."""
        asked, referral = self.message("parent", address, types.DS), self.message("parent", address, types.NS)
        if asked is not None and asked.rcode == types.NOERROR and asked.authoritative:
            records = asked.rrset(self.zone, types.DS)
        elif referral is not None and referral.rcode == types.NOERROR and referral.delegation(self.zone, types.NS):
            records = referral.delegation(self.zone, types.DS)
        else:
            return None
        return tuple(read_ds(data) for data in sorted({record.data for record in records}) if len(data) >= 4)

    def keys(self, address: str) -> tuple[Dnskey, ...]:
        """The DNSKEYs that one address gives."""
        return tuple(read_dnskey(record.data) for record in self.rrset(address, types.DNSKEY) if len(record.data) >= 4)

    @cached_property
    def rings(self) -> Mapping[str, KeyRing]:
        """Each speaking address with its keys; one that gives none is held against those of the first that does."""
        own = {address: KeyRing(self.zone, self.keys(address)) for address in self.speaking}
        first = next((ring for ring in own.values() if ring.keys), KeyRing(self.zone, ()))
        return {address: ring if ring.keys else first for address, ring in own.items()}

    def soa_at(self, address: str) -> Soa | None:
        """The first readable SOA of one address."""
        for record in self.rrset(address, types.SOA):
            try:
                return read_soa(record.data)
            except Malformed:
                continue
        return None

    @cached_property
    def soa(self) -> Soa | None:
        """The SOA of the first address that speaks."""
        return next((soa for address in self.speaking if (soa := self.soa_at(address)) is not None), None)

    @cached_property
    def is_signed(self) -> bool:
        """Whether any speaking address gives a DNSKEY or a signature."""
        return any(self.keys(address) or self.signatures(address, types.SOA) for address in self.speaking)


def _weight(exchange: Exchange) -> int:
    return 0 if exchange.whole is None else 1 if exchange.transport == "tcp" else 2
