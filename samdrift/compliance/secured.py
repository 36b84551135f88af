"""Whether what a look-up gave is secure: the chain down to its zone, then the signature over the records (RFC 4035 5)."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.chain import Link, State, closest_anchors, limit_of, read_signatures, walk_down
from samdrift.compliance.key_ring import KeyRing, holds
from samdrift.compliance.presence import PresenceInHand
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.dns import types
from samdrift.model.dns.names import ROOT, BadName, from_text, to_text
from samdrift.model.dns.observation import ZoneObservation
from samdrift.model.dns.types import type_name
from samdrift.model.dns.view import Anchor
from samdrift.model.finding import Reason
from samdrift.model.presence.lookup import Lookup


def _served_by_the_root(hand: PresenceInHand) -> tuple[Anchor, ...] | None:
    """Where nobody said whom to trust, the root's keys as served: only dnssec-chain turns on the anchor itself (D2). None when they are not known."""
    if hand.seen.anchors is not None:
        return None
    told = next((each.whole for each in hand.seen.chain if (each.name, each.type) == (ROOT, types.DNSKEY) and each.whole is not None), None)
    return None if told is None else tuple(Anchor(ROOT, types.DNSKEY, record.data) for record in told.rrset(ROOT, types.DNSKEY))


def secured(hand: PresenceInHand, found: Lookup, at: datetime) -> Link:
    """How the records of a look-up come out, at the end of their aliases; those of a look-up without records as its zone does."""
    seen, now = hand.seen, int(at.timestamp())
    anchors = closest_anchors(seen.anchors or (), found.target) or _served_by_the_root(hand)
    if anchors is None:
        return Link(State.UNKNOWN, found.target, f"no trust anchor at or above {to_text(found.target)}", reason=Reason.NO_TRUST_ANCHOR)
    if not anchors:
        return Link(State.INSECURE, ROOT, "the root is not signed")
    try:
        below = from_text(f"_.{to_text(found.target)}")  # so that a zone whose name it is counts as above it
    except BadName:
        return Link(State.UNKNOWN, found.target, "the name is too long", reason=Reason.TOO_COSTLY)
    link = walk_down(ZoneInHand(ZoneObservation(below, seen.view, seen.started_at, seen.ended_at, exchanges=seen.chain)), anchors, now)
    if link.state is not State.SECURE or not found.records:
        return link
    message = found.exchanges[-1].whole
    signatures = [] if message is None else read_signatures(message, found.target, found.type)
    weighed = KeyRing(link.at, link.keys).weigh(found.records, signatures, now)
    what = f"{to_text(found.target)}/{type_name(found.type)}"
    if holds(weighed, now):
        return Link(State.SECURE, link.at, f"{what} is signed", link.keys)
    limit = limit_of(weighed, now)
    if limit is not None:
        return Link(State.UNKNOWN, link.at, f"the signatures over {what} could not be judged ({limit})", reason=limit)
    return Link(State.BOGUS, link.at, f"{what} is not signed, in force, by the keys of {to_text(link.at)}")
