"""An odd DNS server on given addresses: dns_odd.py MODE ADDRESS… ; it answers wrongly on purpose, over UDP and TCP."""

from __future__ import annotations

import asyncio
import socket
import struct
import sys

AA, QR = 0x0400, 0x8000


def question(query: bytes) -> bytes:
    """The question section of a query."""
    at = 12
    while query[at]:
        at += query[at] + 1
    return query[12 : at + 5]


def reply(mode: str, query: bytes) -> list[bytes]:
    """The datagrams that a mode answers with; an empty list is silence."""
    asked = question(query)
    number = struct.unpack(">H", query[:2])[0]

    def head(flags: int, answers: int = 0, other: int = 0) -> bytes:
        return struct.pack(">6H", (number + other) & 0xFFFF, QR | AA | flags, 1, answers, 0, 0)

    match mode:
        case "loop":  # a name that points at itself
            return [head(0, 1) + asked + b"\xc0" + bytes([12 + len(asked)]) + struct.pack(">HHIH", 6, 1, 60, 0)]
        case "garbage":
            return [head(0, 9) + asked + b"\xff" * 40]
        case "wrong-id":
            return [head(0, 0, 1) + asked]
        case "wrong-question":
            return [head(0) + b"\x05other\x00\x00\x01\x00\x01"]
        case "refused":
            return [head(5) + asked]
        case "cut":  # TC on everything; TCP refuses politely
            return [head(0x0200) + asked]
    return []


async def serve(mode: str, address: str) -> None:
    """Both transports on one address."""
    loop = asyncio.get_running_loop()
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    link = socket.socket(family, socket.SOCK_DGRAM)
    link.setblocking(False)
    link.bind((address, 53))

    def readable() -> None:
        query, whence = link.recvfrom(4096)
        for one in reply(mode, query):
            link.sendto(one, whence)

    loop.add_reader(link, readable)

    async def over_tcp(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        size = struct.unpack(">H", await reader.readexactly(2))[0]
        query = await reader.readexactly(size)
        if mode == "drip":
            writer.write(struct.pack(">H", 400))
            while True:
                writer.write(b"\0")
                await writer.drain()
                await asyncio.sleep(1)
        for one in reply("refused" if mode == "cut" else mode, query):
            writer.write(struct.pack(">H", len(one)) + one)
        await writer.drain()
        writer.close()

    await asyncio.start_server(over_tcp, address, 53, family=family)


async def main(mode: str, addresses: list[str]) -> None:
    """Serve until killed."""
    for address in addresses:
        await serve(mode, address)
    await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2:]))
