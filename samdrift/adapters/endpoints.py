"""Endpoints: tries a service's endpoint on each of its addresses: port, certificate, health; addresses by our own resolution (dns.md D3)."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import ssl
from dataclasses import dataclass

from samdrift.adapters.clock import now
from samdrift.adapters.dns_walk import Walk
from samdrift.adapters.limits import NETWORK
from samdrift.model.dns.names import from_text
from samdrift.model.dns.observation import family_of
from samdrift.model.endpoint_observation import EndpointObservation, Touch
from samdrift.model.finding import Reason

WORKERS = 16
"""Connections at a time (dns.md 9)."""
_CLOSED = {errno.ECONNREFUSED: Reason.REFUSED, errno.ETIMEDOUT: Reason.TIMEOUT}
ENCRYPTED = frozenset({"https", "imaps", "ldaps"})


@dataclass(frozen=True, slots=True)
class Target:
    """Where to try: `health` is the path to get over HTTP, None for none."""

    host: str
    port: int
    protocol: str
    health: str | None = None


def _lenient() -> ssl.SSLContext:
    """A context that takes any certificate: what is shown is compared here, not trusted."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def look_at_endpoint(walk: Walk, target: Target, workers: asyncio.Semaphore) -> EndpointObservation:
    """Every address of the target tried once. Never raises."""
    started = now()
    host = await walk.host(from_text(target.host))
    touches = await asyncio.gather(*(_touch(walk, target, address, workers) for address in host.addresses))
    return EndpointObservation(target.host, target.port, target.protocol, started, tuple(touches), dict(host.unknown), dict(walk.asker.last_answer))


async def _touch(walk: Walk, target: Target, address: str, workers: asyncio.Semaphore) -> Touch:
    limit = NETWORK["http"]
    async with workers:
        at, began = now(), asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(limit.connect_s):
                reader, writer = await asyncio.open_connection(address, target.port)
        except TimeoutError:
            return Touch(address, at, Reason.TIMEOUT)
        except OSError as error:
            return Touch(address, at, _CLOSED.get(error.errno or 0, Reason.UNREACHABLE))
        took = int((asyncio.get_running_loop().time() - began) * 1_000_000)
        walk.asker.last_answer[family_of(address)] = now()
        certificate, status, failed = None, None, None
        try:
            async with asyncio.timeout(limit.total_s - limit.connect_s):
                if target.protocol in ENCRYPTED:
                    await writer.start_tls(_lenient(), server_hostname=target.host)
                    certificate = _leaf(writer)
                if target.health is not None and target.protocol in {"http", "https"}:
                    status = await _get(reader, writer, target)
        except TimeoutError:
            failed = Reason.STALLED
        except (OSError, ssl.SSLError, ValueError, asyncio.IncompleteReadError):
            failed = Reason.MALFORMED
        finally:
            writer.transport.abort()
        return Touch(address, at, None, took, certificate, status, failed)


def _leaf(writer: asyncio.StreamWriter) -> str | None:
    link: ssl.SSLObject | None = writer.get_extra_info("ssl_object")
    shown = link.getpeercert(binary_form=True) if link is not None else None
    return None if shown is None else hashlib.sha256(shown).hexdigest()


async def _get(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, target: Target) -> int:
    """The HTTP status of the health path; ValueError when the reply is no HTTP. Redirects are not followed: they are compared as they are."""
    writer.write(f"GET {target.health} HTTP/1.1\r\nHost: {target.host}\r\nUser-Agent: samdrift\r\nConnection: close\r\n\r\n".encode("ascii"))
    await writer.drain()
    line = await reader.readuntil(b"\r\n")
    words = line.split(b" ", 2)
    if len(words) < 2 or not words[0].startswith(b"HTTP/1.") or not words[1].isdigit():
        raise ValueError("no HTTP status line")
    return int(words[1])
