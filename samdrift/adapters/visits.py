"""Visits: one run's talks with web and mail servers in one view; each address and port is met once, whoever asks (dns.md D6, 9)."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlsplit

from samdrift.adapters.clock import now, took_us
from samdrift.adapters.connection import Closed, Link, connect, drop
from samdrift.adapters.dns_walk import Walk
from samdrift.adapters.http import Fetched, fetch
from samdrift.adapters.limits import REDIRECTS, SIZES
from samdrift.adapters.smtp import PORT, talk_smtp
from samdrift.adapters.tls import HANDSHAKE_S, any_version, old_taken, old_versions, shown, why
from samdrift.adapters.trust_store import TrustStore
from samdrift.model.dns.names import BadName, from_text
from samdrift.model.dns.observation import family_of
from samdrift.model.presence.talks import MailTalk, TlsTalk, WebTalk

T = TypeVar("T")
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
SECURITY_TXT = "/.well-known/security.txt"


@dataclass(frozen=True, slots=True)
class Reach:
    """Where redirects may lead in a view: `public_too` are prefixes that count as public, `anywhere` lifts the rule (D4)."""

    anywhere: bool = False
    public_too: tuple[Network, ...] = ()

    def allows(self, address: str) -> bool:
        """Whether a redirect to this address may be followed."""
        if self.anywhere:
            return True
        one = ipaddress.ip_address(address)
        mapped = getattr(one, "ipv4_mapped", None)
        judged = mapped if mapped is not None else one
        return (judged.is_global and not judged.is_multicast) or any(judged in each for each in self.public_too)


@dataclass(slots=True)
class Visits:
    """`last_smtp` says when port 25 was last known to work from here."""

    walk: Walk
    workers: asyncio.Semaphore
    trust: TrustStore = field(default_factory=TrustStore)
    reach: Reach = field(default_factory=Reach)
    last_smtp: datetime | None = None
    _good_smtp: str | None = None
    _running: dict[tuple[str, int, str], asyncio.Future[WebTalk | MailTalk]] = field(default_factory=dict)

    async def web(self, host: str, port: int, address: str, *, security_txt: bool = False) -> WebTalk:
        """A web port on one address. Never raises but when it is cancelled."""
        found = await self._once((host, port, address), lambda: self._web(host, port, address, security_txt))
        assert isinstance(found, WebTalk)
        return found

    async def tls(self, host: str, port: int, address: str) -> WebTalk:
        """A port that speaks TLS from the first octet: the handshake alone. Never raises but when it is cancelled."""
        found = await self._once((host, -port, address), lambda: self._tls(host, port, address))
        assert isinstance(found, WebTalk)
        return found

    async def mail(self, host: str, address: str) -> MailTalk:
        """Port 25 on one address. Never raises but when it is cancelled."""
        found = await self._once((host, 25, address), lambda: self._mail(host, address))
        assert isinstance(found, MailTalk)
        return found

    async def _once(self, key: tuple[str, int, str], meet: Callable[[], Awaitable[WebTalk | MailTalk]]) -> WebTalk | MailTalk:
        running = self._running.get(key)
        if running is None:
            running = self._running[key] = asyncio.ensure_future(meet())
        return await asyncio.shield(running)

    def _answered(self, address: str) -> None:
        self.walk.asker.last_answer[family_of(address)] = now()

    # -- mail
    async def _mail(self, host: str, address: str) -> MailTalk:
        async with self.workers:
            met = await talk_smtp(host, address, MailTalk(host, address, now()))
        if met.closed is None:
            self._answered(address)
            self.last_smtp, self._good_smtp = now(), address
        else:
            met = replace(met, connect_us=took_us(met.at))
        return met if met.tls is None else replace(met, tls=self._above(met.tls))

    async def prove_smtp(self) -> None:
        """Reach once more a mail server that answered in this run: what was silent meanwhile is then not our own lost port 25 (D5)."""
        if self._good_smtp is None:
            return
        try:
            link = await connect(self._good_smtp, PORT)
        except Closed:
            return
        link.socket.close()
        self.last_smtp = now()
        self._answered(self._good_smtp)

    def _above(self, talk: TlsTalk) -> TlsTalk:
        return replace(talk, anchors=self.trust.above(talk.chain))

    # -- web
    async def _web(self, host: str, port: int, address: str, security_txt: bool) -> WebTalk:
        scheme = "https" if port == 443 else "http"
        talk = WebTalk(host, port, address, now())
        try:
            first = await self._get(f"{scheme}://{host}/", port, address)
        except Closed as error:
            return replace(talk, closed=error.reason, connect_us=took_us(talk.at))
        talk = replace(talk, hops=(first.hop,), tls=first.tls)
        if talk.tls is not None and talk.tls.version is not None:
            taken, version, word = await self._old(host, port, address)
            talk = replace(talk, tls=replace(self._above(talk.tls), old=taken, old_version=version, old_error=word))
        talk = await self._follow(talk)
        return replace(talk, security_txt=await self._security_txt(host, address)) if security_txt and talk.tls and talk.tls.version else talk

    async def _tls(self, host: str, port: int, address: str) -> WebTalk:
        talk = WebTalk(host, port, address, now())
        try:
            async with self.workers:
                link = await connect(address, port)
                self._answered(address)
                met = await handshake(link, host)
        except Closed as error:
            return replace(talk, closed=error.reason, connect_us=took_us(talk.at))
        if met.version is None:
            return replace(talk, tls=met)
        taken, version, word = await self._old(host, port, address)
        return replace(talk, tls=replace(self._above(met), old=taken, old_version=version, old_error=word))

    async def _get(self, url: str, port: int, address: str) -> Fetched:
        async with self.workers:
            link = await connect(address, port)
            self._answered(address)
            return await fetch(link, url, address)

    async def _old(self, host: str, port: int, address: str) -> tuple[bool | None, str | None, str | None]:
        """Whether 1.0 or 1.1 alone is taken."""
        async with self.workers:
            try:
                async with asyncio.timeout(HANDSHAKE_S):
                    link = await connect(address, port)
                    _, writer = await link.stream(limit=SIZES["http-head"], tls=old_versions(), name=host)
            except (Closed, TimeoutError):
                return None, None, "NO_CONNECTION"
            except OSError as error:
                return old_taken(error, None)
            taken = old_taken(None, shown(writer).version)
            drop(writer)
            return taken

    async def _follow(self, talk: WebTalk) -> WebTalk:
        """The redirects of a talk, over its own family, at most `REDIRECTS`, none into private addresses (dns.md 8)."""
        hops = list(talk.hops)
        while (target := hops[-1].leads_to) is not None:
            url = _web_url(target)
            if url is None:
                return replace(talk, hops=tuple(hops), not_followed=target[:2048], why_not="scheme")
            if len(hops) > REDIRECTS:
                return replace(talk, hops=tuple(hops), not_followed=url, why_not="too-many")
            address, refused = await self._way(url, talk)
            if address is None:
                return replace(talk, hops=tuple(hops), not_followed=url, why_not=refused)
            split = urlsplit(url)
            try:
                hops.append((await self._get(url, split.port or (443 if split.scheme == "https" else 80), address)).hop)
            except Closed as error:
                return replace(talk, hops=tuple(hops), not_followed=url, why_not=str(error.reason))
        return replace(talk, hops=tuple(hops))

    async def _way(self, url: str, talk: WebTalk) -> tuple[str | None, str]:
        """The address on which a redirect goes on, else why not."""
        host = urlsplit(url).hostname or ""
        if host.rstrip(".") == talk.host:
            return talk.address, ""
        try:
            found: tuple[str, ...] = (str(ipaddress.ip_address(host)),)
        except ValueError:
            try:
                seen = await self.walk.host(from_text(host))
            except BadName:
                return None, "unresolved"
            found = seen.of(family_of(talk.address))
        if not found:
            return None, "unresolved"
        if not all(self.reach.allows(one) for one in found):
            return None, "private-address"
        return found[0], ""

    async def _security_txt(self, host: str, address: str) -> tuple[int | None, bytes] | None:
        """Status and text of security.txt (RFC 9116), over redirects within the host; None when nothing came."""
        url = f"https://{host}{SECURITY_TXT}"
        for _ in range(REDIRECTS):
            try:
                got = await self._get(url, 443, address)
            except Closed:
                return None
            target = _web_url(got.hop.leads_to or "")
            if target is None or urlsplit(target).hostname != host or urlsplit(target).scheme != "https" or urlsplit(target).port not in {None, 443}:
                return (got.hop.status, got.body[: SIZES["security-txt"]]) if got.hop.status is not None else None
            url = target
        return None


async def handshake(link: Link, host: str) -> TlsTalk:
    """A handshake over a link that stands, which is closed after it."""
    try:
        async with asyncio.timeout(HANDSHAKE_S):
            _, writer = await link.stream(limit=SIZES["http-head"], tls=any_version(), name=host)
    except (TimeoutError, OSError) as error:
        link.socket.close()
        word, reason = why(error)
        return TlsTalk(error=word, failed=reason)
    met = shown(writer)
    drop(writer)
    return met


def _web_url(url: str) -> str | None:
    """The URL when it is one of http or https with a host and a port that can be, else None."""
    try:
        split = urlsplit(url)
        return url if split.scheme in {"http", "https"} and split.hostname and (split.port is None or split.port > 0) else None
    except ValueError:
        return None


