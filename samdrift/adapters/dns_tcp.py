"""DNS over TCP: several questions to one address over one connection, all within one limit (RFC 7766, dns.md D6)."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from samdrift.adapters.clock import now
from samdrift.adapters.dns_udp import ERRORS, FAMILY_NUMBER, PORT, Question
from samdrift.adapters.limits import NETWORK
from samdrift.model.dns import types
from samdrift.model.dns.message import answers_question, make_query
from samdrift.model.dns.observation import family_of
from samdrift.model.finding import Reason

_CHUNK = 65_537


@dataclass(slots=True)
class Talk:
    """What a connection gave: when something was last heard on it (None: it never stood), how many questions were sent, and of each question its instant, microseconds and reply or reason."""

    heard: datetime | None = None
    sent: int = 0
    said: list[tuple[datetime, int, bytes | Reason]] = field(default_factory=list)


async def talk(address: str, questions: Sequence[Question], *, limit_s: float = NETWORK["dns"].total_s) -> Talk:
    """Ask the questions one after the other; opened again when the server closes between two. A transfer is read to its first message. Never raises."""
    loop, found = asyncio.get_running_loop(), Talk()
    until = loop.time() + limit_s
    link: socket.socket | None = None
    for question in questions:
        at, began = now(), loop.time()
        answer: bytes | Reason = Reason.REFUSED
        for _ in range(2):
            fresh = link is None
            if link is None:
                opened = await _connect(address, min(NETWORK["dns"].connect_s, until - began))
                if isinstance(opened, Reason):
                    answer = opened
                    break
                link, found.heard = opened, now()
            found.sent += 1
            answer = await _exchange(link, question, until, found)
            if not isinstance(answer, bytes):
                link.close()
                link = None
            if answer is not Reason.REFUSED or fresh:
                break
        found.said.append((at, int((loop.time() - began) * 1_000_000), answer))
        if isinstance(answer, Reason) and answer not in {Reason.MALFORMED, Reason.REFUSED}:
            break
    if link is not None:
        link.close()
    while len(found.said) < len(questions):
        found.said.append(found.said[-1])
    return found


async def _connect(address: str, seconds: float) -> socket.socket | Reason:
    link = socket.socket(FAMILY_NUMBER[family_of(address)], socket.SOCK_STREAM)
    link.setblocking(False)
    stands = False
    try:
        async with asyncio.timeout(max(0, seconds)):
            await asyncio.get_running_loop().sock_connect(link, (address, PORT))
        stands = True
    except TimeoutError:
        return Reason.TIMEOUT
    except OSError as error:
        return ERRORS.get(error.errno or 0, Reason.UNREACHABLE)
    finally:
        if not stands:
            link.close()
    return link


async def _exchange(link: socket.socket, question: Question, until: float, found: Talk) -> bytes | Reason:
    """One question and the first message of its reply; `refused` when the server closes instead."""
    loop = asyncio.get_running_loop()
    received = bytearray()
    number = int.from_bytes(os.urandom(2), "big")
    query = make_query(question.name, question.type, number, "plain" if question.type == types.AXFR else question.variant)
    try:
        async with asyncio.timeout_at(until):
            await loop.sock_sendall(link, struct.pack(">H", len(query)) + query)
            while len(received) < 2 or len(received) < 2 + int.from_bytes(received[:2], "big"):
                part = await loop.sock_recv(link, _CHUNK)
                if not part:
                    return Reason.MALFORMED if received else Reason.REFUSED
                received += part
                found.heard = now()
    except TimeoutError:
        return Reason.STALLED
    except OSError:
        return Reason.REFUSED
    reply = bytes(received[2 : 2 + int.from_bytes(received[:2], "big")])
    if int.from_bytes(reply[:2], "big") != number or not answers_question(reply, *question):
        return Reason.MALFORMED
    return b"\0\0" + reply[2:]
