"""Evidence of a zone's web and mail: certificates, HTTP heads and SMTP dialogues once each, and one record that points to them (dns.md D9)."""

from __future__ import annotations

import dataclasses
import json
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from samdrift.model.dns.evidence import (
    ANSWER,
    evidence_id,
    exchange_row,
    host_row,
    read_exchange_row,
    read_host_rows,
    unpacked,
)
from samdrift.model.dns.names import from_text, to_text
from samdrift.model.dns.observation import Exchange
from samdrift.model.dns.view import Anchor
from samdrift.model.finding import Evidence, Reason, Value
from samdrift.model.period import EPOCH, microseconds
from samdrift.model.presence.lookup import Lookup
from samdrift.model.presence.observation import PresenceObservation
from samdrift.model.presence.talks import Hop, MailTalk, TlsTalk, WebTalk

PRESENCE, CERTIFICATE, HTTP_HEAD, SMTP_DIALOGUE, SECURITY_TXT = "presence-observation", "certificate", "http-head", "smtp-dialogue", "security-txt"


class _Pieces:
    """The pieces gathered while an observation is written down; each content once."""

    def __init__(self) -> None:
        self.found: dict[str, Evidence] = {}

    def keep(self, kind: str, content: bytes, at: datetime, about: Mapping[str, Value]) -> str:
        piece = evidence_id(content)
        self.found.setdefault(piece, Evidence(piece, kind, content, at, about))
        return piece


def to_evidence(seen: PresenceObservation) -> tuple[Evidence, ...]:
    """The observation first, then each piece once."""
    pieces = _Pieces()
    whole = json.dumps(_to_json(seen, pieces), separators=(",", ":"), sort_keys=True).encode()
    packed = zlib.compress(whole, 6)
    return Evidence(evidence_id(packed), PRESENCE, packed, seen.started_at, {"zone": seen.name, "view": seen.view}), *pieces.found.values()


def piece_ids(observation: Evidence) -> tuple[str, ...]:
    """The ids of the pieces that an observation points to, each once; ValueError when the content is no observation."""
    return tuple(unpacked(observation)["pieces"])


def from_evidence(observation: Evidence, pieces: Iterable[Evidence]) -> PresenceObservation:
    """What `to_evidence` kept. KeyError names a piece that is not there; ValueError when the content is no observation."""
    return _from_json(unpacked(observation), {each.id: each.content for each in pieces})


# -- written down
def _us(at: datetime | None) -> int | None:
    return None if at is None else microseconds(at)


def _to_json(seen: PresenceObservation, pieces: _Pieces) -> dict[str, Any]:
    told: dict[str, Any] = {
        "zone": to_text(seen.zone), "view": seen.view, "started_us": _us(seen.started_at), "ended_us": _us(seen.ended_at), "exists": seen.exists, "unknown": seen.unknown,
        "lookups": [[to_text(one.name), one.type, [_exchange(each, pieces) for each in one.exchanges], one.reason] for one in seen.lookups],
        "at_servers": [_exchange(each, pieces) for each in seen.at_servers],
        "hosts": [host_row(host) for host in seen.hosts],
        "web": [_web(talk, pieces) for talk in seen.web], "mail": [_mail(talk, pieces) for talk in seen.mail],
        "last_answer_us": {family: _us(at) for family, at in seen.last_answer.items()}, "last_smtp_us": _us(seen.last_smtp), "stopped": seen.stopped,
        "chain": [_exchange(each, pieces) for each in seen.chain],
        "authorities": seen.authorities,
        "anchors": None if seen.anchors is None else [[to_text(one.owner), one.type, one.data.hex()] for one in seen.anchors],
    }  # fmt: skip
    return {**told, "pieces": list(pieces.found)}


def _exchange(each: Exchange, pieces: _Pieces) -> list[Any]:
    if each.reply is not None:
        pieces.keep(ANSWER, each.reply, each.at, {"question": each.asked, "address": each.address, "transport": each.transport})
    return exchange_row(each)


def _tls(talk: TlsTalk | None, at: datetime, about: Mapping[str, Value], pieces: _Pieces) -> dict[str, Any] | None:
    if talk is None:
        return None
    told = {field.name: getattr(talk, field.name) for field in dataclasses.fields(talk)}
    return {**told, **{key: [pieces.keep(CERTIFICATE, one, at, about) for one in told[key]] for key in ("chain", "anchors")}}


def _web(talk: WebTalk, pieces: _Pieces) -> dict[str, Any]:
    about: dict[str, Value] = {"host": talk.host, "port": talk.port, "address": talk.address}
    hops = []
    for hop in talk.hops:
        told = {field.name: getattr(hop, field.name) for field in dataclasses.fields(hop)}
        hops.append({**told, "head": pieces.keep(HTTP_HEAD, hop.head, talk.at, {**about, "url": hop.url, "body_sha256": hop.body_sha256})})
    text = talk.security_txt
    kept = None if text is None else [text[0], pieces.keep(SECURITY_TXT, text[1], talk.at, about)]
    return {
        "host": talk.host, "port": talk.port, "address": talk.address, "at": _us(talk.at), "closed": talk.closed, "connect_us": talk.connect_us,
        "tls": _tls(talk.tls, talk.at, about, pieces), "hops": hops, "not_followed": talk.not_followed, "why_not": talk.why_not, "security_txt": kept,
    }  # fmt: skip


def _mail(talk: MailTalk, pieces: _Pieces) -> dict[str, Any]:
    about: dict[str, Value] = {"host": talk.host, "port": 25, "address": talk.address}
    return {
        "host": talk.host, "address": talk.address, "at": _us(talk.at), "closed": talk.closed, "connect_us": talk.connect_us, "banner_us": talk.banner_us,
        "dialogue": pieces.keep(SMTP_DIALOGUE, talk.dialogue.encode(), talk.at, about), "starttls": talk.starttls,
        "tls": _tls(talk.tls, talk.at, about, pieces), "failed": talk.failed,
    }  # fmt: skip


# -- and read again
def _at(us: int) -> datetime:
    return EPOCH + timedelta(microseconds=us)


def _reason(text: str | None) -> Reason | None:
    return None if text is None else Reason(text)


def _from_json(told: Mapping[str, Any], pieces: Mapping[str, bytes]) -> PresenceObservation:
    return PresenceObservation(
        from_text(told["zone"]), told["view"], _at(told["started_us"]), _at(told["ended_us"]), told["exists"], _reason(told["unknown"]),
        tuple(Lookup(from_text(name), rtype, tuple(read_exchange_row(one, pieces) for one in exchanges), _reason(why)) for name, rtype, exchanges, why in told["lookups"]),
        tuple(read_exchange_row(one, pieces) for one in told["at_servers"]),
        read_host_rows(told["hosts"]),
        tuple(_read_web(one, pieces) for one in told["web"]), tuple(_read_mail(one, pieces) for one in told["mail"]),
        {family: _at(us) for family, us in told["last_answer_us"].items()}, None if told["last_smtp_us"] is None else _at(told["last_smtp_us"]), _reason(told["stopped"]),
        tuple(read_exchange_row(one, pieces) for one in told["chain"]),
        None if told["anchors"] is None else tuple(Anchor(from_text(owner), rtype, bytes.fromhex(data)) for owner, rtype, data in told["anchors"]),
        told.get("authorities", True),
    )  # fmt: skip


def _read_tls(told: Mapping[str, Any] | None, pieces: Mapping[str, bytes]) -> TlsTalk | None:
    if told is None:
        return None
    return TlsTalk(**{**told, "chain": tuple(pieces[one] for one in told["chain"]), "anchors": tuple(pieces[one] for one in told["anchors"]), "failed": _reason(told["failed"])})


def _read_web(told: Mapping[str, Any], pieces: Mapping[str, bytes]) -> WebTalk:
    hops = tuple(Hop(**{**hop, "head": pieces[hop["head"]], "words": tuple(hop["words"]), "failed": _reason(hop["failed"])}) for hop in told["hops"])
    text = told["security_txt"]
    return WebTalk(**{
        **told, "at": _at(told["at"]), "closed": _reason(told["closed"]), "tls": _read_tls(told["tls"], pieces), "hops": hops,
        "security_txt": None if text is None else (text[0], pieces[text[1]]),
    })  # fmt: skip


def _read_mail(told: Mapping[str, Any], pieces: Mapping[str, bytes]) -> MailTalk:
    return MailTalk(**{
        **told, "at": _at(told["at"]), "closed": _reason(told["closed"]), "dialogue": pieces[told["dialogue"]].decode(),
        "tls": _read_tls(told["tls"], pieces), "failed": _reason(told["failed"]),
    })  # fmt: skip
