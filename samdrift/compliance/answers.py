"""Answers: every RRset of the zone that its servers gave to any question, with its signatures; whoever asks more is judged for more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from samdrift.compliance.zone import ZoneInHand
from samdrift.model.dns import types
from samdrift.model.dns.message import Malformed, Message, Record
from samdrift.model.dns.names import Name, is_within, to_text
from samdrift.model.dns.observation import Exchange
from samdrift.model.dns.records import Rrsig, read_rrsig

DENIALS = (types.NSEC, types.NSEC3)


@dataclass(frozen=True, slots=True)
class Answer:
    """One RRset as one address gave it; `denial` when it is an NSEC or NSEC3 that came as a proof."""

    address: str
    owner: Name
    type: int
    rrset: tuple[Record, ...]
    signatures: tuple[Rrsig, ...]
    denial: bool = False

    def label(self, zone: Name) -> str:
        """`SOA` at the apex, else `www.krokom.se./A`; a proof by its type alone, for its owner is another each time."""
        name = types.type_name(self.type)
        return name if self.owner == zone or self.denial else f"{to_text(self.owner)}/{name}"

    @property
    def rrset_name(self) -> str:
        return f"{to_text(self.owner)}/{types.type_name(self.type)}"


def answers(hand: ZoneInHand) -> Iterator[Answer]:
    """By address, owner and type; what another zone on the same server signed is not this zone's, and each RRset comes once."""
    spoken = set(hand.speaking)
    seen: set[tuple[str, Name, int, bytes]] = set()
    found = []
    for each in hand.seen.exchanges:
        if each.side != "child" or each.address not in spoken or not each.usual or (message := each.whole) is None or not message.authoritative:
            continue
        if message.rcode not in {types.NOERROR, types.NXDOMAIN}:
            continue
        for answer in _in_message(hand.zone, each.address, message):
            key = (answer.address, answer.owner, answer.type, b"".join(sorted(one.data for one in answer.rrset)) + b"".join(sorted(one.signature for one in answer.signatures)))
            if key not in seen:
                seen.add(key)
                found.append(answer)
    yield from sorted(found, key=lambda one: (one.address, one.owner != hand.zone, one.owner, one.type))


def _in_message(zone: Name, address: str, message: Message) -> Iterator[Answer]:
    cuts = {record.owner for record in message.authority if record.type in {types.NS, types.SOA} and record.owner != zone and is_within(record.owner, zone)}
    answer = tuple(record for record in message.answer if not any(is_within(record.owner, cut) for cut in cuts))
    yield from _in_section(zone, address, answer, denial=False)
    if any(record.type == types.SOA and record.owner == zone for record in message.authority):
        yield from _in_section(zone, address, tuple(record for record in message.authority if record.type in {*DENIALS, types.RRSIG}), denial=True)


def _in_section(zone: Name, address: str, section: tuple[Record, ...], *, denial: bool) -> Iterator[Answer]:
    sets: dict[tuple[Name, int], list[Record]] = {}
    for record in section:
        if record.type not in {types.RRSIG, types.OPT} and is_within(record.owner, zone):
            sets.setdefault((record.owner, record.type), []).append(record)
    made = _signatures(section)
    for (owner, rtype), rrset in sets.items():
        signatures = made.get((owner, rtype), ())
        if signatures and all(one.signer != zone and is_within(one.signer, zone) for one in signatures):
            continue
        yield Answer(address, owner, rtype, tuple(rrset), tuple(signatures), denial)


def _signatures(section: tuple[Record, ...]) -> dict[tuple[Name, int], list[Rrsig]]:
    found: dict[tuple[Name, int], list[Rrsig]] = {}
    for record in section:
        if record.type != types.RRSIG:
            continue
        try:
            signature = read_rrsig(record.data)
        except Malformed:
            continue
        found.setdefault((record.owner, signature.type_covered), []).append(signature)
    return found


def counting(hand: ZoneInHand, address: str) -> Iterator[Exchange]:
    """The exchange that counts for each usual question to one of the zone's addresses."""
    asked = dict.fromkeys((each.name, each.type) for each in hand.seen.exchanges if each.side == "child" and each.address == address and each.usual)
    for name, rtype in asked:
        if (found := hand.exchange("child", address, rtype, name)) is not None:
            yield found
