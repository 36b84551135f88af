"""DNS zone: looks at one zone from its parent's servers to every address of its own, over UDP and TCP (dns.md 2)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from samdrift.adapters.clock import now
from samdrift.adapters.dns_walk import TYPE_OF, NoAnswer, Walk, glue
from samdrift.adapters.limits import ZONE_SECONDS
from samdrift.model.dns import types
from samdrift.model.dns.message import Message
from samdrift.model.dns.names import ROOT, Name, is_within, parent
from samdrift.model.dns.observation import Exchange, Family, Host, ZoneObservation
from samdrift.model.dns.records import address as address_of
from samdrift.model.finding import Reason

APEX_TYPES = (types.SOA, types.NS, types.DNSKEY, types.A, types.AAAA)
"""What every address of a zone is asked for, over UDP."""
MOST_SERVERS = 64
"""Addresses of one zone that are looked at; a zone with more is cut off, not the run."""


@dataclass(slots=True)
class _Look:
    """One zone being looked at: what was exchanged and which hosts were found, also when it is cut short."""

    walk: Walk
    zone: Name
    exchanges: list[Exchange] = field(default_factory=list)
    hosts: dict[Name, dict[str, None]] = field(default_factory=dict)
    unknown: dict[Name, dict[Family, Reason]] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    parent: Name | None = None

    async def run(self, servers: Iterable[Host]) -> None:
        for host in servers:
            self._hold(host.name, host.addresses)
        await self._at_parent()
        await self._outside_hosts()
        while True:
            waiting = [one for held in self.hosts.values() for one in held if one not in self.asked][: MOST_SERVERS - len(self.asked)]
            if not waiting:
                return
            self.asked.update(waiting)
            await asyncio.gather(*(self._at_address(one) for one in waiting))
            await self._own_hosts()
            await self._outside_hosts()

    def _hold(self, name: Name, addresses: Iterable[str]) -> None:
        self.hosts.setdefault(name, {}).update(dict.fromkeys(addresses))

    async def _ask(self, side: str, one: str, name: Name, rtype: int) -> Message | None:
        found = await self.walk.asker.ask("parent" if side == "parent" else "child", one, name, rtype)
        self.exchanges += found
        return found[-1].message

    async def _at_parent(self) -> None:
        if self.zone == ROOT:
            for host in self.walk.roots:
                self._hold(host.name, host.addresses)
            return
        try:
            upper = await self.walk.cut(parent(self.zone))
            addresses = await self.walk.addresses(upper)
        except NoAnswer as error:
            self.parent = error.zone
            return
        self.parent = upper.zone
        await asyncio.gather(*(self._at_parent_address(one) for one in addresses))

    async def _at_parent_address(self, one: str) -> None:
        message = await self._ask("parent", one, self.zone, types.NS)
        if message is None:
            return
        names = [record.data for record in (*message.rrset(self.zone, types.NS), *message.delegation(self.zone, types.NS))]
        held = glue(message, names, self.parent or ROOT)
        for name in names:
            self._hold(name, held.get(name, ()) if is_within(name, self.zone) else ())
        told = {record.type for record in message.authority}
        if message.authoritative or not told & {types.DS, types.NSEC, types.NSEC3}:
            await self._ask("parent", one, self.zone, types.DS)

    async def _outside_hosts(self) -> None:
        """Names of servers that lie outside the zone are looked up like any other name."""
        names = [name for name in self.hosts if not is_within(name, self.zone) and name not in self.unknown]
        for host in await asyncio.gather(*(self.walk.host(name) for name in names)):
            self._hold(host.name, host.addresses)
            self.unknown[host.name] = dict(host.unknown)

    async def _at_address(self, one: str) -> None:
        _, over_tcp = await asyncio.gather(self._ask("child", one, self.zone, APEX_TYPES[0]), self.walk.asker.ask_tcp("child", one, self.zone, types.SOA))
        self.exchanges.append(over_tcp)
        if not self.walk.asker.is_silent(one):
            await asyncio.gather(*(self._ask("child", one, self.zone, rtype) for rtype in APEX_TYPES[1:]))

    async def _own_hosts(self) -> None:
        """Names that the zone itself gives, and the addresses that it has for those inside it, from the first that answers with authority."""
        speaking = None
        for each in self.exchanges:
            message = each.message if each.side == "child" and each.type == types.NS else None
            if message is not None and message.authoritative and message.rrset(self.zone, types.NS):
                speaking = speaking or each.address
                for record in message.rrset(self.zone, types.NS):
                    self._hold(record.data, ())
        inside = [name for name in self.hosts if is_within(name, self.zone) and name not in self.unknown]
        if speaking is None:
            return
        for name in inside:
            self.unknown[name] = {}
            for family, rtype in TYPE_OF.items():
                message = await self._ask("child", speaking, name, rtype)
                if message is None or message.rcode not in {types.NOERROR, types.NXDOMAIN}:
                    self.unknown[name][family] = Reason.NO_DATA
                else:
                    self._hold(name, (text for record in message.rrset(name, rtype) if (text := address_of(record))))


async def look_at_zone(walk: Walk, zone: Name, *, view: str = "public", servers: Iterable[Host] = (), limit_seconds: float = ZONE_SECONDS) -> ZoneObservation:
    """What is there to see of a zone within its time; cut short at the limit, never raising."""
    started, look, stopped = now(), _Look(walk, zone), None
    try:
        async with asyncio.timeout(max(0, limit_seconds)):
            await look.run(servers)
    except TimeoutError:
        stopped = Reason.DEADLINE
    hosts = tuple(Host(name, tuple(held), look.unknown.get(name, {})) for name, held in sorted(look.hosts.items()))
    return ZoneObservation(zone, view, started, now(), look.parent, tuple(look.exchanges), hosts, dict(walk.asker.last_answer), stopped=stopped)
