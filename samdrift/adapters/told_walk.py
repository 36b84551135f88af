"""Told walk: a look at a zone's mail by what somebody tells of names, with nothing sent to anybody (dns.md D13)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from samdrift.adapters.dns import Asker
from samdrift.adapters.dns_walk import Cut, Walk
from samdrift.adapters.presence import MAIL, Shown, look_at_presence
from samdrift.adapters.visits import Visits
from samdrift.model.dns.names import Name
from samdrift.model.dns.observation import Exchange
from samdrift.model.finding import Reason
from samdrift.model.presence.observation import PresenceObservation

Told: TypeAlias = Callable[[Name, int], tuple[Exchange, ...]]
"""What is known of a name and type, aliases followed; nothing where nobody knows."""


@dataclass(slots=True)
class ToldWalk(Walk):
    """A walk without roots that asks nobody: every name is looked up in what is told."""

    told_of: Told = lambda _, __: ()

    async def _resolve(self, name: Name, rtype: int) -> tuple[Exchange, ...]:
        return self.told_of(name, rtype)


def look_by_telling(shown: Shown, told: Told, *, view: str) -> PresenceObservation:
    """What is told of a zone's mail: its records and what they lead to; no server is met. A name that nobody knows of is no-data."""
    walk = ToldWalk(Asker(), (), {shown.zone: Cut(shown.zone, ())}, told_of=told)
    seen = asyncio.run(look_at_presence(Visits(walk, asyncio.Semaphore(1)), replace(shown, parts=frozenset({MAIL})), view=view))
    return replace(seen, lookups=tuple(replace(one, reason=Reason.NO_DATA) if one.reason is not None and not one.exchanges else one for one in seen.lookups))
