"""Talks: how web and mail servers answered on one address: connection, TLS, HTTP, SMTP (dns.md D9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from samdrift.model.finding import Reason


@dataclass(frozen=True, slots=True)
class TlsTalk:
    """One handshake that offered all versions from 1.0 on. `chain` is what was shown, the leaf first, `anchors` the trusted
    certificates that could stand above it (all DER). `error` is OpenSSL's word for why there was no session, `failed` ours.

    `old` says whether a second handshake that offered 1.0 and 1.1 alone was taken; None with `old_error` when we could not tell.
    """

    version: str | None = None
    chain: tuple[bytes, ...] = ()
    anchors: tuple[bytes, ...] = ()
    error: str | None = None
    failed: Reason | None = None
    old: bool | None = None
    old_version: str | None = None
    old_error: str | None = None

    @property
    def leaf(self) -> bytes | None:
        """The server's own certificate."""
        return self.chain[0] if self.chain else None


@dataclass(frozen=True, slots=True)
class Hop:
    """One HTTP request and its reply: `head` as it came (status line and fields), of the body its digest, its octets as far as they
    were read, and how often words fall into each of `WORD_BUCKETS` classes. `cut` when there was more than is read.
    `leads_to` is the absolute URL of a redirect.
    """

    url: str
    address: str
    status: int | None = None
    leads_to: str | None = None
    head: bytes = b""
    body_sha256: str | None = None
    body_octets: int = 0
    words: tuple[int, ...] = ()
    cut: bool = False
    failed: Reason | None = None

    def field(self, name: str) -> str | None:
        """A field of the head by its name; the first of several."""
        for line in self.head.split(b"\r\n")[1:]:
            key, colon, value = line.partition(b":")
            if colon and key.strip().lower() == name.lower().encode():
                return value.strip().decode("latin-1")
        return None


WORD_BUCKETS = 64


@dataclass(frozen=True, slots=True)
class WebTalk:
    """A port of a web host on one address: `closed` says why no connection came, after `connect_us` of trying, `hops` the request and those it was led to,
    `not_followed` the redirect that was not, with `why_not` (private-address, too-many, unresolved, scheme).
    """

    host: str
    port: int
    address: str
    at: datetime
    closed: Reason | None = None
    connect_us: int | None = None
    tls: TlsTalk | None = None
    hops: tuple[Hop, ...] = ()
    not_followed: str | None = None
    why_not: str | None = None
    security_txt: tuple[int | None, bytes] | None = None

    @property
    def silent_until(self) -> datetime:
        """Until when nothing had come: only what answered after it proves that the way there worked (D5)."""
        return _silent_until(self.at, self.connect_us)

    @property
    def first(self) -> Hop | None:
        return self.hops[0] if self.hops else None

    @property
    def last(self) -> Hop | None:
        return self.hops[-1] if self.hops else None


@dataclass(frozen=True, slots=True)
class MailTalk:
    """Port 25 of a mail host on one address: the dialogue as it went (`S:` and `C:` lines), whether STARTTLS is offered (None: not known)."""

    host: str
    address: str
    at: datetime
    closed: Reason | None = None
    connect_us: int | None = None
    banner_us: int | None = None
    dialogue: str = ""
    starttls: bool | None = None
    tls: TlsTalk | None = None
    failed: Reason | None = None

    @property
    def silent_until(self) -> datetime:
        """Until when nothing had come (D5)."""
        return _silent_until(self.at, self.connect_us)


def _silent_until(at: datetime, took_us: int | None) -> datetime:
    return at + timedelta(microseconds=took_us or 0)
