"""Entry into a zone: the keys that a DS (or an anchor) points to, and whether the way from DS to data verifies on every server."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.key_ring import Weighed, Worth, holds, in_force
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.dns import types
from samdrift.model.dns.names import Name
from samdrift.model.dns.records import Dnskey, Ds, make_ds


def is_of_key(zone: Name, ds: Ds, key: Dnskey) -> bool:
    """Whether a DS of a zone is that key's (RFC 4035 5.2)."""
    if (ds.key_tag, ds.algorithm) != (key.key_tag, key.algorithm):
        return False
    made = make_ds(zone, key, ds.digest_type)
    return made is not None and made.digest == ds.digest


def fits(hand: ZoneInHand, ds: Ds, key: Dnskey) -> bool:
    """Whether a DS of the zone in hand is that key's."""
    return is_of_key(hand.zone, ds, key)


def entry_keys(hand: ZoneInHand, address: str) -> tuple[Dnskey, ...]:
    """The keys of a server that a DS points to; without any, those marked as entry points; else all."""
    keys = [key for key in hand.keys(address) if key.is_zone_key and key.protocol == 3]
    pointed = [key for key in keys if any(fits(hand, ds, key) for ds in hand.ds_set)]
    return tuple(pointed or [key for key in keys if key.is_sep] or keys)


def weigh_apex(hand: ZoneInHand, address: str, rtype: int, now: int) -> tuple[Weighed, ...]:
    """The signatures over an apex RRset of a server, weighed."""
    rrset = hand.rrset(address, rtype)
    return hand.rings[address].weigh(rrset, hand.signatures(address, rtype), now) if rrset else ()


def enters(hand: ZoneInHand, address: str, now: int) -> bool:
    """Whether a key that a DS points to signs the DNSKEY set of a server, in force at `now`; without DS any entry key will do."""
    entries = entry_keys(hand, address)
    return any(one.worth is Worth.GOOD and one.key in entries and in_force(one.signature, now) for one in weigh_apex(hand, address, types.DNSKEY, now))


def is_whole(hand: ZoneInHand, at: datetime) -> bool:
    """Whether one whole chain, from DS over DNSKEY to SOA and NS, verifies on every server that answers (dns.md D11)."""
    now = int(at.timestamp())
    if not hand.speaking or (hand.ds_set and not all(_pointed(hand, address) for address in hand.speaking)):
        return False
    return all(enters(hand, address, now) and all(holds(weigh_apex(hand, address, rtype, now), now) for rtype in (types.SOA, types.NS)) for address in hand.speaking)


def _pointed(hand: ZoneInHand, address: str) -> bool:
    return any(fits(hand, ds, key) for ds in hand.ds_set for key in hand.keys(address))


def is_rolling_well(hand: ZoneInHand, at: datetime) -> bool:
    """Whether a rollover is declared, its end ahead, and one whole chain verifies on every server: then its traces are notices (D11)."""
    declared = hand.terms.rollover
    return declared is not None and at < declared.until_at and is_whole(hand, at)


def behind(hand: ZoneInHand) -> frozenset[str]:
    """The speaking addresses whose serial is older than the newest of all (RFC 1982 comparison)."""
    serials = {address: soa.serial for address in hand.speaking if (soa := hand.soa_at(address)) is not None}
    return frozenset(address for address, mine in serials.items() if any(0 < (other - mine) % 2**32 < 2**31 for other in serials.values()))
