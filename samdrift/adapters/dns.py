"""DNS: asks name servers over one UDP socket a family, and over TCP, gently and bounded; a silent address costs once (dns.md D6, D7)."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
import struct
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from samdrift.adapters.clock import now, tell_call
from samdrift.adapters.limits import NETWORK
from samdrift.model.dns import types
from samdrift.model.dns.message import TC, answers_question, make_query
from samdrift.model.dns.names import Name, to_text
from samdrift.model.dns.observation import FAMILIES, Exchange, Family, Side, Transport, family_of
from samdrift.model.finding import Reason

PORT = 53
LARGEST = 65_535
RATE_PER_S, BURST = 50.0, 20.0
"""Queries to one address (D7)."""
WORKERS = 16
"""TCP connections at a time."""
VANTAGE_TARGETS = 3
"""Addresses a family that are asked once more at the end, to know whether its silences are the others' or our own (D5)."""
_ERRORS = {errno.ECONNREFUSED: Reason.REFUSED, errno.ETIMEDOUT: Reason.TIMEOUT}
_FAMILY_NUMBER = {"ipv4": socket.AF_INET, "ipv6": socket.AF_INET6}
_LEVEL = {"ipv4": (socket.IPPROTO_IP, 11), "ipv6": (socket.IPPROTO_IPV6, 25)}
"""IP_RECVERR and IPV6_RECVERR: a port that is closed says so at once instead of after a time-out (Linux, ip(7))."""


@dataclass(slots=True)
class _Address:
    """What this run knows of one address; `silent` holds why UDP to it is given up, `closed` the same for TCP.

    While nothing is known of it, one question goes alone (`first`, `first_tcp`) and the others wait for what becomes of it.
    """

    tokens: float = BURST
    refilled: float = 0.0
    alive: bool = False
    first: asyncio.Future[None] | None = None
    opens: bool = False
    first_tcp: asyncio.Future[None] | None = None
    silent: tuple[Reason, datetime] | None = None
    closed: tuple[Reason, datetime] | None = None
    question: tuple[Name, int] = (b"\0", types.SOA)


@dataclass(slots=True)
class _Waiting:
    future: asyncio.Future[bytes | Reason | None]
    name: Name
    rtype: int


@dataclass(slots=True)
class Asker:
    """Asks within one event loop and one run: `async with Asker() as asker: await asker.ask(…)`.

    `last_answer` says per family when something answered last; `queries` counts what was sent.
    """

    rate_per_s: float = RATE_PER_S
    queries: int = 0
    last_answer: dict[Family, datetime] = field(default_factory=dict)
    _sockets: dict[Family, socket.socket] = field(default_factory=dict)
    _waiting: dict[tuple[str, int], _Waiting] = field(default_factory=dict)
    _known: dict[str, _Address] = field(default_factory=dict)
    _workers: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(WORKERS))

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        for family in FAMILIES:
            with contextlib.suppress(OSError):  # a machine without this family: every send then says so
                made = socket.socket(_FAMILY_NUMBER[family], socket.SOCK_DGRAM)
                made.setblocking(False)
                made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * 2**20)
                with contextlib.suppress(OSError):
                    made.setsockopt(*_LEVEL[family], 1)
                if family == "ipv6":
                    made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                self._sockets[family] = made
                loop.add_reader(made, self._readable, made)
        return self

    async def __aexit__(self, *_: object) -> None:
        loop = asyncio.get_running_loop()
        for made in self._sockets.values():
            loop.remove_reader(made)
            made.close()
        self._sockets.clear()

    # -- asking
    async def ask(self, side: Side, address: str, name: Name, rtype: int) -> tuple[Exchange, ...]:
        """The question over UDP, and over TCP when the reply is cut or lost; the last exchange is what counts. Never raises."""
        known = self._of(address)
        while not known.alive and known.silent is None:
            if known.first is None:
                return await self._first(known, side, address, name, rtype)
            await asyncio.shield(known.first)  # a waiter that is cancelled must not cancel it for the others
        if known.silent is not None:
            why, at = known.silent
            return (Exchange(side, address, "udp", name, rtype, at, error=why),)
        return await self._full(known, side, address, name, rtype, NETWORK["dns"].attempts)

    async def _first(self, known: _Address, side: Side, address: str, name: Name, rtype: int) -> tuple[Exchange, ...]:
        """The first question to an address goes alone, with one try less: the last one is kept for the end of the run."""
        known.first = asyncio.get_running_loop().create_future()
        try:
            found = await self._full(known, side, address, name, rtype, NETWORK["dns"].attempts - 1)
            if not known.alive:
                known.silent = (found[0].error or Reason.TIMEOUT, found[0].at)
            return found
        finally:
            if not known.first.done():
                known.first.set_result(None)
            known.first = None

    async def _full(self, known: _Address, side: Side, address: str, name: Name, rtype: int, tries: int) -> tuple[Exchange, ...]:
        known.question = (name, rtype)
        began = time.monotonic()
        over_udp = await self._over_udp(known, side, address, name, rtype, tries)
        tell_call(f"dns {address} {to_text(name)} {rtype}", str(over_udp.error or "answered"), began)
        cut = over_udp.reply is not None and over_udp.reply[2] & (TC >> 8)
        lost = over_udp.error is Reason.TIMEOUT and known.alive
        if not cut and not lost:
            return (over_udp,)
        over_tcp = await self.ask_tcp(side, address, name, rtype)
        return (over_udp, over_tcp) if cut or over_tcp.error is None else (over_tcp, over_udp)

    async def _over_udp(self, known: _Address, side: Side, address: str, name: Name, rtype: int, tries: int) -> Exchange:
        edns, error, at = True, Reason.TIMEOUT, now()
        for _ in range(tries):
            await self._may_send(known)
            at, began = now(), asyncio.get_running_loop().time()
            reply = await self._try(address, name, rtype, edns=edns)
            took = int((asyncio.get_running_loop().time() - began) * 1_000_000)
            if isinstance(reply, Reason):
                return Exchange(side, address, "udp", name, rtype, at, took, error=reply)
            if reply is None:
                error = Reason.TIMEOUT
                continue
            self._answered(known, address)
            if edns and reply[3] & 0x0F == types.FORMERR and reply[10:12] == b"\0\0":
                edns = False  # RFC 6891 7: a server from before EDNS
                continue
            return Exchange(side, address, "udp", name, rtype, at, took, reply)
        return Exchange(side, address, "udp", name, rtype, at, error=error)

    async def _try(self, address: str, name: Name, rtype: int, *, edns: bool) -> bytes | Reason | None:
        """One datagram and its reply with the id set to 0; a reason when it cannot be sent or is refused, None for silence."""
        link = self._sockets.get(family_of(address))
        if link is None:
            return Reason.UNREACHABLE
        loop = asyncio.get_running_loop()
        future: asyncio.Future[bytes | Reason | None] = loop.create_future()
        key = (address, int.from_bytes(os.urandom(2), "big"))
        while key in self._waiting:
            key = (address, int.from_bytes(os.urandom(2), "big"))
        self._waiting[key] = _Waiting(future, name, rtype)
        timer = loop.call_later(NETWORK["dns"].read_s, _give_up, future)
        try:
            self.queries += 1
            link.sendto(make_query(name, rtype, key[1], edns=edns), (address, PORT))
            return await future
        except OSError as error:
            return _ERRORS.get(error.errno or 0, Reason.UNREACHABLE)
        finally:
            timer.cancel()
            del self._waiting[key]

    async def ask_tcp(self, side: Side, address: str, name: Name, rtype: int) -> Exchange:
        """The question over TCP. Never raises."""
        known = self._of(address)
        while not known.opens and known.closed is None and known.first_tcp is not None:
            await asyncio.shield(known.first_tcp)
        if known.closed is not None:
            return Exchange(side, address, "tcp", name, rtype, known.closed[1], error=known.closed[0])
        first = known.first_tcp = None if known.opens else asyncio.get_running_loop().create_future()
        try:
            return await self._ask_tcp(known, side, address, name, rtype)
        finally:
            if first is not None and not first.done():
                first.set_result(None)
                known.first_tcp = None

    async def _ask_tcp(self, known: _Address, side: Side, address: str, name: Name, rtype: int) -> Exchange:
        async with self._workers:
            await self._may_send(known)
            at, began = now(), asyncio.get_running_loop().time()
            found = await self._try_tcp(known, address, name, rtype)
        known.opens = known.opens or isinstance(found, bytes)
        took = int((asyncio.get_running_loop().time() - began) * 1_000_000)
        if isinstance(found, Reason):
            if found is not Reason.MALFORMED:
                known.closed = (found, at)
            return Exchange(side, address, "tcp", name, rtype, at, took, error=found)
        return Exchange(side, address, "tcp", name, rtype, at, took, found)

    async def _try_tcp(self, known: _Address, address: str, name: Name, rtype: int, connect_s: float = NETWORK["dns"].connect_s) -> bytes | Reason:
        loop, limit = asyncio.get_running_loop(), NETWORK["dns"]
        received = bytearray()
        connected = False
        link = socket.socket(_FAMILY_NUMBER[family_of(address)], socket.SOCK_STREAM)
        link.setblocking(False)
        try:
            async with asyncio.timeout(limit.total_s):
                async with asyncio.timeout(connect_s):
                    await loop.sock_connect(link, (address, PORT))
                connected = True
                self._answered(known, address, over_udp=False)
                query = make_query(name, rtype, 0)
                self.queries += 1
                await loop.sock_sendall(link, struct.pack(">H", len(query)) + query)
                while len(received) < 2 or len(received) < 2 + int.from_bytes(received[:2], "big"):
                    part = await loop.sock_recv(link, LARGEST)
                    if not part:
                        return Reason.MALFORMED if received else Reason.REFUSED
                    received += part
        except TimeoutError:
            return Reason.STALLED if connected else Reason.TIMEOUT
        except OSError as error:
            return _ERRORS.get(error.errno or 0, Reason.UNREACHABLE) if not connected else Reason.REFUSED
        finally:
            link.close()
        reply = bytes(received[2 : 2 + int.from_bytes(received[:2], "big")])
        return reply if answers_question(reply, name, rtype) else Reason.MALFORMED

    # -- the run's memory
    def is_silent(self, address: str) -> bool:
        """Whether the address was given up in this run."""
        known = self._known.get(address)
        return known is not None and known.silent is not None

    def is_alive(self, address: str) -> bool:
        """Whether the address has answered in this run."""
        known = self._known.get(address)
        return known is not None and known.alive

    async def recheck(self) -> frozenset[str]:
        """Ask every address that was given up once more, and each family's good ones; gives those that answer now after all."""
        silent = sorted(address for address, known in self._known.items() if known.silent or known.closed)
        good = [
            [address for address, known in sorted(self._known.items()) if known.alive and not known.silent and family_of(address) == family][:VANTAGE_TARGETS]
            for family in FAMILIES
        ]
        again = await asyncio.gather(*(self._again(address) for address in silent))
        await asyncio.gather(*(self._over_udp(self._known[a], "child", a, *self._known[a].question, 1) for family in good for a in family))
        return frozenset(address for address, changed in zip(silent, again, strict=True) if changed)

    async def _again(self, address: str) -> bool:
        known = self._known[address]
        changed = False
        udp = self._over_udp(known, "child", address, *known.question, 1) if known.silent else None
        tcp = self._try_tcp(known, address, *known.question, connect_s=NETWORK["dns"].read_s) if known.closed else None
        answers = await asyncio.gather(*(one for one in (udp, tcp) if one is not None))
        if udp is not None and known.alive:
            known.silent, changed = None, True
        if tcp is not None and isinstance(answers[-1], bytes):
            known.closed, changed = None, True
        return changed

    def _of(self, address: str) -> _Address:
        known = self._known.get(address)
        if known is None:
            known = self._known[address] = _Address(refilled=asyncio.get_running_loop().time())
        return known

    async def _may_send(self, known: _Address) -> None:
        """Wait for the address's turn: a bucket of `BURST` that fills at `rate_per_s`."""
        loop = asyncio.get_running_loop()
        at = loop.time()
        known.tokens = min(BURST, known.tokens + (at - known.refilled) * self.rate_per_s) - 1
        known.refilled = at
        if known.tokens < 0:
            await asyncio.sleep(-known.tokens / self.rate_per_s)

    def _answered(self, known: _Address, address: str, *, over_udp: bool = True) -> None:
        if over_udp:
            known.alive = True
        self.last_answer[family_of(address)] = now()

    # -- the sockets
    def _readable(self, link: socket.socket) -> None:
        for _ in range(64):
            try:
                wire, (host, port, *_rest) = link.recvfrom(LARGEST)
            except BlockingIOError:
                return
            except OSError:
                self._read_errors(link)
                continue
            waiting = self._waiting.get((host, int.from_bytes(wire[:2], "big"))) if port == PORT else None
            if waiting is not None and not waiting.future.done() and answers_question(wire, waiting.name, waiting.rtype):
                waiting.future.set_result(b"\0\0" + wire[2:])

    def _read_errors(self, link: socket.socket) -> None:
        """ICMP's word about what we sent: the octets that came back name the question, the address says where it went."""
        for _ in range(64):
            try:
                wire, told, _flags, address = link.recvmsg(2048, 1024, socket.MSG_ERRQUEUE)
            except OSError:
                return
            number = next((struct.unpack_from("@I", data)[0] for level, kind, data in told if (level, kind) in _LEVEL.values() and len(data) >= 4), 0)
            waiting = self._waiting.get((address[0], int.from_bytes(wire[:2], "big"))) if address else None
            if waiting is not None and not waiting.future.done():
                waiting.future.set_result(_ERRORS.get(number, Reason.UNREACHABLE))


def _give_up(future: asyncio.Future[bytes | Reason | None]) -> None:
    if not future.done():
        future.set_result(None)


def answered(exchanges: Iterable[Exchange], transport: Transport | None = None) -> bool:
    """Whether any of the exchanges (over one transport) got a reply."""
    return any(each.reply is not None and transport in {None, each.transport} for each in exchanges)
