"""The chain of trust above a zone: from an anchor down to the parent's keys, link by link, as a validating resolver walks it (RFC 4035 5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from samdrift.compliance.denial import Verdict, no_ds, read_denial
from samdrift.compliance.entry import is_of_key
from samdrift.compliance.key_ring import KeyRing, Weighed, Worth, holds, in_force
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.dns import types
from samdrift.model.dns.message import Malformed, Message, Record
from samdrift.model.dns.names import Name, is_within, to_text
from samdrift.model.dns.observation import Exchange
from samdrift.model.dns.records import Dnskey, Ds, Rrsig, read_dnskey, read_ds, read_rrsig
from samdrift.model.dns.view import Anchor
from samdrift.model.finding import Reason


class State(StrEnum):
    """RFC 4033 5's states of a link; `unknown` is that we cannot tell."""

    SECURE = "secure"
    INSECURE = "insecure"
    BOGUS = "bogus"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Link:
    """How one link came out: `at` is its zone, `keys` what is trusted below it, `ds` the trusted DS of a delegation."""

    state: State
    at: Name
    text: str
    keys: tuple[Dnskey, ...] = ()
    ds: tuple[Ds, ...] = ()
    reason: Reason | None = None


LIMITS = {Worth.UNSUPPORTED: Reason.ALGORITHM_UNSUPPORTED, Worth.TOO_COSTLY: Reason.TOO_COSTLY}


def closest_anchors(anchors: Iterable[Anchor], zone: Name) -> tuple[Anchor, ...]:
    """The anchors of the nearest name at or above a zone that has any."""
    held = [one for one in anchors if is_within(zone, one.owner)]
    return tuple(one for one in held if len(one.owner) == max(len(other.owner) for other in held))


def walk_down(hand: ZoneInHand, anchors: tuple[Anchor, ...], now: int) -> Link:
    """From the anchors' zone to the keys of the zone's parent: the first link that is not secure, else the last one."""
    top = anchors[0].owner
    cuts = sorted({each.name for each in hand.seen.exchanges if each.side == "other" and each.type == types.DNSKEY and is_within(hand.zone, each.name) and is_within(each.name, top)} - {hand.zone}, key=len)
    if top not in cuts:
        return Link(State.UNKNOWN, top, f"the keys of {to_text(top)} could not be found out", reason=Reason.NO_WORKING_SERVER)
    link = _enter_by_anchor(hand, anchors, now)
    for cut in cuts[1:]:
        if link.state is State.SECURE:
            link = _descend(hand, cut, link, now)
    return link


def _enter_by_anchor(hand: ZoneInHand, anchors: tuple[Anchor, ...], now: int) -> Link:
    top = anchors[0].owner
    told = hand.elsewhere(top, types.DNSKEY)
    return enter(top, told, tuple(one.data for one in anchors if one.type == types.DNSKEY), tuple(read_ds(one.data) for one in anchors if one.type == types.DS and len(one.data) >= 4), now, by="the trust anchor")


def enter(zone: Name, told: Exchange | None, trusted_keys: tuple[bytes, ...], trusted_ds: tuple[Ds, ...], now: int, *, by: str) -> Link:
    """Whether a zone's DNSKEY set is signed by a key that is trusted by itself or by a DS."""
    message = None if told is None else told.whole
    name = to_text(zone)
    if message is None:
        return Link(State.UNKNOWN, zone, f"no server of {name} gave its keys", reason=(told.failure if told else None) or Reason.NO_WORKING_SERVER)
    rrset = message.rrset(zone, types.DNSKEY)
    keys = tuple(read_dnskey(record.data) for record in rrset if len(record.data) >= 4)
    if not keys:
        return Link(State.BOGUS, zone, f"{name} has no keys although {by} points to one")
    pointed = [key for key in keys if key.data in trusted_keys or any(is_of_key(zone, ds, key) for ds in trusted_ds)]
    if not pointed:
        if trusted_ds and not trusted_keys and not any(ds.digest_type in {1, 2, 4} for ds in trusted_ds):
            return Link(State.UNKNOWN, zone, f"no DS of {name} has a digest that can be computed here", reason=Reason.ALGORITHM_UNSUPPORTED)
        return Link(State.BOGUS, zone, f"{by} points to no key of {name}")
    weighed = KeyRing(zone, tuple(pointed)).weigh(rrset, read_signatures(message, zone, types.DNSKEY), now)
    if holds(weighed, now):
        return Link(State.SECURE, zone, f"the keys of {name} are signed by one that {by} points to", keys)
    limit = limit_of(weighed, now)
    if limit is not None:
        return Link(State.UNKNOWN, zone, f"the signatures over the keys of {name} could not be judged ({limit})", reason=limit)
    return Link(State.BOGUS, zone, f"the keys of {name} are not signed, in force, by one that {by} points to")


def _descend(hand: ZoneInHand, cut: Name, above: Link, now: int) -> Link:
    """One delegation: the DS set under the keys above, then the keys below under the DS."""
    told = hand.elsewhere(cut, types.DS)
    message = None if told is None else told.whole
    if message is None:
        return Link(State.UNKNOWN, cut, f"nobody said which DS {to_text(cut)} has", reason=(told.failure if told else None) or Reason.NO_WORKING_SERVER)
    link = delegation(cut, message, above, now)
    if link.state is not State.SECURE:
        return link
    return enter(cut, hand.elsewhere(cut, types.DNSKEY), (), link.ds, now, by="its DS")


def delegation(cut: Name, message: Message, above: Link, now: int) -> Link:
    """What a reply of the parent (an answer for DS, or a referral) says of a delegation: its DS, signed; or proven that there is none."""
    ring, name, parent = KeyRing(above.at, above.keys), to_text(cut), to_text(above.at)
    for section in (message.answer, message.authority):
        rrset = tuple(record for record in section if record.owner == cut and record.type == types.DS)
        if rrset:
            return _signed_ds(cut, rrset, ring.weigh(rrset, read_signatures(message, cut, types.DS, section), now), now)
    denial = read_denial(above.at, message.authority)
    verdict = no_ds(denial, cut)
    if verdict in {Verdict.UNSUPPORTED, Verdict.TOO_COSTLY}:
        reason = Reason.TOO_COSTLY if verdict is Verdict.TOO_COSTLY else Reason.ALGORITHM_UNSUPPORTED
        return Link(State.UNKNOWN, cut, f"{parent}'s proof that {name} has no DS cannot be judged ({reason})", reason=reason)
    if verdict not in {Verdict.PROVEN, Verdict.OPT_OUT}:
        return Link(State.BOGUS, cut, f"{parent} gives no DS for {name} and does not prove that there is none")
    for owner, rtype in {(record.owner, record.type) for record in message.authority if record.type in {types.NSEC, types.NSEC3}}:
        rrset = tuple(record for record in message.authority if (record.owner, record.type) == (owner, rtype))
        weighed = ring.weigh(rrset, read_signatures(message, owner, rtype, message.authority), now)
        if not holds(weighed, now):
            limit = limit_of(weighed, now)
            if limit is not None:
                return Link(State.UNKNOWN, cut, f"{parent}'s proof that {name} has no DS cannot be judged ({limit})", reason=limit)
            return Link(State.BOGUS, cut, f"{parent}'s proof that {name} has no DS is not signed, in force, by its keys")
    return Link(State.INSECURE, cut, f"{parent} proves that {name} has no DS")


def _signed_ds(cut: Name, rrset: tuple[Record, ...], weighed: tuple[Weighed, ...], now: int) -> Link:
    name = to_text(cut)
    if not holds(weighed, now):
        limit = limit_of(weighed, now)
        if limit is not None:
            return Link(State.UNKNOWN, cut, f"the signatures over the DS of {name} could not be judged ({limit})", reason=limit)
        return Link(State.BOGUS, cut, f"the DS of {name} is not signed, in force, by its parent's keys")
    return Link(State.SECURE, cut, f"the DS of {name} is signed", ds=tuple(read_ds(one.data) for one in rrset if len(one.data) >= 4))


def limit_of(weighed: Iterable[Weighed], now: int) -> Reason | None:
    """Why signatures that are in force could not be judged; None when they could."""
    return next((LIMITS[one.worth] for one in weighed if one.worth in LIMITS and in_force(one.signature, now)), None)


def read_signatures(message: Message, owner: Name, covered: int, section: tuple[Record, ...] | None = None) -> list[Rrsig]:
    """The readable signatures over one RRset of a reply."""
    found = []
    for record in message.signatures(owner, covered, section=section):
        try:
            found.append(read_rrsig(record.data))
        except Malformed:
            continue
    return found
