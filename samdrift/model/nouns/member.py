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
    """An id to refer to. For example: are-it-manager"""
    role: Text
    """What the person is to us. For example: it-manager"""
    name: Text
    """The role's name. For example: IT-chef"""
    email: Email
    """Where mail reaches the role. For example: it-chef@are.example"""
    phone: Text | None = None
    """Where a call reaches the role. For example: +46 63 000 00 01"""
    hours: Literal["office", "always"] = "office"
    """In office hours, or always. For example: office"""


class Member(Noun):
    """One of the joint board's members."""

    id: Id
    """The member's id, stable for ever. For example: are"""
    name: Text
    """Its full name. For example: Åre kommun"""
    kind: MemberKind
    """What it is. For example: municipality"""
    since: Day
    """The day it joined. For example: 2016-01-01"""
    until: Day | None = None
    """The day it left. For example: 2030-01-01"""
    org_number: Annotated[str, Field(pattern=r"^[0-9]{6}-[0-9]{4}$")] | None = None
    """Its registration number. For example: 212000-2494"""
    contacts: Annotated[tuple[Contact, ...], Field(min_length=1)]
    """Whom to ring."""
    nis2: Literal["operator", "supplier", "undecided"] = "undecided"
    """What it is under the cyber security act. For example: operator"""
    vars: dict[str, Any] = {}
    """Free variables of all hosts that it owns alone. For example: {ntp_server: ntp.are.example}"""


NOUN = NounSpec("members", "member", Member)
