"""Connection: one TCP connection to one address, with why it was not made."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from dataclasses import dataclass

from samdrift.adapters.limits import NETWORK
from samdrift.model.finding import Reason

_CLOSED = {errno.ECONNREFUSED: Reason.REFUSED, errno.ETIMEDOUT: Reason.TIMEOUT}
AGAIN = 2 / 3
"""The second try's share of the first one's time: 3 s and 2 s."""
Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Closed(Exception):
    """No connection came; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Link:
    """A connected socket, and how long that took [microseconds]."""

    socket: socket.socket
    took_us: int

    async def stream(self, *, limit: int, tls: ssl.SSLContext | None = None, name: str | None = None) -> Stream:
        """Reader and writer over it, after a handshake when `tls` is given; the handshake's error is the caller's."""
        return await asyncio.open_connection(sock=self.socket, limit=limit, ssl=tls, server_hostname=name if tls else None)


async def connect(address: str, port: int, *, limit_s: float = NETWORK["http"].connect_s) -> Link:
    """A link, or Closed. What stays silent is tried once more, somewhat shorter, before it is said (dns.md D6)."""
    try:
        return await _connect(address, port, limit_s)
    except Closed as error:
        if error.reason is not Reason.TIMEOUT:
            raise
        return await _connect(address, port, limit_s * AGAIN)


async def _connect(address: str, port: int, limit_s: float) -> Link:
    loop, began = asyncio.get_running_loop(), asyncio.get_running_loop().time()
    try:
        made = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    except OSError:
        raise Closed(Reason.UNREACHABLE) from None
    made.setblocking(False)
    try:
        async with asyncio.timeout(limit_s):
            await loop.sock_connect(made, (address, port))
    except TimeoutError:
        made.close()
        raise Closed(Reason.TIMEOUT) from None
    except OSError as error:
        made.close()
        raise Closed(_CLOSED.get(error.errno or 0, Reason.UNREACHABLE)) from None
    except BaseException:
        made.close()
        raise
    return Link(made, int((loop.time() - began) * 1_000_000))


def drop(writer: asyncio.StreamWriter) -> None:
    """End at once, without waiting for the other side."""
    writer.transport.abort()
