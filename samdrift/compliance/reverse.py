"""Reverse: which names an address bears, as the tree in use says."""

from __future__ import annotations

from enum import Enum, auto

from samdrift.compliance.zone import ZoneInHand
from samdrift.model.dns import types
from samdrift.model.dns.message import Message
from samdrift.model.dns.names import ROOT, Name, reverse_name

MAX_ALIASES = 16


class Reverse(Enum):
    """What became of the question for an address's PTR."""

    NOT_ASKED = auto()
    NO_TREE = auto()
    """The root itself says that there is no such name: the tree in use has no reverse zones."""
    SILENT = auto()
    NONE = auto()
    NAMED = auto()


def reverse_of(hand: ZoneInHand, address: str) -> tuple[Reverse, tuple[Name, ...]]:
    """The names that an address bears; aliases are followed (RFC 2317)."""
    name = reverse_name(address)
    for _ in range(MAX_ALIASES):
        told = hand.elsewhere(name, types.PTR)
        if told is None:
            return Reverse.NOT_ASKED, ()
        message = told.whole
        if message is None or message.rcode not in {types.NOERROR, types.NXDOMAIN}:
            return Reverse.SILENT, ()
        target = _end(message, name)
        found = tuple(record.data for record in message.rrset(target, types.PTR))
        if found:
            return Reverse.NAMED, found
        if target == name:
            denied_by = {record.owner for record in message.authority if record.type == types.SOA}
            return (Reverse.NO_TREE if denied_by == {ROOT} else Reverse.NONE), ()
        name = target
    return Reverse.NONE, ()


def _end(message: Message, name: Name) -> Name:
    for _ in range(MAX_ALIASES):
        alias = message.rrset(name, types.CNAME)
        if not alias:
            return name
        name = alias[0].data
    return name
