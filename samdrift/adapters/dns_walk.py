"""DNS walk: finds zone cuts, name servers and their addresses from given roots down, never by the system's resolver (dns.md D3)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from samdrift.adapters.dns import Asker, Question
from samdrift.adapters.limits import NETWORK
from samdrift.model.dns import types
from samdrift.model.dns.message import Message, Record
from samdrift.model.dns.names import ROOT, Name, is_within, parent, to_text
from samdrift.model.dns.observation import FAMILIES, Exchange, Family, Host
from samdrift.model.dns.records import address
from samdrift.model.finding import Reason

T = TypeVar("T")
MAX_PATH = 8
"""Names that may wait for one another's addresses."""
MAX_ALIASES = 16
MAX_REFERRALS = 12
MAX_AT_ONCE = 4
TYPE_OF: Mapping[Family, int] = {"ipv4": types.A, "ipv6": types.AAAA}
LIMIT = NETWORK["dns"]


class NoAnswer(Exception):
    """No server of a zone on the way gave a usable answer."""

    def __init__(self, zone: Name, reason: Reason) -> None:
        super().__init__(f"no server of {to_text(zone)} answers ({reason})")
        self.zone, self.reason = zone, reason


@dataclass(frozen=True, slots=True)
class Cut:
    """A zone on the way down, with its servers as its parent names them; a host without addresses is looked up when needed."""

    zone: Name
    servers: tuple[Host, ...]


@dataclass(slots=True)
class Walk:
    """One run's knowledge of the tree, begun at `roots`. What several zones need is found out once."""

    asker: Asker
    roots: tuple[Host, ...]
    _cuts: dict[Name, Cut | NoAnswer] = field(default_factory=dict)
    _hosts: dict[Name, Host] = field(default_factory=dict)
    _running: dict[tuple[str, Name], asyncio.Future[Any]] = field(default_factory=dict)
    _hops: dict[Name, int] = field(default_factory=dict)
    _told: dict[Name, tuple[Exchange, ...]] = field(default_factory=dict)
    _asked: dict[tuple[str, Hashable], asyncio.Future[tuple[Exchange, ...]]] = field(default_factory=dict)

    async def cut(self, name: Name, path: frozenset[Name] = frozenset()) -> Cut:
        """The deepest zone at or above a name; NoAnswer when the way down is broken."""
        if name == ROOT:
            return Cut(ROOT, self.roots)
        known = self._cuts.get(name)
        if known is None:
            known = await self._once("cut", name, path, self._find_cut)
        if isinstance(known, NoAnswer):
            raise known
        return known

    async def _find_cut(self, name: Name, path: frozenset[Name]) -> Cut | NoAnswer:
        found: Cut | NoAnswer
        try:
            upper = await self.cut(parent(name), path)
            addresses = await self.addresses(upper, path)
            reply = await self.ask_any(addresses, name, types.NS)
            found = upper if reply is None else _cut_in(reply, name, upper)
            if reply is None:
                found = NoAnswer(upper.zone, Reason.TIMEOUT if addresses else Reason.NO_WORKING_SERVER)
        except NoAnswer as error:
            found = error
        if not path or isinstance(found, Cut):
            self._cuts[name] = found
        return found

    async def host(self, name: Name, path: frozenset[Name] = frozenset()) -> Host:
        """A host's addresses of both families, by following the tree and its aliases; what could not be found out says why."""
        known = self._hosts.get(name)
        if known is not None:
            return known
        if name in path or len(path) >= MAX_PATH:
            return Host(name, (), dict.fromkeys(FAMILIES, Reason.TOO_COSTLY))
        return await self._once("host", name, path, self._find_host)

    async def _find_host(self, name: Name, path: frozenset[Name]) -> Host:
        try:
            upper = await self.cut(name, path | {name})
            addresses = await self.addresses(upper, path | {name})
        except NoAnswer as error:
            found = Host(name, (), dict.fromkeys(FAMILIES, error.reason))
        else:
            told = await asyncio.gather(*(self.ask_some(addresses, name, TYPE_OF[family]) for family in FAMILIES))
            self._told[name] = tuple(each for exchanges in told for each in exchanges)
            found = await self._read_host(name, {family: usable(one) if one else None for family, one in zip(FAMILIES, told, strict=True)}, path)
        if not path or not found.unknown:
            self._hosts[name] = found
        return found

    def told(self, name: Name) -> tuple[Exchange, ...]:
        """What the servers of a host's zone said when it was looked up, and those of its aliases."""
        found, met = list(self._told.get(name, ())), {name}
        for each in found:
            reply = each.whole
            target = name if reply is None else _alias_end(reply, each.name)
            if target not in met:
                met.add(target)
                found += self._told.get(target, ())
        return tuple(found)

    async def _read_host(self, name: Name, replies: Mapping[Family, Message | None], path: frozenset[Name]) -> Host:
        found: list[str] = []
        unknown: dict[Family, Reason] = {}
        others: dict[Name, Host] = {}  # both families lead to one name as a rule: looking twice would double the work at each step of a chain
        for family, reply in replies.items():
            if reply is None:
                unknown[family] = Reason.NO_WORKING_SERVER
                continue
            target, hops = _alias_chain(reply, name)
            if hops >= MAX_ALIASES:
                unknown[family] = Reason.TOO_COSTLY
                continue
            held = [text for record in reply.rrset(target, TYPE_OF[family]) if (text := address(record))]
            if not held and target != name:
                other = others[target] = others.get(target) or await self.host(target, path | {name})
                held = list(other.of(family))
                unknown.update({one: why for one, why in other.unknown.items() if one == family})
                hops += self._hops.get(target, 0)
                if hops >= MAX_ALIASES:
                    held, unknown[family] = [], Reason.TOO_COSTLY
            self._hops[name] = max(hops, self._hops.get(name, 0))
            found += held
        return Host(name, tuple(dict.fromkeys(found)), unknown)

    async def addresses(self, cut: Cut, path: frozenset[Name] = frozenset()) -> tuple[str, ...]:
        """All addresses of a zone's servers; those without glue are looked up."""
        bare = [host.name for host in cut.servers if not host.addresses]
        looked_up = dict(zip(bare, await asyncio.gather(*(self.host(name, path) for name in bare)), strict=True))
        hosts = [host if host.addresses else looked_up[host.name] for host in cut.servers]
        return tuple(dict.fromkeys(one for host in hosts for one in host.addresses))

    async def ask_any(self, addresses: Sequence[str], name: Name, rtype: int) -> Message | None:
        """The first usable reply of several servers; see `ask_some`."""
        told = await self.ask_some(addresses, name, rtype)
        return usable(told) if told else None

    async def ask_some(self, addresses: Sequence[str], name: Name, rtype: int) -> tuple[Exchange, ...]:
        """The exchanges that led to the first usable reply, else the last ones: those known to answer are asked one by one, then the others some at a time."""
        last: tuple[Exchange, ...] = ()
        good = [one for one in addresses if self.asker.is_alive(one) and not self.asker.is_silent(one)]
        for one in good:
            last = await self.asker.ask("other", one, name, rtype)
            if usable(last) is not None:
                return last
        rest = [one for one in addresses if one not in good and not self.asker.is_silent(one)]
        for start in range(0, len(rest), MAX_AT_ONCE):
            asked = [asyncio.ensure_future(self.asker.ask("other", one, name, rtype)) for one in rest[start : start + MAX_AT_ONCE]]
            for done in asyncio.as_completed(asked):
                last = await done
                if usable(last) is not None:
                    return last
        return last

    async def resolve(self, name: Name, rtype: int) -> tuple[Exchange, ...]:
        """A name anywhere in the tree: the exchanges with the servers of its zone, aliases followed; found out once a run.

        The last exchange holds the answer, or why there is none; with more than `MAX_ALIASES` aliases, or a loop, the last one still shows
        an alias. Nothing when no server on the way down answers.
        """
        return await self._shared("resolve", (name, rtype), lambda: self._resolve(name, rtype))

    async def _resolve(self, name: Name, rtype: int) -> tuple[Exchange, ...]:
        found: list[Exchange] = []
        met: set[Name] = set()
        while name not in met and len(met) <= MAX_ALIASES:
            met.add(name)
            try:
                if rtype == types.PTR or (name[1:2] == b"_" and rtype != types.DS):
                    told = await self._descend(name, rtype)
                else:
                    upper = await self.cut(name if rtype != types.DS or name == ROOT else parent(name))
                    told = await self.ask_some(await self.addresses(upper), name, rtype)
            except NoAnswer:
                break
            found += told
            reply = usable(told) if told else None
            if reply is None or reply.rrset(name, rtype):
                break
            target = _alias_end(reply, name)
            if target == name or reply.rrset(target, rtype):
                break
            name = target
        return tuple(found)

    async def _descend(self, name: Name, rtype: int) -> tuple[Exchange, ...]:
        """The whole name asked from the deepest zone known, following referrals: a reverse name has up to 34 labels, most of them no zone, and labels with an underscore (RFC 8552) seldom are one."""
        at = parent(name)
        while at != ROOT and not isinstance(self._cuts.get(at), Cut):
            at = parent(at)
        held = self._cuts.get(at)
        here = held if isinstance(held, Cut) else Cut(ROOT, self.roots)
        told: tuple[Exchange, ...] = ()
        for _ in range(MAX_REFERRALS):
            told = await self.ask_some(await self.addresses(here), name, rtype)
            reply = usable(told) if told else None
            below = {record.owner for record in reply.authority if record.type == types.NS and record.owner != here.zone and is_within(record.owner, here.zone) and is_within(name, record.owner)} if reply is not None and not reply.authoritative else set()
            if reply is None or len(below) != 1:
                break
            here = _cut_in(reply, below.pop(), here)
            self._cuts[here.zone] = here
        return told

    async def chain(self, zone: Name) -> tuple[Exchange, ...]:
        """The DNSKEY and DS of every zone above a zone's own, from the root down; each found out once a run, from one server that answers."""
        found: list[Exchange] = []
        at = zone
        while True:
            try:
                cut = await self.cut(at)
            except NoAnswer:
                return tuple(found)
            questions = (types.DNSKEY,) if cut.zone == ROOT else (types.DS, types.DNSKEY)
            found = [one for rtype in questions for one in await self.resolve(cut.zone, rtype)] + found
            if cut.zone == ROOT:
                return tuple(found)
            at = parent(cut.zone)

    async def once(self, address: str, question: Question) -> tuple[Exchange, ...]:
        """A question about a server rather than a zone, put to an address once a run; side `child`."""
        return await self._shared("once", (address, question), lambda: self.asker.ask("child", address, *question))

    async def _shared(self, kind: str, key: Hashable, find: Callable[[], Awaitable[tuple[Exchange, ...]]]) -> tuple[Exchange, ...]:
        """What several zones ask for alike is asked once; a waiter that is cancelled does not cancel it for the others."""
        task = self._asked.get((kind, key))
        if task is None:
            task = self._asked[kind, key] = asyncio.ensure_future(find())
        return await asyncio.shield(task)

    async def _once(self, kind: str, name: Name, path: frozenset[Name], find: Callable[[Name, frozenset[Name]], Awaitable[T]]) -> T:
        """Those who ask from the top share one search; a search inside another goes its own way, so that none waits in a circle."""
        if path:
            return await find(name, path)
        key = (kind, name)
        running = self._running.get(key)
        if running is None:
            running = self._running[key] = asyncio.ensure_future(find(name, path))
            running.add_done_callback(lambda _: self._running.pop(key, None))
        found: T = await asyncio.shield(running)
        return found


def usable(exchanges: Iterable[Exchange]) -> Message | None:
    """The last exchange's message when it says something about the name: no error, no refusal."""
    *_, last = exchanges
    message = last.message
    return message if message is not None and message.rcode in {types.NOERROR, types.NXDOMAIN} else None


def referred(message: Message, zone: Name) -> tuple[Record, ...]:
    """The NS records of `zone` in a reply: its own answer, else the referral's authority section."""
    return message.rrset(zone, types.NS) or message.delegation(zone, types.NS)


def glue(message: Message, names: Iterable[Name], within: Name) -> dict[Name, tuple[str, ...]]:
    """Addresses in the additional section for server names that lie within the zone asked; others' are not believed."""
    wanted = {name for name in names if is_within(name, within)}
    found: dict[Name, list[str]] = {}
    for record in message.additional:
        text = address(record) if record.owner in wanted else None
        if text is not None:
            found.setdefault(record.owner, []).append(text)
    return {name: tuple(dict.fromkeys(held)) for name, held in found.items()}


def _cut_in(message: Message, name: Name, upper: Cut) -> Cut:
    names = [record.data for record in referred(message, name)]
    if not names:
        return upper
    held = glue(message, names, upper.zone)
    return Cut(name, tuple(Host(one, held.get(one, ())) for one in dict.fromkeys(names)))


def _alias_end(message: Message, name: Name) -> Name:
    """Where a chain of CNAME within one reply ends; a chain over `MAX_ALIASES` ends where it is."""
    return _alias_chain(message, name)[0]


def _alias_chain(message: Message, name: Name) -> tuple[Name, int]:
    """Where a chain of CNAME within one reply ends, and how many aliases there are (at most `MAX_ALIASES`)."""
    for hops in range(MAX_ALIASES):
        alias = message.rrset(name, types.CNAME)
        if not alias:
            return name, hops
        name = alias[0].data
    return name, MAX_ALIASES
