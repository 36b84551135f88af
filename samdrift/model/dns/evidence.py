"""Evidence of a zone: equal answers kept once, and one record of who was asked when that points to them (dns.md D9)."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from samdrift.model.dns.names import from_text, to_text
from samdrift.model.dns.observation import Exchange, Host, ZoneObservation
from samdrift.model.dns.view import Anchor, Origins, ViewFacts
from samdrift.model.finding import Evidence, Reason
from samdrift.model.period import EPOCH, microseconds

ANSWER, OBSERVATION = "dns-answer", "dns-observation"
_ANSWER = 8
"""Where an exchange's list has the id of its answer; after it stands the variant, when it is not the usual one."""
LARGEST = 16 * 2**20
"""Octets that a stored observation may unpack to."""


def evidence_id(content: bytes) -> str:
    """`ev-` and the first 20 hex digits of the content's SHA-256."""
    return f"ev-{hashlib.sha256(content).hexdigest()[:20]}"


def answer_id(exchange: Exchange) -> str | None:
    """The id of an exchange's answer; None when there was none."""
    return None if exchange.reply is None else evidence_id(exchange.reply)


def to_evidence(seen: ZoneObservation) -> tuple[Evidence, ...]:
    """The observation first, then each answer once."""
    whole = json.dumps(_to_json(seen), separators=(",", ":"), sort_keys=True).encode()
    packed = zlib.compress(whole, 6)
    found: dict[str, Evidence] = {}
    for each in seen.exchanges:
        if each.reply is not None:
            piece = evidence_id(each.reply)
            found.setdefault(piece, Evidence(piece, ANSWER, each.reply, each.at, {"question": each.asked, "address": each.address, "transport": each.transport}))
    first = Evidence(evidence_id(packed), OBSERVATION, packed, seen.started_at, {"zone": seen.name, "view": seen.view})
    return first, *found.values()


def from_evidence(observation: Evidence, answers: Iterable[Evidence]) -> ZoneObservation:
    """What `to_evidence` kept. KeyError names an answer that is not there; ValueError when the content is no observation."""
    return _from_json(unpacked(observation), {each.id: each.content for each in answers})


def answer_ids(observation: Evidence) -> tuple[str, ...]:
    """The ids of the answers that an observation points to, each once; ValueError when the content is no observation."""
    return tuple(dict.fromkeys(exchange[_ANSWER] for exchange in unpacked(observation)["exchanges"] if exchange[_ANSWER] is not None))


def unpacked(observation: Evidence) -> dict[str, Any]:
    """An observation's JSON; ValueError when it is none, or too large."""
    unpacker = zlib.decompressobj()
    try:
        whole = unpacker.decompress(observation.content, LARGEST)
    except zlib.error as error:
        raise ValueError(f"{observation.id} cannot be unpacked: {error}") from None
    if unpacker.unconsumed_tail:
        raise ValueError(f"{observation.id} unpacks to more than {LARGEST} octets")
    found: dict[str, Any] = json.loads(whole)
    return found


def _to_json(seen: ZoneObservation) -> dict[str, Any]:
    facts = seen.facts
    return {
        "zone": to_text(seen.zone),
        "view": seen.view,
        "started_us": microseconds(seen.started_at),
        "ended_us": microseconds(seen.ended_at),
        "parent": None if seen.parent is None else to_text(seen.parent),
        "parent_asked": seen.parent_asked,
        "stopped": seen.stopped,
        "last_answer_us": {family: microseconds(at) for family, at in seen.last_answer.items()},
        "hosts": [host_row(one) for one in seen.hosts],
        "given": [host_row(one) for one in seen.given],
        "asked": sorted(seen.asked),
        "facts": {
            "public": facts.public, "private_addresses": facts.private_addresses, "stands_for_public": facts.stands_for_public, "transfer_from": facts.transfer_from,
            "roots": facts.roots, "anchors": None if facts.anchors is None else [[to_text(one.owner), one.type, one.data.hex()] for one in facts.anchors],
            **({} if facts.origins is None else {"origins": [facts.origins.dated.isoformat(), [[address, list(systems)] for address, systems in facts.origins.of]]}),
        },
        "sources": dict(seen.sources),
        **({} if seen.ds_given is None else {"ds_given": [one.hex() for one in seen.ds_given]}),
        "exchanges": [exchange_row(each) for each in seen.exchanges],
    }  # fmt: skip


def host_row(host: Host) -> list[Any]:
    """A host as JSON keeps it."""
    return [to_text(host.name), list(host.addresses), dict(host.unknown)]


def exchange_row(each: Exchange) -> list[Any]:
    """An exchange as JSON keeps it: its answer by its id."""
    told = [each.side, each.address, each.transport, to_text(each.name), each.type, microseconds(each.at), each.rtt_us, each.error, answer_id(each)]
    return told if each.variant == "edns" else [*told, each.variant]


def _from_json(told: Mapping[str, Any], answers: Mapping[str, bytes]) -> ZoneObservation:
    facts = dict(told.get("facts", {}))
    if facts:
        anchors, origins = facts.pop("anchors"), facts.pop("origins", None)
        facts = {key: tuple(value) if isinstance(value, list) else value for key, value in facts.items()}
        facts["anchors"] = None if anchors is None else tuple(Anchor(from_text(owner), rtype, bytes.fromhex(data)) for owner, rtype, data in anchors)
        facts["origins"] = None if origins is None else Origins(date.fromisoformat(origins[0]), tuple((address, tuple(systems)) for address, systems in origins[1]))
    return ZoneObservation(
        from_text(told["zone"]), told["view"], _at(told["started_us"]), _at(told["ended_us"]),
        None if told["parent"] is None else from_text(told["parent"]), tuple(read_exchange_row(one, answers) for one in told["exchanges"]), read_host_rows(told["hosts"]),
        {family: _at(value) for family, value in told["last_answer_us"].items()}, told["parent_asked"],
        None if told["stopped"] is None else Reason(told["stopped"]), read_host_rows(told.get("given", ())), frozenset(told.get("asked", ())), ViewFacts(**facts), told.get("sources", {}),
        tuple(bytes.fromhex(one) for one in told["ds_given"]) if "ds_given" in told else None,
    )  # fmt: skip


def _at(value: int) -> datetime:
    return EPOCH + timedelta(microseconds=value)


def read_host_rows(told: Iterable[Any]) -> tuple[Host, ...]:
    """What `host_row` made of hosts."""
    return tuple(Host(from_text(name), tuple(addresses), {family: Reason(why) for family, why in unknown.items()}) for name, addresses, unknown in told)


def read_exchange_row(told: list[Any], answers: Mapping[str, bytes]) -> Exchange:
    """What `exchange_row` made; KeyError names an answer that is not there."""
    side, address, transport, name, rtype, asked_at, rtt, error, answer, *variant = told
    reply = None if answer is None else answers[answer]
    return Exchange(side, address, transport, from_text(name), rtype, _at(asked_at), rtt, reply, None if error is None else Reason(error), *variant)
