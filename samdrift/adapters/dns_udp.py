"""DNS over UDP: one socket a family for the whole run, replies matched by address, id and question (dns.md D7, 9)."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
import struct
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from samdrift.adapters.limits import NETWORK
from samdrift.model.dns.message import Variant, answers_question, make_query
from samdrift.model.dns.names import Name
from samdrift.model.dns.observation import FAMILIES, Family, family_of
from samdrift.model.finding import Reason

PORT = 53
LARGEST = 65_535
FAMILY_NUMBER = {"ipv4": socket.AF_INET, "ipv6": socket.AF_INET6}
ERRORS = {errno.ECONNREFUSED: Reason.REFUSED, errno.ETIMEDOUT: Reason.TIMEOUT}
"""What the machine says of a try, by errno; anything else is `unreachable`."""
_LEVEL = {"ipv4": (socket.IPPROTO_IP, 11), "ipv6": (socket.IPPROTO_IPV6, 25)}
"""IP_RECVERR and IPV6_RECVERR: a port that is closed says so at once instead of after a time-out (Linux, ip(7))."""
SEND_TRIES, FULL_BUFFER_S = 16, 0.005
_IDS = 2048
"""Octets of randomness drawn at a time."""


class Question(NamedTuple):
    """A question and how it is put."""

    name: Name
    type: int
    variant: Variant = "edns"


@dataclass(slots=True)
class _Waiting:
    future: asyncio.Future[bytes | Reason | None]
    question: Question
    until: float


def _numbers() -> Iterator[int]:
    while True:
        drawn = os.urandom(_IDS)
        for (number,) in struct.iter_unpack("=H", drawn):
            yield number


@dataclass(slots=True)
class UdpLink:
    """`with UdpLink() as link: await link.ask(address, question)` inside a running event loop."""

    sent: int = 0
    _sockets: dict[Family, socket.socket] = field(default_factory=dict)
    _waiting: dict[tuple[str, int], _Waiting] = field(default_factory=dict)
    _queue: deque[_Waiting] = field(default_factory=deque)
    _timer: asyncio.TimerHandle | None = None
    _number: Iterator[int] = field(default_factory=_numbers)

    def open(self) -> None:
        """Open both families; one that the machine lacks says so at every question."""
        loop = asyncio.get_running_loop()
        for family in FAMILIES:
            with contextlib.suppress(OSError):
                made = socket.socket(FAMILY_NUMBER[family], socket.SOCK_DGRAM)
                made.setblocking(False)
                made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * 2**20)
                with contextlib.suppress(OSError):
                    made.setsockopt(*_LEVEL[family], 1)
                if family == "ipv6":
                    made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                self._sockets[family] = made
                loop.add_reader(made, self._readable, made)

    def close(self) -> None:
        """Close the sockets; who still waits gets nothing."""
        loop = asyncio.get_running_loop()
        for made in self._sockets.values():
            loop.remove_reader(made)
            made.close()
        self._sockets.clear()
        if self._timer is not None:
            self._timer.cancel()

    async def ask(self, address: str, question: Question) -> bytes | Reason | None:
        """One datagram and its reply with the id set to 0; a reason when it cannot be sent or is refused, None for silence."""
        link = self._sockets.get(family_of(address))
        if link is None:
            return Reason.UNREACHABLE
        loop = asyncio.get_running_loop()
        key = (address, next(self._number))
        while key in self._waiting:
            key = (address, next(self._number))
        waiting = self._waiting[key] = _Waiting(loop.create_future(), question, loop.time() + NETWORK["dns"].read_s)
        self._queue.append(waiting)
        if self._timer is None:
            self._timer = loop.call_at(waiting.until, self._give_up)
        try:
            self.sent += 1
            await self._send(link, make_query(question.name, question.type, key[1], question.variant), address)
            return await waiting.future
        except OSError as error:
            return ERRORS.get(error.errno or 0, Reason.UNREACHABLE)
        finally:
            del self._waiting[key]

    async def _send(self, link: socket.socket, query: bytes, address: str) -> None:
        """Send a datagram; OSError when this one cannot be sent.

        The socket is shared: what ICMP said of an earlier datagram to another address is raised at the next one sent (ip(7)), and says nothing of it.
        """
        for left in reversed(range(SEND_TRIES)):
            try:
                link.sendto(query, (address, PORT))
            except BlockingIOError:
                if not left:
                    raise
                await asyncio.sleep(FULL_BUFFER_S)
            except OSError:
                if not left:
                    raise
                self._read_errors(link)
            else:
                return

    def _give_up(self) -> None:
        """All wait equally long, so the first in the queue is the first to be given up: one timer for all."""
        loop = asyncio.get_running_loop()
        at = loop.time()
        while self._queue and (self._queue[0].future.done() or self._queue[0].until <= at):
            waiting = self._queue.popleft()
            if not waiting.future.done():
                waiting.future.set_result(None)
        self._timer = loop.call_at(self._queue[0].until, self._give_up) if self._queue else None

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
            if waiting is not None and not waiting.future.done() and answers_question(wire, *waiting.question):
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
                waiting.future.set_result(ERRORS.get(number, Reason.UNREACHABLE))


def source_for(address: str) -> str | None:
    """Our own address by which the machine reaches another; None when it has no way there. Nothing is sent."""
    with socket.socket(FAMILY_NUMBER[family_of(address)], socket.SOCK_DGRAM) as link:
        try:
            link.connect((address, PORT))
        except OSError:
            return None
        return str(link.getsockname()[0])
