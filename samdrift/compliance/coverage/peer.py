"""One test of another checker: its id, what it looks at, and the messages by which it tells a fault."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Peer:
    """`tags` are message tags, parted by spaces; a test that has only one outcome has none."""

    id: str
    title: str
    tags: str = ""

    @property
    def messages(self) -> tuple[str, ...]:
        return tuple(self.tags.split())
