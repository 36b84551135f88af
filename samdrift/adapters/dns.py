"""DNS: asks name servers over UDP and TCP, gently and bounded; a silent address costs once (dns.md D6, D7)."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Self

from samdrift.adapters.clock import CALLS, now, tell_call
from samdrift.adapters.dns_tcp import talk
from samdrift.adapters.dns_udp import PORT, Question, UdpLink
from samdrift.adapters.limits import NETWORK
from samdrift.model.dns import types
from samdrift.model.dns.message import TC, Variant
from samdrift.model.dns.names import Name
from samdrift.model.dns.observation import FAMILIES, Exchange, Family, Side, Transport, family_of
from samdrift.model.finding import Reason

__all__ = ["PORT", "RATE_PER_S", "Asker", "Question"]
RATE_PER_S, BURST = 50.0, 20.0
"""Queries to one address (D7)."""
WORKERS = 16
"""TCP connections at a time."""
FIRST_TCP_S = NETWORK["dns"].total_s - NETWORK["dns"].read_s
"""A connection with its questions; the rest of the total is kept for one more try at the end of the run."""
EDNS_AGAIN = 2
"""Tries with EDNS at an address that was silent to it and answers without: one that only loses packets must not be taken for one that knows no EDNS."""
ATTEMPTS = NETWORK["dns"].attempts
LOST_TYPES = 2
"""Types of question that must be lost before an address that answered counts as dead: one alone may be dropped there on purpose (RFC 4074)."""
SHUT_TIMES = 2
"""Connections in a row that do not come about, after which an address that took some counts as closed."""
VANTAGE_TARGETS = 3
"""Addresses a family that are asked once more at the end, to know whether its silences are the others' or our own (D5)."""
_APEX = Question(b"\0", types.SOA)


@dataclass(slots=True)
class _Address:
    """What this run knows of one address; `silent` holds why UDP to it is given up, `closed` the same for TCP, `edns` whether it takes EDNS,
    `knows_edns` that it has answered with it, `drops` the types that it answers over neither;
    `lost` the types whose questions were not answered since it was last `heard` (loop time), `shut` the
    connections refused or lost since one stood.

    While nothing is known of it, one question goes alone (`first`, `first_tcp`) and the others wait for what becomes of it.
    """

    tokens: float = BURST
    refilled: float = 0.0
    alive: bool = False
    edns: bool = True
    knows_edns: bool = False
    first: asyncio.Future[None] | None = None
    opens: bool = False
    first_tcp: asyncio.Future[None] | None = None
    silent: tuple[Reason, datetime] | None = None
    closed: tuple[Reason, datetime] | None = None
    question: Question = _APEX
    drops: set[int] = field(default_factory=set)
    heard: float = 0.0
    lost: set[int] = field(default_factory=set)
    shut: int = 0


@dataclass(slots=True)
class Asker:
    """Asks within one event loop and one run: `async with Asker() as asker: await asker.ask(…)`.

    `last_answer` says per family when something answered last; `queries` counts what was sent.
    """

    rate_per_s: float = RATE_PER_S
    last_answer: dict[Family, datetime] = field(default_factory=dict)
    _sent_tcp: int = 0
    _udp: UdpLink = field(default_factory=UdpLink)
    _known: dict[str, _Address] = field(default_factory=dict)
    _workers: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(WORKERS))

    async def __aenter__(self) -> Self:
        self._udp.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._udp.close()

    @property
    def queries(self) -> int:
        """What was sent so far."""
        return self._udp.sent + self._sent_tcp

    # -- asking
    async def ask(self, side: Side, address: str, name: Name, rtype: int, variant: Variant = "edns") -> tuple[Exchange, ...]:
        """The question over UDP, and over TCP when the reply is cut or lost; the last exchange is what counts. Never raises."""
        known = self._of(address)
        question = Question(name, rtype, variant)
        while not known.alive and known.silent is None:
            if known.first is None:
                return await self._first(known, side, address, question)
            await asyncio.shield(known.first)  # a waiter that is cancelled must not cancel it for the others
        if known.silent is not None:
            why, at = known.silent
            over_udp = Exchange(side, address, "udp", name, rtype, at, error=why, variant=variant)
            return (over_udp, *(await self.ask_tcp(side, address, (question,)))) if known.opens else (over_udp,)
        return await self._full(known, side, address, question)

    async def _first(self, known: _Address, side: Side, address: str, question: Question) -> tuple[Exchange, ...]:
        """The first question to an address goes alone, with one try less: the last one is kept for the end of the run."""
        known.first = asyncio.get_running_loop().create_future()
        try:
            found = await self._full(known, side, address, question)
            if not known.alive:
                known.silent = (found[0].error or Reason.TIMEOUT, found[0].at)
            return found
        finally:
            if not known.first.done():
                known.first.set_result(None)
            known.first = None

    async def _full(self, known: _Address, side: Side, address: str, question: Question) -> tuple[Exchange, ...]:
        usual = question.variant == "edns"
        if usual:
            known.question = question
        began = time.monotonic()
        over_udp = await self._over_udp(known, side, address, question, ATTEMPTS - 1)
        if CALLS.isEnabledFor(logging.DEBUG):
            tell_call(f"dns {address} {over_udp.asked}", str(over_udp.error or "answered"), began)
        if usual and over_udp.error is Reason.TIMEOUT and known.alive:
            return await self._lost(known, side, address, question, over_udp)
        if not usual or not _is_cut(over_udp):
            return (over_udp,)
        return (over_udp, *(await self.ask_tcp(side, address, (question,))))

    async def _lost(self, known: _Address, side: Side, address: str, question: Question, over_udp: Exchange) -> tuple[Exchange, ...]:
        """A question that got lost at an address that answers others: the last try, and TCP beside it. A type that is dropped over both is not tried so again."""
        if question.type in known.drops or known.silent is not None:
            return (over_udp,)
        last, (over_tcp,) = await asyncio.gather(self._over_udp(known, side, address, question, 1), self.ask_tcp(side, address, (question,)))
        if last.reply is not None:
            return (last, over_tcp) if _is_cut(last) else (last,)
        if over_tcp.error is not None:
            known.drops.add(question.type)
            return over_tcp, over_udp
        return over_udp, over_tcp

    async def _over_udp(self, known: _Address, side: Side, address: str, question: Question, tries: int) -> Exchange:
        """Some tries. A usual question is put without EDNS where nothing answers with it; its variant then says so."""
        if question.variant != "edns":
            return await self._tries(known, side, address, question, tries if known.edns else 1)
        tries = 1 if question.type in known.drops else tries
        plain = _plain(question)
        if not known.edns:
            return await self._tries(known, side, address, plain, tries)
        first = not known.alive
        found = await self._tries(known, side, address, question, 1 if first else tries)
        if _before_edns(found):
            known.edns = known.knows_edns
            return await self._tries(known, side, address, plain, tries)
        if not first or found.error is not Reason.TIMEOUT:
            return found
        without = await self._tries(known, side, address, plain, tries - 1)
        if without.reply is None:
            return replace(found, at=without.at) if without.error is Reason.TIMEOUT else without
        again = await self._tries(known, side, address, question, EDNS_AGAIN)
        known.edns = again.reply is not None
        return again if known.edns else without

    async def _tries(self, known: _Address, side: Side, address: str, question: Question, tries: int) -> Exchange:
        loop, at = asyncio.get_running_loop(), now()
        name, rtype, variant = question
        for _ in range(tries):
            await self._may_send(known)
            at, began = now(), loop.time()
            reply = await self._udp.ask(address, question)
            if reply is None:
                continue
            took = int((loop.time() - began) * 1_000_000)
            if isinstance(reply, Reason):
                return Exchange(side, address, "udp", name, rtype, at, took, error=reply, variant=variant)
            self._answered(known, address)
            known.knows_edns = known.knows_edns or (variant == "edns" and reply[10:12] != b"\0\0" and not _is_formerr(reply))
            return Exchange(side, address, "udp", name, rtype, at, took, reply, variant=variant)
        known.lost.add(rtype)
        if known.alive and len(known.lost) >= LOST_TYPES and loop.time() - known.heard >= ATTEMPTS * NETWORK["dns"].read_s:
            known.alive, known.silent = False, (Reason.TIMEOUT, at)  # it answered before, and has died since
        return Exchange(side, address, "udp", name, rtype, at, error=Reason.TIMEOUT, variant=variant)

    async def ask_tcp(self, side: Side, address: str, questions: Sequence[Question]) -> tuple[Exchange, ...]:
        """The questions over one TCP connection, one exchange each. Never raises."""
        known = self._of(address)
        while not known.opens and known.closed is None and known.first_tcp is not None:
            await asyncio.shield(known.first_tcp)
        if known.closed is not None:
            why, at = known.closed
            return tuple(Exchange(side, address, "tcp", each.name, each.type, at, error=why, variant=each.variant) for each in questions)
        first = known.first_tcp = None if known.opens else asyncio.get_running_loop().create_future()
        try:
            return await self._ask_tcp(known, side, address, questions)
        finally:
            if first is not None and not first.done():
                first.set_result(None)
                known.first_tcp = None

    async def _ask_tcp(self, known: _Address, side: Side, address: str, questions: Sequence[Question]) -> tuple[Exchange, ...]:
        with_edns = known.edns
        found = await self._ask_as(known, side, address, questions if with_edns else [_plain(each) for each in questions])
        if with_edns and known.first is not None and found[0].error is Reason.STALLED:
            await asyncio.shield(known.first)
        if any(_before_edns(each) for each in found):
            known.edns = known.knows_edns
        elif not with_edns or known.edns or found[0].error is not Reason.STALLED:
            return found
        else:  # what UDP found out meanwhile: no question with EDNS gets through
            known.closed = None
        return await self._ask_as(known, side, address, [_plain(each) for each in questions])

    async def _ask_as(self, known: _Address, side: Side, address: str, questions: Sequence[Question]) -> tuple[Exchange, ...]:
        for _ in questions:
            await self._may_send(known)  # before a worker is taken: waiting for one address must not hold up the others
        async with self._workers:
            found, stood = await self._talk(known, address, questions)
        known.shut = 0 if stood else known.shut + 1
        known.opens = known.opens or any(isinstance(answer, bytes) for _, _, answer in found)
        gone = next(((answer, at + timedelta(microseconds=took)) for at, took, answer in found if isinstance(answer, Reason) and answer is not Reason.MALFORMED), None)
        if gone is not None and (not known.opens or known.shut >= SHUT_TIMES):
            known.opens, known.closed = False, gone
        return tuple(
            Exchange(side, address, "tcp", each.name, each.type, at, took, answer if isinstance(answer, bytes) else None, None if isinstance(answer, bytes) else answer, each.variant)
            for each, (at, took, answer) in zip(questions, found, strict=True)
        )  # fmt: skip

    async def _talk(self, known: _Address, address: str, questions: Sequence[Question], limit_s: float = FIRST_TCP_S) -> tuple[list[tuple[datetime, int, bytes | Reason]], bool]:
        """What was said of each question, and whether the connection stood."""
        found = await talk(address, questions, limit_s=limit_s)
        self._sent_tcp += found.sent
        if found.heard is not None:
            self._answered(known, address, "tcp", found.heard)
        return found.said, found.heard is not None

    # -- the run's memory
    def is_silent(self, address: str) -> bool:
        """Whether the address was given up in this run, over UDP and over TCP."""
        known = self._known.get(address)
        return known is not None and known.silent is not None and not known.opens

    def is_alive(self, address: str) -> bool:
        """Whether the address has answered in this run."""
        known = self._known.get(address)
        return known is not None and (known.alive or known.opens)

    def takes_edns(self, address: str) -> bool:
        """Whether questions with EDNS are answered there, as far as is known."""
        known = self._known.get(address)
        return known is None or known.edns

    async def recheck(self) -> frozenset[str]:
        """Ask every address that was given up once more, and each family's good ones; gives those that answer now after all."""
        silent = sorted(address for address, known in self._known.items() if known.silent or known.closed)
        good = [
            [address for address, known in sorted(self._known.items()) if known.alive and not known.silent and family_of(address) == family][:VANTAGE_TARGETS]
            for family in FAMILIES
        ]
        again = await asyncio.gather(*(self._again(address) for address in silent))
        await asyncio.gather(*(self._tries(self._known[a], "child", a, self._known[a].question, 1) for family in good for a in family))
        return frozenset(address for address, changed in zip(silent, again, strict=True) if changed)

    async def _again(self, address: str) -> bool:
        known = self._known[address]
        changed = False
        udp = self._tries(known, "child", address, known.question, 1) if known.silent else None
        tcp = self._talk(known, address, (known.question,), NETWORK["dns"].read_s) if known.closed else None
        answers: list[object] = await asyncio.gather(*(one for one in (udp, tcp) if one is not None))
        if udp is not None and known.alive:
            known.silent, changed = None, True
        if tcp is not None and isinstance(answers[-1], tuple) and isinstance(answers[-1][0][0][2], bytes):
            known.closed, changed = None, True
        return changed

    def _of(self, address: str) -> _Address:
        known = self._known.get(address)
        if known is None:
            known = self._known[address] = _Address(refilled=asyncio.get_running_loop().time())
        return known

    async def _may_send(self, known: _Address) -> None:
        """Wait for the address's turn: a bucket of `BURST` that fills at `rate_per_s`."""
        at = asyncio.get_running_loop().time()
        known.tokens = min(BURST, known.tokens + (at - known.refilled) * self.rate_per_s) - 1
        known.refilled = at
        if known.tokens < 0:
            await asyncio.sleep(-known.tokens / self.rate_per_s)

    def _answered(self, known: _Address, address: str, transport: Transport = "udp", at: datetime | None = None) -> None:
        """Something was heard from the address, now or at an instant: a connection that then fell silent proves nothing of what came after."""
        if transport == "udp":
            known.alive, known.heard = True, asyncio.get_running_loop().time()
            known.lost.clear()
        family, heard = family_of(address), at or now()
        self.last_answer[family] = max(heard, self.last_answer.get(family, heard))


def _plain(question: Question) -> Question:
    """A usual question put without EDNS; others as they are."""
    return question._replace(variant="plain") if question.variant == "edns" else question


def _is_cut(exchange: Exchange) -> bool:
    """Whether a reply only says "over TCP"."""
    return exchange.reply is not None and bool(exchange.reply[2] & (TC >> 8))


def _before_edns(exchange: Exchange) -> bool:
    """Whether a usual question was answered as by a server from before EDNS: FORMERR and no OPT (RFC 6891 7)."""
    reply = exchange.reply
    return exchange.variant == "edns" and reply is not None and _is_formerr(reply) and reply[10:12] == b"\0\0"


def _is_formerr(reply: bytes) -> bool:
    return reply[3] & 0x0F == types.FORMERR
