"""Network: a prefix in use at a site, whose it is and what it is for."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from samdrift.model.fields import Address, Id, Noun, Prefix, Ref, SharedBy
from samdrift.model.nouns import NounSpec


class Network(Noun):
    """One prefix; `shared_by` maps members to exact shares, or lists them when the agreement's key decides."""

    id: Id
    prefix: Prefix
    site: Ref
    purpose: Literal["management", "server", "client", "out-of-band", "transit"]
    owner: Ref | None = None
    shared_by: SharedBy | None = None
    vlan: Annotated[int, Field(ge=1, le=4094)] | None = None
    gateway: Address | None = None


NOUN = NounSpec("networks", "network", Network)
