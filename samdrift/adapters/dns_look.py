"""DNS look: one zone being looked at, and the question sets by which checks say what they want asked (dns.md 2)."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field

from samdrift.adapters.dns import Question
from samdrift.adapters.dns_walk import TYPE_OF, Walk
from samdrift.model.dns import types
from samdrift.model.dns.denial import types_at_apex
from samdrift.model.dns.message import Message
from samdrift.model.dns.names import Name, is_within
from samdrift.model.dns.observation import Exchange, Family, Side
from samdrift.model.dns.probe import probe_name
from samdrift.model.dns.records import address as address_of
from samdrift.model.finding import Reason


@dataclass(slots=True)
class Look:
    """One zone being looked at: what was exchanged and which hosts were found, also when it is cut short.

    Question sets use `ask` (a server of the zone), `ask_tcp`, `resolve` (any name, by the tree) and `keep`; `probe` is a random name
    below the apex, the same at every address.
    """

    walk: Walk
    zone: Name
    exchanges: list[Exchange] = field(default_factory=list)
    hosts: dict[Name, dict[str, None]] = field(default_factory=dict)
    unknown: dict[Name, dict[Family, Reason]] = field(default_factory=dict)
    tried: set[str] = field(default_factory=set)
    parent: Name | None = None
    probe: Name = b""

    def __post_init__(self) -> None:
        self.probe = probe_name(self.zone, secrets.token_hex(4))

    # -- asking
    async def ask(self, side: Side, address: str, question: Question) -> Message | None:
        """A question over UDP (TCP when cut or lost), kept; its reply when it is whole."""
        found = await self.walk.asker.ask(side, address, *question)
        self.exchanges += found
        return found[-1].whole

    async def ask_each(self, asked: Iterable[tuple[str, Question]]) -> None:
        """Questions to servers of the zone, each to its address, side by side."""
        await asyncio.gather(*(self.ask("child", address, question) for address, question in asked))

    async def ask_tcp(self, address: str, questions: Sequence[Question]) -> None:
        """Questions to a server of the zone over one connection, kept."""
        if questions:
            self.exchanges += await self.walk.asker.ask_tcp("child", address, questions)

    async def resolve(self, name: Name, rtype: int) -> Message | None:
        """A name anywhere in the tree, aliases followed, kept with side `other`; the last whole reply."""
        found = await self.walk.resolve(name, rtype)
        self.keep(found)
        return found[-1].whole if found else None

    def keep(self, found: Iterable[Exchange]) -> None:
        """Exchanges that several zones share, each once in this zone's observation."""
        held = {id(one) for one in self.exchanges}
        self.exchanges += [one for one in found if id(one) not in held]

    # -- what is known
    def hold(self, name: Name, addresses: Iterable[str]) -> None:
        """A server's name and addresses that it has."""
        self.hosts.setdefault(name, {}).update(dict.fromkeys(addresses))

    @property
    def inside(self) -> tuple[Name, ...]:
        """The servers whose names lie within the zone."""
        return tuple(name for name in self.hosts if is_within(name, self.zone))

    @property
    def answering(self) -> tuple[str, ...]:
        """Addresses of the zone's servers that answer at all, in their written order."""
        return tuple(sorted(one for one in self.tried if self.walk.asker.is_alive(one) and not self.walk.asker.is_silent(one)))

    def told(self, name: Name, rtype: int) -> list[Message]:
        """What each of the zone's servers said with authority of a name."""
        held = {each.address: each.whole for each in self.exchanges if (each.side, each.name, each.type) == ("child", name, rtype) and each.usual}
        return [one for one in held.values() if one is not None and one.authoritative and one.rcode in {0, 3}]

    def apex_types(self, address: str) -> frozenset[int] | None:
        """The types at the apex by the server's own denial of one that nobody uses; None when it was not asked or shows none."""
        told = [each.whole for each in self.exchanges if (each.side, each.address, each.name, each.type) == ("child", address, self.zone, types.UNUSED) and each.usual]
        return types_at_apex(self.zone, told[-1]) if told and told[-1] is not None else None

    async def inside_hosts(self, speaking: str) -> None:
        """The addresses that the zone itself has for its own servers: what most of its servers say that were asked, else one that speaks."""
        for name in [one for one in self.inside if one not in self.unknown]:
            self.unknown[name] = {}
            await self.ask_each((speaking, Question(name, rtype)) for rtype in TYPE_OF.values() if not self.told(name, rtype))
            for family, rtype in TYPE_OF.items():
                replies = self.told(name, rtype)
                if not replies:
                    self.unknown[name][family] = Reason.NO_DATA
                given = Counter(text for one in replies for text in {address_of(record) for record in one.rrset(name, rtype)} if text is not None)
                self.hold(name, sorted(text for text, count in given.items() if 2 * count >= len(replies)))


def _nothing(_look: Look, _address: str) -> tuple[Question, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions that a check asks for by naming `id` in its `needs`, beside `zone`: `needs=("zone", "zone.denial")`.

    `apex` and `tcp`: types asked of the apex at every address, over UDP and over TCP (there on one connection, in this order). `if_there`: types asked
    of the apex unless the server's own denial at the apex, if one was asked for, shows that it has none: of a signed zone a quarter of the questions.
    `at_address`: further questions for every address that answers. `once`: questions about a server, put to an address once a run
    whatever the zone. `then`: awaited once a zone, when its servers are known and asked.
    """

    id: str
    what: str
    apex: tuple[int, ...] = ()
    tcp: tuple[int, ...] = ()
    if_there: tuple[int, ...] = ()
    at_address: Callable[[Look, str], Iterable[Question]] = _nothing
    once: tuple[Question, ...] = ()
    then: Callable[[Look], Awaitable[None]] | None = None
