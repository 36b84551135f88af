"""Member: a legal body that takes part in the joint operation."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from samdrift.model.fields import Day, Email, Id, Noun, Text
from samdrift.model.nouns import NounSpec

MemberKind = Literal["municipality", "region", "federation"]


class Contact(Noun):
    """A role that can be reached; `hours` is `office` or `always`."""

    id: Id | None = None
    role: Text
    name: Text
    email: Email
    phone: Text | None = None
    hours: Literal["office", "always"] = "office"


class Member(Noun):
    """One of the joint board's members."""

    id: Id
    name: Text
    kind: MemberKind
    since: Day
    until: Day | None = None
    org_number: Annotated[str, Field(pattern=r"^[0-9]{6}-[0-9]{4}$")] | None = None
    contacts: Annotated[tuple[Contact, ...], Field(min_length=1)]
    nis2: Literal["operator", "supplier", "undecided"] = "undecided"
    vars: dict[str, Any] = {}


NOUN = NounSpec("members", "member", Member)
