"""Delegation: what each server on both sides of a zone's cut says of its name servers and their addresses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

from samdrift.compliance.zone import ZoneInHand
from samdrift.model.dns import types
from samdrift.model.dns.names import Name, to_text
from samdrift.model.dns.observation import Family
from samdrift.model.dns.records import address as address_of

T = TypeVar("T", bound=Hashable)
TYPE_OF: Mapping[Family, int] = {"ipv4": types.A, "ipv6": types.AAAA}


def child_ns(hand: ZoneInHand) -> dict[str, frozenset[Name]]:
    """The NS set of each address that gives one with authority."""
    return {address: frozenset(one.data for one in rrset) for address in hand.speaking if (rrset := hand.rrset(address, types.NS))}


def all_names(hand: ZoneInHand) -> tuple[Name, ...]:
    """The name servers of both sides."""
    return tuple(sorted({*hand.ns_names("parent"), *hand.ns_names("child")}))


def referrals(hand: ZoneInHand) -> tuple[str, ...]:
    """The parent's addresses that refer to the zone's servers; one that serves the zone itself answers instead."""
    told = {address: hand.message("parent", address, types.NS) for address in hand.parent_addresses}
    return tuple(address for address, one in told.items() if one is not None and not one.authoritative and one.delegation(hand.zone, types.NS))


def glue_at(hand: ZoneInHand, parent_address: str) -> dict[Name, frozenset[str]]:
    """The addresses that a parent's server adds to its referral, for the zone's name servers."""
    message = hand.message("parent", parent_address, types.NS)
    if message is None or message.authoritative:
        return {}
    names = {record.data for record in message.delegation(hand.zone, types.NS)}
    found: dict[Name, set[str]] = {}
    for record in message.additional:
        text = address_of(record)
        if text is not None and record.owner in names:
            found.setdefault(record.owner, set()).add(text)
    return {name: frozenset(held) for name, held in found.items()}


def all_glue(hand: ZoneInHand) -> dict[Name, frozenset[str]]:
    """The glue that any of the parent's servers gives; for a zone not delegated yet, the addresses given by hand."""
    found = {host.name: frozenset(host.addresses) for host in hand.seen.given if host.addresses}
    for address in hand.parent_addresses:
        for name, held in glue_at(hand, address).items():
            found[name] = found.get(name, frozenset()) | held
    return found


def addresses_at(hand: ZoneInHand, address: str, name: Name, family: Family) -> frozenset[str] | None:
    """The addresses of one family that one of the zone's servers has for a name within it; None when it does not say (it has delegated the name, or is silent)."""
    message = hand.message("child", address, TYPE_OF[family], name)
    if message is None or not message.authoritative or message.rcode not in {types.NOERROR, types.NXDOMAIN}:
        return None
    return frozenset(text for record in message.rrset(name, TYPE_OF[family]) if (text := address_of(record)))


def alias_of(hand: ZoneInHand, name: Name) -> Name | None:
    """What a name server's name is an alias for, as the zone that has it says; None when it is none."""
    for each in hand.seen.exchanges:
        message = each.whole if each.usual and each.name == name and each.type in {types.A, types.AAAA} else None
        if message is not None and message.authoritative and (found := message.rrset(name, types.CNAME)):
            return found[0].data
    return None


def odd_ones(held: Mapping[str, T]) -> tuple[T | None, dict[str, T]]:
    """What most addresses hold, and those that hold something else; when none is more common than another: None, and all of them."""
    counted = Counter(held.values()).most_common(2)
    if len(counted) < 2:
        return (counted[0][0] if counted else None), {}
    usual = counted[0][0] if counted[0][1] > counted[1][1] else None
    return usual, {address: value for address, value in held.items() if usual is None or value != usual}


def shown(names: Iterable[Name]) -> str:
    """Names in a row, sorted, as text."""
    return ", ".join(sorted(to_text(name) for name in names)) or "none"
