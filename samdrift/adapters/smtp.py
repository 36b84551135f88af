"""SMTP: greets a mail server and its STARTTLS, waits for a slow banner, and keeps the dialogue (RFC 5321, 3207; dns.md D6)."""

from __future__ import annotations

import asyncio
import re
import ssl
from dataclasses import dataclass, field, replace

from samdrift.adapters.connection import Closed, connect, drop
from samdrift.adapters.limits import NETWORK, SIZES
from samdrift.adapters.tls import HANDSHAKE_S, any_version, old_taken, old_versions, shown, why
from samdrift.model.finding import Reason
from samdrift.model.presence.talks import MailTalk, TlsTalk

PORT = 25
NAME = "samdrift.invalid"
"""What we call ourselves: a name that is nobody's (RFC 6761); we send no mail."""
LIMIT = NETWORK["smtp"]
_LINE = re.compile(rb"([2-5][0-9]{2})([ -]?)(.*)")


class NoSmtp(ValueError):
    """The reply is no SMTP."""


@dataclass(slots=True)
class Dialogue:
    """One connection's lines, ours and theirs, as they went."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    lines: list[str] = field(default_factory=list)
    octets: int = 0

    async def reply(self) -> tuple[int, list[str]]:
        """A reply's code and lines; NoSmtp when it is none or does not end."""
        texts = []
        while True:
            line = (await self.reader.readuntil(b"\n")).rstrip(b"\r\n")
            self.octets += len(line) + 2
            if self.octets > SIZES["smtp-dialogue"]:
                raise NoSmtp("a reply without end")
            self.lines.append("S: " + line.decode("utf-8", "backslashreplace"))
            found = _LINE.fullmatch(line)
            if not found:
                raise NoSmtp("no reply of SMTP")
            texts.append(found[3].decode("latin-1"))
            if found[2] != b"-":
                return int(found[1]), texts

    async def say(self, text: str) -> tuple[int, list[str]]:
        """A command and its reply."""
        self.lines.append(f"C: {text}")
        self.writer.write(f"{text}\r\n".encode("ascii"))
        await self.writer.drain()
        return await self.reply()

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


async def talk_smtp(host: str, address: str, talk: MailTalk) -> MailTalk:
    """The talk filled in; never raises but when it is cancelled. TLS 1.0 and 1.1 are tried beside, on a connection of their own."""
    try:
        link = await connect(address, PORT, limit_s=LIMIT.connect_s)
    except Closed as error:
        return replace(talk, closed=error.reason)
    beside = asyncio.ensure_future(_try_old(host, address))
    try:
        met = await _meet(host, replace(talk, connect_us=link.took_us), await link.stream(limit=SIZES["smtp-dialogue"]))
        if met.tls is None or met.tls.version is None:
            return met
        taken, version, word = await beside
        return replace(met, tls=replace(met.tls, old=taken, old_version=version, old_error=word))
    except OSError:
        return replace(talk, connect_us=link.took_us, failed=Reason.REFUSED)
    finally:
        beside.cancel()
        await asyncio.gather(beside, return_exceptions=True)


async def _meet(host: str, talk: MailTalk, stream: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> MailTalk:
    dialogue, loop = Dialogue(*stream), asyncio.get_running_loop()
    began = loop.time()
    try:
        async with asyncio.timeout(LIMIT.total_s):
            async with asyncio.timeout(LIMIT.read_s):
                code, _ = await dialogue.reply()
            talk = replace(talk, banner_us=int((loop.time() - began) * 1_000_000))
            if code != 220:
                return replace(talk, dialogue=dialogue.text, failed=Reason.REFUSED)
            code, texts = await dialogue.say(f"EHLO {NAME}")
            offered = code == 250 and any(text.strip().upper() == "STARTTLS" for text in texts[1:])
            talk = replace(talk, starttls=offered)
            if offered:
                talk = await _secure(host, dialogue, talk)
            if not offered or (talk.tls is not None and talk.tls.version):
                await dialogue.say("QUIT")
    except TimeoutError:
        talk = talk if talk.tls else replace(talk, failed=Reason.STALLED)
    except (OSError, ssl.SSLError, EOFError, asyncio.LimitOverrunError, ValueError):
        talk = talk if talk.tls or talk.starttls is False else replace(talk, failed=Reason.MALFORMED if dialogue.lines else Reason.REFUSED)
    finally:
        drop(dialogue.writer)
    return replace(talk, dialogue=dialogue.text)


async def _secure(host: str, dialogue: Dialogue, talk: MailTalk) -> MailTalk:
    code, _ = await dialogue.say("STARTTLS")
    if code != 220:
        return replace(talk, starttls=False)
    try:
        await dialogue.writer.start_tls(any_version(), server_hostname=host, ssl_handshake_timeout=HANDSHAKE_S)
    except (OSError, ssl.SSLError) as error:
        word, reason = why(error)
        return replace(talk, tls=TlsTalk(error=word, failed=reason))
    return replace(talk, tls=shown(dialogue.writer))


async def _try_old(host: str, address: str) -> tuple[bool | None, str | None, str | None]:
    """Whether the server takes 1.0 or 1.1 alone; None when we could not tell."""
    writer = None
    try:
        async with asyncio.timeout(LIMIT.total_s):
            reader, writer = await (await connect(address, PORT, limit_s=LIMIT.connect_s)).stream(limit=SIZES["smtp-dialogue"])
            dialogue = Dialogue(reader, writer)
            await dialogue.reply()
            await dialogue.say(f"EHLO {NAME}")
            if (await dialogue.say("STARTTLS"))[0] != 220:
                return None, None, "NO_STARTTLS"
            try:
                await writer.start_tls(old_versions(), server_hostname=host, ssl_handshake_timeout=HANDSHAKE_S)
            except (OSError, ssl.SSLError) as error:
                return old_taken(error, None)
            return old_taken(None, shown(writer).version)
    except (Closed, TimeoutError, OSError, EOFError, asyncio.LimitOverrunError, ValueError):
        return None, None, "NO_CONNECTION"
    finally:
        if writer is not None:
            drop(writer)
