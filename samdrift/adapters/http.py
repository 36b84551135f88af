"""HTTP: one GET on one address, read no further than its limits; endless and packed bodies are cut (dns.md D6, 8)."""

from __future__ import annotations

import asyncio
import hashlib
import re
import ssl
import zlib
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin, urlsplit

from samdrift.adapters.connection import Link, drop
from samdrift.adapters.limits import NETWORK, SIZES
from samdrift.adapters.tls import any_version, shown, why
from samdrift.model.finding import Reason
from samdrift.model.presence.talks import WORD_BUCKETS, Hop, TlsTalk

_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: [^\r\n]*)?\r\n")
_NO_BODY, _MOVED = frozenset({204, 304}), frozenset({301, 302, 303, 307, 308})
_TAG = re.compile(rb"<[^<>]*>")
_WORD = re.compile(rb"[^\s]+")
_MOST_INTERIM = 5


class NoHttp(ValueError):
    """The reply is no HTTP."""


@dataclass(slots=True)
class _Body:
    """What came of a body so far; `cut` when there is more than is read."""

    octets: bytearray = field(default_factory=bytearray)
    cut: bool = False

    def take(self, data: bytes) -> None:
        room = SIZES["http-body"] - len(self.octets)
        self.octets += data[:room]
        self.cut = self.cut or len(data) > room


@dataclass(frozen=True, slots=True)
class Fetched:
    """One request's outcome: the hop, the handshake when there was one, the body as read (unpacked, cut at its limit)."""

    hop: Hop
    tls: TlsTalk | None = None
    body: bytes = b""


async def fetch(link: Link, url: str, address: str) -> Fetched:
    """GET a URL over a link that stands; never raises but when it is cancelled. The link is closed."""
    split = urlsplit(url)
    hop, talk = Hop(url, address), None
    body = _Body()
    writer = None
    try:
        async with asyncio.timeout(NETWORK["http"].total_s - link.took_us / 1_000_000):
            try:
                reader, writer = await link.stream(limit=SIZES["http-head"], tls=any_version() if split.scheme == "https" else None, name=split.hostname)
            except (OSError, ssl.SSLError) as error:
                word, reason = why(error)
                return Fetched(replace(hop, failed=reason), TlsTalk(error=word, failed=reason))
            if split.scheme == "https":
                talk = shown(writer)
            writer.write(_request(split.hostname or "", split.port, split.path or "/", split.query))
            await writer.drain()
            status, head = await _head(reader)
            hop = replace(hop, status=status, head=head)
            hop = replace(hop, leads_to=leads_to(hop))
            if status not in _NO_BODY:
                await _read_body(reader, hop, body)
    except TimeoutError:
        if split.scheme == "https" and talk is None:
            return Fetched(replace(hop, failed=Reason.STALLED), TlsTalk(error="TIMEOUT", failed=Reason.STALLED))
        hop = replace(hop, failed=Reason.STALLED)
        body.cut = True
    except (OSError, ssl.SSLError, EOFError, ValueError, asyncio.LimitOverrunError):
        hop = replace(hop, failed=Reason.MALFORMED)
    finally:
        if writer is not None:
            drop(writer)
        else:
            link.socket.close()
    plain = _unpacked(body, hop)
    return Fetched(replace(hop, body_sha256=hashlib.sha256(body.octets).hexdigest(), body_octets=len(body.octets), words=_words(plain), cut=body.cut), talk, plain)


def leads_to(hop: Hop) -> str | None:
    """The absolute URL that a redirect names; None for any other reply, or when it names none."""
    target = hop.field("Location") if hop.status in _MOVED else None
    try:
        return urljoin(hop.url, target.strip()) if target else None
    except ValueError:
        return None


def _request(host: str, port: int | None, path: str, query: str) -> bytes:
    target = path + (f"?{query}" if query else "")
    if not target.isascii() or any(sign <= " " for sign in target):
        raise NoHttp("a URL with signs that cannot be sent")
    shown_host = f"[{host}]" if ":" in host else host
    where = shown_host if port in {None, 80, 443} else f"{shown_host}:{port}"
    return f"GET {target} HTTP/1.1\r\nHost: {where}\r\nUser-Agent: samdrift\r\nAccept: */*\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n".encode("ascii")


async def _head(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    for _ in range(_MOST_INTERIM):
        head = await reader.readuntil(b"\r\n\r\n")
        found = _STATUS.match(head)
        if not found:
            raise NoHttp("no status line")
        if not found[1].startswith(b"1"):
            return int(found[1]), head
    raise NoHttp("interim replies without end")


async def _read_body(reader: asyncio.StreamReader, hop: Hop, body: _Body) -> None:
    if "chunked" in (hop.field("Transfer-Encoding") or "").lower():
        await _chunks(reader, body)
        return
    told = hop.field("Content-Length")
    left = int(told) if told is not None and told.isascii() and told.isdigit() and len(told) < 16 else None
    while not body.cut and (left is None or left > 0):
        data = await reader.read(65_536)
        if not data:
            return
        body.take(data if left is None else data[:left])
        left = None if left is None else left - len(data)


async def _chunks(reader: asyncio.StreamReader, body: _Body) -> None:
    while not body.cut:
        line = (await reader.readuntil(b"\n")).split(b";")[0].strip()
        size = int(line, 16)
        if size < 0:
            raise NoHttp("a chunk of a negative size")
        if size == 0:
            return
        while size > 0 and not body.cut:
            data = await reader.read(min(size, 65_536))
            if not data:
                raise NoHttp("a chunk that ends too soon")
            body.take(data)
            size -= len(data)
        if not body.cut:
            await reader.readuntil(b"\n")


def _unpacked(body: _Body, hop: Hop) -> bytes:
    """The body without its packing, no more than its limit: a bomb is cut, not unpacked."""
    if (hop.field("Content-Encoding") or "").lower() not in {"gzip", "x-gzip", "deflate"}:
        return bytes(body.octets)
    unpacker = zlib.decompressobj(wbits=47)
    try:
        plain = unpacker.decompress(bytes(body.octets), SIZES["http-body"])
    except zlib.error:
        return b""
    body.cut = body.cut or bool(unpacker.unconsumed_tail)
    return plain


def _words(plain: bytes) -> tuple[int, ...]:
    """How often the words of a page's text fall into each class; equal texts are equal, similar ones similar."""
    counts = [0] * WORD_BUCKETS
    for word in _WORD.findall(_TAG.sub(b" ", plain)):
        counts[zlib.crc32(word) % WORD_BUCKETS] += 1
    return tuple(counts) if any(counts) else ()
