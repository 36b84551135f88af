"""Viewer: who reads; a member's viewer cannot name another member (reliability.md T1, common.md 8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Role = Literal["operations", "member", "scraper", "alertmanager"]


@dataclass(frozen=True, slots=True)
class Viewer:
    """`members` are those a member's viewer reads for; operations reads all."""

    id: str
    role: Role
    members: frozenset[str] = frozenset()

    def sees(self, member: str | None) -> bool:
        """Whether something of this one member may be shown; `shared` things need `sees_any` of their members."""
        return self.role != "member" or (member is not None and member in self.members)

    def sees_any(self, members: Iterable[str]) -> bool:
        """Whether something that concerns these members may be shown."""
        return self.role != "member" or not self.members.isdisjoint(members)


OPERATIONS = Viewer("operations", "operations")


def member_viewer(member: str) -> Viewer:
    """The implicit viewer that each member has."""
    return Viewer(member, "member", frozenset({member}))
