"""dnssec-chain: a validating resolver reaches the zone from the trust anchor: DS to DNSKEY to SOA, by every server."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.chain import Link, State, closest_anchors, delegation, enter, limit_of, walk_down
from samdrift.compliance.entry import weigh_apex
from samdrift.compliance.key_ring import holds
from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import REGISTRAR, publish_ds, remove_ds, sign_again
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.dns.message import Message
from samdrift.model.dns.names import to_text
from samdrift.model.dns.records import Ds, ds_line, read_ds
from samdrift.model.dns.view import Anchor
from samdrift.model.finding import Finding, Reason, Remedy, Severity


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """The links above the zone once, the delegation by each server of the parent, the zone by each of its own servers."""
    ledger = Ledger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    anchors = closest_anchors(hand.seen.facts.anchors or (), hand.zone)
    if not anchors:
        ledger.unknown(Reason.NO_TRUST_ANCHOR, f"no trust anchor at or above {hand.seen.name}")
        return ledger.findings(well="")
    now = int(at.timestamp())
    if anchors[0].owner == hand.zone:
        _judge_island(ledger, hand, anchors, now)
    else:
        _judge_below(ledger, hand, walk_down(hand, anchors, now), now)
    return ledger.findings(well=_well(ledger, hand, anchors), judged=hand.speaking, rtypes=(types.DNSKEY, types.SOA))


def _well(ledger: Ledger, hand: ZoneInHand, anchors: tuple[Anchor, ...]) -> str:
    insecure = ledger.noted
    return "no link is broken" if insecure else f"secure from the anchor of {to_text(anchors[0].owner)} down to {hand.seen.name}"


def _judge_island(ledger: Ledger, hand: ZoneInHand, anchors: tuple[Anchor, ...], now: int) -> None:
    keys = tuple(one.data for one in anchors if one.type == types.DNSKEY)
    ds = tuple(read_ds(one.data) for one in anchors if one.type == types.DS and len(one.data) >= 4)
    for address in hand.speaking:
        _judge_server(ledger, hand, address, keys, ds, now, by="the trust anchor")


def _judge_below(ledger: Ledger, hand: ZoneInHand, above: Link, now: int) -> None:
    if not _go_on(ledger, hand, above):
        return
    if hand.seen.ds_given is not None:
        _judge_given(ledger, hand, now)
        return
    if hand.seen.given:
        ledger.unknown(Reason.NO_DATA, "the zone is not delegated yet, and nobody said which DS it will have")
        return
    links = {address: delegation(hand.zone, message, above, now) for address in hand.parent_addresses if (message := _delegating(hand, address)) is not None}
    if not links:
        ledger.unknown(Reason.NO_WORKING_SERVER, f"no server of {to_text(above.at)} says which DS {hand.seen.name} has")
        return
    for address, link in links.items():
        if link.state is State.BOGUS:
            _note_bogus(ledger, hand, link, f"{link.text} (at the parent's server {address})", part=f"parent-{address}")
        else:
            _go_on(ledger, hand, link)
    for ds in dict.fromkeys(link.ds for link in links.values() if link.state is State.SECURE):
        for address in hand.speaking:
            _judge_server(ledger, hand, address, (), ds, now, by="the DS")


def _judge_given(ledger: Ledger, hand: ZoneInHand, now: int) -> None:
    """DS given by hand, as if the parent had signed them."""
    if not hand.ds_set:
        ledger.note("insecure", f"not protected by DNSSEC: {hand.seen.name} would have no DS", rrset=f"{hand.text}/DS", value={"zone_of_link": hand.text})
        return
    for address in hand.speaking:
        _judge_server(ledger, hand, address, (), hand.ds_set, now, by="the DS given")


def _delegating(hand: ZoneInHand, address: str) -> Message | None:
    """The reply of one of the parent's servers that says which DS there are."""
    asked, referral = hand.message("parent", address, types.DS), hand.message("parent", address, types.NS)
    if asked is not None and asked.rcode == types.NOERROR and asked.authoritative:
        return asked
    return referral if referral is not None and referral.rcode == types.NOERROR and referral.delegation(hand.zone, types.NS) else None


def _go_on(ledger: Ledger, hand: ZoneInHand, link: Link) -> bool:
    """Whether the way goes on below a link; else what stops it is noted."""
    if link.state is State.INSECURE:
        ledger.note("insecure", f"not protected by DNSSEC: {link.text}", rrset=f"{to_text(link.at)}/DS", value={"zone_of_link": to_text(link.at)})
    elif link.state is State.BOGUS:
        _note_bogus(ledger, hand, link, link.text, part=to_text(link.at))
    elif link.state is State.UNKNOWN:
        ledger.unknown(link.reason or Reason.NO_DATA, link.text, part=to_text(link.at))
    return link.state is State.SECURE


def _note_bogus(ledger: Ledger, hand: ZoneInHand, link: Link, text: str, *, part: str) -> None:
    name = to_text(link.at)
    above = Remedy(f"Tell who runs {name if link.at != hand.zone else 'the parent'}: {text}", by=REGISTRAR)
    ledger.note("bogus", f"the chain of trust is broken: {text}", part=part, rrset=f"{name}/DS", value={"zone_of_link": name}, remedy=above)


def _judge_server(ledger: Ledger, hand: ZoneInHand, address: str, keys: tuple[bytes, ...], ds: tuple[Ds, ...], now: int, *, by: str) -> None:
    """The zone's keys under the DS, then its SOA under the keys, as one server gives them."""
    link = enter(hand.zone, hand.exchange("child", address, types.DNSKEY), keys, ds, now, by=by)
    if link.state is State.UNKNOWN:
        ledger.unknown(link.reason or Reason.NO_DATA, link.text, part=f"DNSKEY@{address}")
        return
    if link.state is State.BOGUS:
        signers = tuple(key for key in hand.keys(address) if key.is_sep and key.is_zone_key and not key.is_revoked)
        if not hand.keys(address):
            remedy = remove_ds(hand, "\n".join(ds_line(hand.zone, one) for one in ds))
        elif "points to no key" in link.text:
            remedy = publish_ds(hand, signers or hand.keys(address), "Publish this DS instead")
        else:
            remedy = sign_again(hand, link.text)
        ledger.note("bogus", f"the chain of trust is broken: {link.text}", address=address, part="DNSKEY", rrset=f"{hand.text}/DNSKEY", value={"zone_of_link": hand.text}, remedy=remedy)
        return
    weighed = weigh_apex(hand, address, types.SOA, now)
    if holds(weighed, now):
        return
    limit = limit_of(weighed, now)
    if limit is not None:
        ledger.unknown(limit, f"the signatures over SOA could not be judged ({limit})", part=f"SOA@{address}")
        return
    text = "no signature over SOA verifies, in force, with the zone's keys"
    ledger.note("bogus", f"the chain of trust is broken: {text}", address=address, part="SOA", rrset=f"{hand.text}/SOA", value={"zone_of_link": hand.text}, remedy=sign_again(hand, text))


CHECK = Check(
    id="dnssec-chain",
    category="dnssec",
    title="Secure from the trust anchor",
    requirement="From the trust anchor every link holds: each DS is signed by its parent, points to a key that signs the keys, and these sign the zone, on every server.",
    remedy="Mend the link that is named: publish the right DS, or sign again.",
    codes=(
        Code("insecure", Severity.NOTICE, "A zone on the way is not signed, or has no DS: nothing below it is protected."),
        Code("bogus", Severity.FAILURE, "A link of the chain is broken: validating resolvers refuse the zone, by one server or more."),
    ),
    needs=("zone", "zone.chain"),
    references=("internetnl:dnssec_valid", "rfc:4035", "rfc:4033"),
    judge=judge,
)
