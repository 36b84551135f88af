"""Zone: a DNS zone of a member, the views it is judged in and what is promised of it (dns.md 5, RFC 9499)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from samdrift.model.fields import Address, Day, DnsName, Id, Noun, Ref, Seconds, SharedBy, Text
from samdrift.model.nouns import NounSpec


class ZoneServer(Noun):
    """A server of the zone that the delegation does not show (hidden primary, secondary at the disaster site)."""

    name: DnsName
    """Its DNS name. For example: ns0.jamtnet.example"""
    addresses: tuple[Address, ...]
    """Where it answers. For example: 10.20.0.53"""
    role: Literal["primary", "secondary"] = "secondary"
    """Hidden primary, or another secondary. For example: primary"""
    site: Ref | None = None
    """Where it stands. For example: hall-ostersund"""


class ZonePolicy(Noun):
    """What the zone must have."""

    dnssec: Literal["required", "wanted", "none"] = "required"
    """Whether it must be signed. For example: required"""
    ipv6: Literal["required", "wanted", "none"] = "required"
    """Whether it must be reached over IPv6. For example: required"""
    mail: bool = False
    """Whether it takes mail. For example: true"""
    web: tuple[DnsName, ...] = ()
    """Its web names. For example: www.ostersund.example"""


class SignatureThresholds(Noun):
    """Time left on an RRSIG that is a failure or a warning."""

    failure: Seconds = 2 * 86_400
    """A signature with less time left is a failure. For example: 2 d"""
    warning: Seconds = 5 * 86_400
    """A signature with less time left is a warning. For example: 5 d"""


class Rollover(Noun):
    """A declared key or algorithm rollover (RFC 7583)."""

    kind: Literal["ksk", "zsk", "algorithm"]
    """What is rolled. For example: ksk"""
    from_: Annotated[int, Field(ge=0, le=65535)] | None = None
    """The old key's tag, or algorithm. For example: 8"""
    to: Annotated[int, Field(ge=0, le=65535)] | None = None
    """The new key's tag, or algorithm. For example: 13"""
    started: Day
    """The day it began. For example: 2026-11-20"""
    until: Day | None = None
    """The day it must be done; a roll-over without one is refused (rollover-open). For example: 2026-12-20"""


class Zone(Noun):
    """One zone; `software` is the primary's, for remedies."""

    id: Id
    """The zone's id. For example: ostersund-example"""
    name: DnsName
    """Its name. For example: ostersund.example"""
    owner: Ref | None = None
    """The member whose it is. For example: ostersund"""
    shared_by: SharedBy | None = None
    """Members to exact shares, or a list. For example: [ostersund, krokom]"""
    views: tuple[Ref, ...] = ("public",)
    """The views it is judged in; public is built in. For example: public"""
    software: Literal["knot", "bind", "nsd", "other"] = "other"
    """The primary's software, for remedies. For example: knot"""
    servers: dict[Ref, tuple[ZoneServer, ...]] = {}
    """View to servers that the delegation does not show."""
    policy: ZonePolicy = ZonePolicy()
    """What it must have."""
    signatures: SignatureThresholds = SignatureThresholds()
    """When signatures are too old."""
    dkim: tuple[Text, ...] = ()
    """Its DKIM selectors. For example: s2026"""
    rollover: Rollover | None = None
    """A roll-over under way."""
    services: tuple[Ref, ...] = ()
    """The services that stand on it. For example: webb-krokom"""


NOUN = NounSpec("zones", "zone", Zone)
