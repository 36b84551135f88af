"""DNS zone: looks at one zone from its parent's servers to every address of its own, over UDP and TCP (dns.md 2)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from samdrift.adapters.clock import now
from samdrift.adapters.dns import Question
from samdrift.adapters.dns_look import Look, QuestionSet
from samdrift.adapters.dns_questions import sets_for
from samdrift.adapters.dns_udp import source_for
from samdrift.adapters.dns_walk import NoAnswer, Walk, glue
from samdrift.adapters.limits import ZONE_SECONDS
from samdrift.model.dns import types
from samdrift.model.dns.names import ROOT, Name, is_within, parent
from samdrift.model.dns.observation import Host, ZoneObservation
from samdrift.model.dns.view import PUBLIC_FACTS, ViewFacts
from samdrift.model.finding import Reason

MOST_SERVERS = 64
"""Addresses of one zone that are looked at; a zone with more is cut off, not the run."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a zone is looked at: its view with the view's facts, the question sets to put (`zone` alone: SOA, NS and DNSKEY, and SOA over TCP).

    `servers` are asked beside those that the delegation shows; with `undelegated` they stand for the delegation and the parent is not asked (D4).
    """

    view: str = "public"
    facts: ViewFacts = PUBLIC_FACTS
    needs: frozenset[str] = frozenset()
    servers: tuple[Host, ...] = ()
    undelegated: bool = False
    parent_only: bool = False
    """Ask the parent and the zones above alone, nobody of the zone itself (D13)."""


USUAL_WAY = Way()


async def look_at_zone(walk: Walk, zone: Name, way: Way = USUAL_WAY, *, limit_seconds: float = ZONE_SECONDS) -> ZoneObservation:
    """What is there to see of a zone within its time; cut short at the limit, never raising."""
    started, look, stopped = now(), Look(walk, zone), None
    sets = sets_for(way.needs)
    try:
        async with asyncio.timeout(max(0, limit_seconds)):
            await _run(look, way, sets)
    except TimeoutError:
        stopped = Reason.DEADLINE
    hosts = tuple(Host(name, tuple(held), look.unknown.get(name, {})) for name, held in sorted(look.hosts.items()))
    return ZoneObservation(
        zone, way.view, started, now(), look.parent, tuple(look.exchanges), hosts, dict(walk.asker.last_answer), parent_asked=not way.undelegated and zone != ROOT,
        stopped=stopped, given=way.servers if way.undelegated else (), asked=frozenset(one.id for one in sets), facts=way.facts,
        sources={one: source for one in sorted(look.tried) if (source := source_for(one))} if "zone.transfer" in way.needs and way.facts.transfer_from else {},
    )  # fmt: skip


async def _run(look: Look, way: Way, sets: Iterable[QuestionSet]) -> None:
    for host in way.servers:
        look.hold(host.name, host.addresses)
    if way.undelegated:
        await _parent_s_name(look)
    else:
        await _at_parent(look)
    if way.parent_only:
        look.hosts.clear()
    await _outside_hosts(look)
    while True:
        waiting = [one for held in look.hosts.values() for one in held if one not in look.tried][: MOST_SERVERS - len(look.tried)]
        if not waiting:
            break
        look.tried.update(waiting)
        await asyncio.gather(*(_at_address(look, one, sets) for one in waiting))
        await _own_hosts(look)
        await _outside_hosts(look)
    for one in sets:
        if one.then is not None:
            await one.then(look)


# -- the parent
async def _parent_s_name(look: Look) -> None:
    """Which zone would delegate this one; nobody is asked about the zone itself."""
    try:
        look.parent = (await look.walk.cut(parent(look.zone))).zone if look.zone != ROOT else None
    except NoAnswer as error:
        look.parent = error.zone


async def _at_parent(look: Look) -> None:
    if look.zone == ROOT:
        for host in look.walk.roots:
            look.hold(host.name, host.addresses)
        return
    try:
        upper = await look.walk.cut(parent(look.zone))
        addresses = await look.walk.addresses(upper)
    except NoAnswer as error:
        look.parent = error.zone
        return
    look.parent = upper.zone
    await asyncio.gather(*(_at_parent_address(look, one) for one in addresses))


async def _at_parent_address(look: Look, one: str) -> None:
    message = await look.ask("parent", one, Question(look.zone, types.NS))
    if message is None:
        return
    names = [record.data for record in (*message.rrset(look.zone, types.NS), *message.delegation(look.zone, types.NS))]
    held = glue(message, names, look.parent or ROOT)
    for name in names:
        look.hold(name, held.get(name, ()) if is_within(name, look.zone) else ())
    told = {record.type for record in message.authority}
    if message.authoritative or not told & {types.DS, types.NSEC, types.NSEC3}:
        await look.ask("parent", one, Question(look.zone, types.DS))


# -- the zone's servers
async def _outside_hosts(look: Look) -> None:
    """Names of servers that lie outside the zone are looked up like any other name."""
    names = [name for name in look.hosts if not is_within(name, look.zone) and name not in look.unknown]
    for host in await asyncio.gather(*(look.walk.host(name) for name in names)):
        look.hold(host.name, host.addresses)
        look.unknown[host.name] = dict(host.unknown)
        look.keep(look.walk.told(host.name))


async def _at_address(look: Look, one: str, sets: Iterable[QuestionSet]) -> None:
    over_tcp = [Question(look.zone, rtype) for rtype in dict.fromkeys((types.SOA, *(each for held in sets for each in held.tcp)))]
    await asyncio.gather(look.ask("child", one, Question(look.zone, types.SOA)), look.ask_tcp(one, over_tcp))
    if look.walk.asker.is_silent(one):
        return
    apex = dict.fromkeys((types.NS, types.DNSKEY, *(each for held in sets for each in held.apex)))
    await asyncio.gather(
        *(look.ask("child", one, Question(look.zone, rtype)) for rtype in apex),
        *(look.ask("child", one, question) for held in sets for question in held.at_address(look, one)),
        *(_once(look, one, question) for held in sets for question in held.once),
    )
    there = look.apex_types(one)
    perhaps = dict.fromkeys(each for held in sets for each in held.if_there)
    await asyncio.gather(*(look.ask("child", one, Question(look.zone, rtype)) for rtype in perhaps if there is None or rtype in there))


async def _once(look: Look, one: str, question: Question) -> None:
    look.keep(await look.walk.once(one, question))


async def _own_hosts(look: Look) -> None:
    """Names that the zone itself gives, and the addresses that it has for those inside it, from the first that answers with authority."""
    speaking = None
    for each in look.exchanges:
        message = each.whole if each.side == "child" and each.type == types.NS and each.name == look.zone else None
        if message is not None and message.authoritative and message.rrset(look.zone, types.NS):
            speaking = speaking or each.address
            for record in message.rrset(look.zone, types.NS):
                look.hold(record.data, ())
    if speaking is not None:
        await look.inside_hosts(speaking)
