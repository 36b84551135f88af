"""Network: a prefix in use at a site, whose it is and what it is for."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from samdrift.model.fields import Address, Id, Noun, Prefix, Ref, SharedBy
from samdrift.model.nouns import NounSpec


class Network(Noun):
    """One prefix; `shared_by` maps members to exact shares, or lists them when the agreement's key decides."""

    id: Id
    """The network's id. For example: net-ost-server"""
    prefix: Prefix
    """The prefix. For example: 10.20.4.0/24"""
    site: Ref
    """Where it is used. For example: hall-ostersund"""
    purpose: Literal["management", "server", "client", "out-of-band", "transit"]
    """What it is for. For example: server"""
    owner: Ref | None = None
    """The member whose it is alone. For example: are"""
    shared_by: SharedBy | None = None
    """Members to exact shares, or a list. For example: [ostersund, krokom]"""
    vlan: Annotated[int, Field(ge=1, le=4094)] | None = None
    """Its VLAN's number. For example: 20"""
    gateway: Address | None = None
    """The router's address in it. For example: 10.20.4.1"""


NOUN = NounSpec("networks", "network", Network)
