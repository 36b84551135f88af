"""Endpoints: tries a service's endpoint on each of its addresses: port, certificate, health; addresses by our own resolution (dns.md D3)."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass

from samdrift.adapters.clock import now, took_us
from samdrift.adapters.connection import Closed, connect
from samdrift.adapters.dns_walk import Walk
from samdrift.adapters.http import fetch
from samdrift.adapters.visits import handshake
from samdrift.model.dns.names import from_text
from samdrift.model.dns.observation import family_of
from samdrift.model.endpoint_observation import EndpointObservation, Touch
from samdrift.model.presence.talks import TlsTalk

WORKERS = 16
"""Connections at a time (dns.md 9)."""
ENCRYPTED = frozenset({"https", "imaps", "ldaps"})


@dataclass(frozen=True, slots=True)
class Target:
    """Where to try: `health` is the path to get over HTTP, None for none."""

    host: str
    port: int
    protocol: str
    health: str | None = None


async def look_at_endpoint(walk: Walk, target: Target, workers: asyncio.Semaphore) -> EndpointObservation:
    """Every address of the target tried once. Never raises."""
    started = now()
    host = await walk.host(from_text(target.host))
    touches = await asyncio.gather(*(_touch(walk, target, address, workers) for address in host.addresses))
    return EndpointObservation(target.host, target.port, target.protocol, started, tuple(touches), dict(host.unknown), dict(walk.asker.last_answer))


async def _touch(walk: Walk, target: Target, address: str, workers: asyncio.Semaphore) -> Touch:
    """One address. Redirects of the health path are not followed: they are compared as they are."""
    async with workers:
        at = now()
        try:
            link = await connect(address, target.port)
        except Closed as error:
            return Touch(address, at, error.reason, took_us(at))
        walk.asker.last_answer[family_of(address)] = now()
        if target.health is not None and target.protocol in {"http", "https"}:
            got = await fetch(link, f"{target.protocol}://{target.host}:{target.port}{target.health}", address)
            failed = got.hop.failed if got.hop.status is None else None
            return Touch(address, at, None, link.took_us, _leaf(got.tls), got.hop.status, failed)
        if target.protocol in ENCRYPTED:
            met = await handshake(link, target.host)
            return Touch(address, at, None, link.took_us, _leaf(met), None, met.failed)
        link.socket.close()
        return Touch(address, at, None, link.took_us)


def _leaf(talk: TlsTalk | None) -> str | None:
    return None if talk is None or talk.leaf is None else hashlib.sha256(talk.leaf).hexdigest()
