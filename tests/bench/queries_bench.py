"""CPU of a query that is put over the shared socket of a run and answered, against the 2,500 a second that a core shall do."""

from __future__ import annotations

import asyncio
import multiprocessing
import socket
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

from samdrift.adapters import dns_udp
from samdrift.adapters.dns import Asker
from samdrift.model.dns import types
from samdrift.model.dns.names import from_text
from tests.bench.measure import RUNS, Failed, Figure, Timing

HOME, QUERIES, AT_ONCE = "127.0.0.1", 10_000, 100
SHOWN = 1_000
LIMIT_S = SHOWN / 2_500
ANSWER = 0x84
"""QR and AA: each question comes back as its own answer without records."""


def serve(told: Connection) -> None:
    """A server that only turns questions round, in a process of its own so that its CPU is not counted."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.bind((HOME, 0))
        told.send(link.getsockname()[1])
        while True:
            wire, address = link.recvfrom(4096)
            link.sendto(wire[:2] + bytes([wire[2] | ANSWER, wire[3]]) + wire[4:], address)


async def put() -> float:
    """Seconds of CPU that `SHOWN` queries cost; Failed when one was lost."""
    names = [from_text(f"m{number}.example") for number in range(AT_ONCE)]
    async with Asker(rate_per_s=1e9) as asker:

        async def in_turn(name: bytes) -> int:
            told = [(await asker.ask("child", HOME, name, types.SOA))[-1].reply for _ in range(QUERIES // AT_ONCE)]
            return sum(reply is not None for reply in told)

        began = time.process_time()
        answered = sum(await asyncio.gather(*map(in_turn, names)))
        took = time.process_time() - began
    if answered != QUERIES:
        raise Failed(f"{QUERIES - answered} of {QUERIES} queries were lost")
    return took / QUERIES * SHOWN


def figures(folder: Path) -> Iterator[Figure]:
    del folder
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    usual = dns_udp.PORT
    try:
        dns_udp.PORT = ours.recv()
        yield Figure("queries", f"CPU of {SHOWN} queries, of {QUERIES} over one socket", Timing(tuple(sorted(asyncio.run(put()) for _ in range(RUNS))), 0), limit_s=LIMIT_S)
    finally:
        dns_udp.PORT = usual
        server.terminate()
        server.join()
