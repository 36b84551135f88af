"""Sights: what one look at a zone gives to its history: serials, keys, DS, CDS, and which key signs what (dns.md D11)."""

from __future__ import annotations

from samdrift.compliance.cds import KINDS, read_wish
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.dns import types
from samdrift.model.dns.past import Kind, Seen

DATA = (types.SOA, types.NS)
"""RRsets that stand for the zone's data."""


def seen_in(hand: ZoneInHand) -> Seen:
    """What the look saw. Where a question got no answer nothing is said to be gone."""
    things: dict[tuple[Kind, str, str | None], int] = {}
    looked: set[tuple[Kind, str | None]] = set()
    if hand.ds_known:
        looked.add(("ds", None))
        for ds in hand.ds_set:
            things["ds", f"{ds.key_tag}-{ds.algorithm}", None] = hand.ds_ttl
    for address in hand.speaking:
        _at_address(hand, address, things, looked)
    return Seen(things, frozenset(looked))


def _at_address(hand: ZoneInHand, address: str, things: dict[tuple[Kind, str, str | None], int], looked: set[tuple[Kind, str | None]]) -> None:
    soa = hand.soa_at(address)
    if soa is not None:
        looked.add(("serial", address))
        things["serial", str(soa.serial), address] = 0
    if hand.tells(address, types.DNSKEY):
        looked.add(("dnskey", address))
        ttl = _ttl(hand, address, types.DNSKEY)
        for key in hand.keys(address):
            things["dnskey", f"{key.key_tag}-{key.algorithm}", address] = ttl
    if any(hand.tells(address, rtype) for rtype in DATA) and hand.tells(address, types.DNSKEY):
        looked.add(("rrsig", address))
        for rtype in (*DATA, types.DNSKEY):
            for signature in hand.signatures(address, rtype):
                name = f"{signature.key_tag}-{signature.algorithm}" + ("-DNSKEY" if rtype == types.DNSKEY else "")
                things["rrsig", name, address] = max(_ttl(hand, address, rtype), things.get(("rrsig", name, address), 0))
    if all(hand.tells(address, rtype) for rtype in KINDS):
        looked.add(("cds", address))
        wish = read_wish(hand, address)
        for name in () if wish is None else wish.names:
            things["cds", name, address] = _ttl(hand, address, types.CDS)


def _ttl(hand: ZoneInHand, address: str, rtype: int) -> int:
    return max((record.ttl for record in hand.rrset(address, rtype)), default=0)
