"""An odd DNS server on given addresses: dns_odd.py MODE [--upstream ADDRESS] ADDRESS…

It answers wrongly on purpose, over UDP and TCP. With an upstream it asks a good server and spoils the answer in one way.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import sys
from collections.abc import Callable

AA, QR, TC, RA = 0x0400, 0x8000, 0x0200, 0x0080
A, NS, SOA, AAAA, OPT, AXFR = 1, 2, 6, 28, 41, 252


def end_of_question(query: bytes) -> int:
    """Where the question section of a query ends."""
    at = 12
    while query[at]:
        at += query[at] + 1
    return at + 5


def question(query: bytes) -> bytes:
    """The question section of a query."""
    return query[12 : end_of_question(query)]


def type_of(query: bytes) -> int:
    """The type asked for."""
    return int(struct.unpack(">H", question(query)[-4:-2])[0])


def has_opt(query: bytes) -> bool:
    """Whether the query has an additional record."""
    return query[10:12] != b"\0\0"


def odd_version(query: bytes) -> bool:
    """Whether the query has EDNS of version 1."""
    return query[end_of_question(query) :][6:7] == b"\1"


def made(query: bytes, flags: int, answers: int = 0, *, opt: bytes = b"", other: int = 0) -> bytes:
    """A reply's head and question."""
    number = struct.unpack(">H", query[:2])[0]
    return struct.pack(">6H", (number + other) & 0xFFFF, QR | flags, 1, answers, 0, 1 if opt else 0) + question(query)


def empty(query: bytes, flags: int) -> bytes:
    """A reply without records but EDNS0's, where the query has it."""
    return made(query, flags, opt=b"x") + b"\0" + struct.pack(">HHIH", OPT, 1232, 0x8000, 0) if has_opt(query) else made(query, flags)


def alone(mode: str, query: bytes) -> list[bytes]:
    """The datagrams of the modes that need no upstream; an empty list is silence."""
    asked = question(query)
    match mode:
        case "loop":  # a name that points at itself
            return [made(query, AA, 1) + b"\xc0" + bytes([12 + len(asked)]) + struct.pack(">HHIH", 6, 1, 60, 0)]
        case "garbage":
            return [made(query, AA, 9) + b"\xff" * 40]
        case "wrong-id":
            return [made(query, AA, other=1)]
        case "wrong-question":
            return [made(query, AA)[:12] + b"\x05other\x00\x00\x01\x00\x01"]
        case "refused":
            return [made(query, 5)]
        case "servfail":
            return [made(query, 2)]
        case "formerr-ns":  # one type of question is refused as malformed, as if EDNS were unknown
            return [made(query, 1) if type_of(query) == NS and has_opt(query) else empty(query, AA)]
        case "alias":  # cN leads to cN+1, one step a reply
            if type_of(query) not in {A, AAAA}:
                return [empty(query, AA)]
            target = b"c%d" % (int(asked[2 : 1 + asked[0]]) + 1)
            data = bytes([len(target)]) + target + b"\0"
            return [made(query, AA, 1) + b"\xc0\x0c" + struct.pack(">HHIH", 5, 1, 60, len(data)) + data]
        case "cut":  # TC on everything; TCP refuses politely
            return [made(query, AA | TC)]
        case "oversized":  # more octets than any EDNS payload asked for
            return [made(query, AA, 1) + b"\xc0\x0c" + struct.pack(">HHIH", 16, 1, 60, 60_000) + b"x" * 60_000]
    return []


ALONE = frozenset({"loop", "garbage", "wrong-id", "wrong-question", "refused", "servfail", "formerr-ns", "alias", "cut", "oversized"})
"""Modes that answer by themselves."""


def _ask(upstream: str, query: bytes) -> bytes:
    """The upstream's answer over TCP, so that nothing is cut."""
    with socket.create_connection((upstream, 53), timeout=3) as link:
        link.sendall(struct.pack(">H", len(query)) + query)
        held = b""
        while len(held) < 2 or len(held) < 2 + struct.unpack(">H", held[:2])[0]:
            part = link.recv(65_537)
            if not part:
                return held[2:]
            held += part
    return held[2 : 2 + struct.unpack(">H", held[:2])[0]]


def _flags(reply: bytes, *, off: int = 0, on: int = 0) -> bytes:
    held = struct.unpack(">H", reply[2:4])[0]
    return reply[:2] + struct.pack(">H", held & ~off | on) + reply[4:]


def _aaaa_of_three(query: bytes, reply: bytes) -> bytes:
    return made(query, AA, 1) + b"\xc0\x0c" + struct.pack(">HHIH", AAAA, 1, 60, 3) + b"abc" if type_of(query) == AAAA else reply


def _echo(query: bytes, reply: bytes) -> bytes:
    """An option or flag that the query had comes back: the query's OPT in place of the reply's."""
    told = query[end_of_question(query) :]
    return made(query, 5, opt=told) + told if len(told) > 11 or told[7:9] not in {b"\x80\x00", b"\x00\x00", b""} else reply


SPOIL: dict[str, Callable[[bytes, bytes], bytes]] = {
    "good": lambda _query, reply: reply,
    "no-aa": lambda _query, reply: _flags(reply, off=AA),
    "aaaa-notimp": lambda query, reply: empty(query, AA | 4) if type_of(query) == AAAA else reply,
    "aaaa-short": _aaaa_of_three,
    "no-soa": lambda query, reply: empty(query, AA) if type_of(query) == SOA else reply,
    "no-ns": lambda query, reply: empty(query, AA) if type_of(query) == NS else reply,
    "recurses": lambda query, reply: made(query, RA | 3) if query[2] & 1 else _flags(reply, on=RA),
    "no-edns": lambda query, reply: made(query, 1) if has_opt(query) else reply,
    "echo": _echo,
    "badvers-not": lambda query, reply: made(query, 5) if odd_version(query) else reply,
}
"""What becomes of the upstream's reply."""


def dropped(mode: str, query: bytes, reply: bytes, *, tcp: bool) -> bool:
    """Whether the answer never arrives."""
    return (
        mode == "silent"
        or (mode == "aaaa-lost" and type_of(query) == AAAA)
        or (mode == "edns-lost" and has_opt(query) and not tcp)
        or (mode == "big-lost" and len(reply) > 600 and not tcp)
        or (mode == "tcp-only" and not tcp)
        or (mode == "options-lost" and len(query) - end_of_question(query) > 11)
    )


def told(mode: str, upstream: str | None, query: bytes, *, tcp: bool) -> list[bytes]:
    """The messages that a mode answers with."""
    if upstream is None or mode in ALONE:
        return alone("refused" if mode == "cut" and tcp else mode, query)
    if mode == "cut-udp" and not tcp:
        return [empty(query, AA | TC)]
    reply = _ask(upstream, query)
    return [] if dropped(mode, query, reply, tcp=tcp) else [reply if odd_version(query) and mode != "badvers-not" else SPOIL.get(mode, SPOIL["good"])(query, reply)]


async def serve(mode: str, upstream: str | None, address: str) -> None:
    """Both transports on one address."""
    loop = asyncio.get_running_loop()
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    link = socket.socket(family, socket.SOCK_DGRAM)
    link.setblocking(False)
    link.bind((address, 53))

    async def answer(query: bytes, whence: tuple[str, int]) -> None:
        if mode == "late":
            await asyncio.sleep(4)
        for one in await asyncio.to_thread(told, mode, upstream, query, tcp=False):
            with contextlib.suppress(OSError):
                link.sendto(one, whence)

    waiting = set()

    def readable() -> None:
        query, whence = link.recvfrom(4096)
        task = asyncio.ensure_future(answer(query, whence))
        waiting.add(task)
        task.add_done_callback(waiting.discard)

    loop.add_reader(link, readable)

    async def over_tcp(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                size = struct.unpack(">H", await reader.readexactly(2))[0]
                query = await reader.readexactly(size)
                if mode in {"drip", "drip-tcp"}:
                    writer.write(struct.pack(">H", 400))
                    while True:
                        writer.write(b"\0")
                        await writer.drain()
                        await asyncio.sleep(1)
                if mode == "late":
                    await asyncio.sleep(4)
                answers = await asyncio.to_thread(told, mode, upstream, query, tcp=True)
                for one in answers:
                    writer.write(struct.pack(">H", len(one)) + one)
                await writer.drain()
                if not answers or mode == "closes" or upstream is None:
                    break
        writer.close()

    if mode != "no-tcp":
        await asyncio.start_server(over_tcp, address, 53, family=family)


async def main(mode: str, upstream: str | None, addresses: list[str]) -> None:
    """Serve until killed."""
    for address in addresses:
        await serve(mode, upstream, address)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    rest = sys.argv[2:]
    good = rest[1] if rest[0] == "--upstream" else None
    asyncio.run(main(sys.argv[1], good, rest[2:] if good else rest))
