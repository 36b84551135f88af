"""Zone: a DNS zone of a member, the views it is judged in and what is promised of it (dns.md 5, RFC 9499)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from samdrift.model.fields import Address, Day, DnsName, Id, Noun, Ref, Seconds, SharedBy, Text
from samdrift.model.nouns import NounSpec


class ZoneServer(Noun):
    """A server of the zone that the delegation does not show (hidden primary, secondary at the disaster site)."""

    name: DnsName
    addresses: tuple[Address, ...]
    role: Literal["primary", "secondary"] = "secondary"
    site: Ref | None = None


class ZonePolicy(Noun):
    """What the zone must have."""

    dnssec: Literal["required", "wanted", "none"] = "required"
    ipv6: Literal["required", "wanted", "none"] = "required"
    mail: bool = False
    web: tuple[DnsName, ...] = ()


class SignatureThresholds(Noun):
    """Time left on an RRSIG that is a failure or a warning."""

    failure: Seconds = 2 * 86_400
    warning: Seconds = 5 * 86_400


class Rollover(Noun):
    """A declared key or algorithm rollover (RFC 7583)."""

    kind: Literal["ksk", "zsk", "algorithm"]
    from_: Annotated[int, Field(ge=0, le=65535)] | None = None
    to: Annotated[int, Field(ge=0, le=65535)] | None = None
    started: Day
    until: Day


class Zone(Noun):
    """One zone; `software` is the primary's, for remedies."""

    id: Id
    name: DnsName
    owner: Ref | None = None
    shared_by: SharedBy | None = None
    views: tuple[Ref, ...] = ("public",)
    software: Literal["knot", "bind", "nsd", "other"] = "other"
    servers: dict[Ref, tuple[ZoneServer, ...]] = {}
    policy: ZonePolicy = ZonePolicy()
    signatures: SignatureThresholds = SignatureThresholds()
    dkim: tuple[Text, ...] = ()
    rollover: Rollover | None = None
    services: tuple[Ref, ...] = ()


NOUN = NounSpec("zones", "zone", Zone)
