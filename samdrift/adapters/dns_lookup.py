"""DNS look-ups: any question resolved from the roots down over aliases, once a run, with its answers kept (dns.md D3, D9)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from samdrift.adapters.dns_walk import MAX_ALIASES, MAX_AT_ONCE, NoAnswer, Walk, usable
from samdrift.model.dns import types
from samdrift.model.dns.names import Name
from samdrift.model.dns.observation import Exchange
from samdrift.model.finding import Reason
from samdrift.model.presence.lookup import Lookup, alias_end


@dataclass(slots=True)
class Lookups:
    """One run's look-ups in one view; those who ask the same share one search."""

    walk: Walk
    _running: dict[tuple[Name, int], asyncio.Future[Lookup]] = field(default_factory=dict)

    async def find(self, name: Name, rtype: int) -> Lookup:
        """What resolution gives for a question. Never raises but when it is cancelled."""
        key = (name, rtype)
        running = self._running.get(key)
        if running is None:
            running = self._running[key] = asyncio.ensure_future(self._find(name, rtype))
        return await asyncio.shield(running)

    async def _find(self, name: Name, rtype: int) -> Lookup:
        found: list[Exchange] = []
        at = name
        for _ in range(MAX_ALIASES):
            try:
                addresses = await self.walk.addresses(await self.walk.cut(at))
            except NoAnswer as error:
                return Lookup(name, rtype, tuple(found), error.reason)
            last = await self._ask(addresses, at, rtype)
            if last is None or last.message is None:
                return Lookup(name, rtype, tuple(found), Reason.NO_WORKING_SERVER)
            found.append(last)
            end = alias_end(last.message, at)
            if end == at or last.message.rrset(end, rtype) or rtype == types.CNAME:
                return Lookup(name, rtype, tuple(found))
            at = end
        return Lookup(name, rtype, tuple(found), Reason.TOO_COSTLY)

    async def _ask(self, addresses: Sequence[str], name: Name, rtype: int) -> Exchange | None:
        """The first usable answer: of a server known to answer, else of the others some at a time."""
        asker = self.walk.asker
        good = [one for one in addresses if asker.is_alive(one) and not asker.is_silent(one)]
        for one in good:
            exchanges = await asker.ask("child", one, name, rtype)
            if usable(exchanges) is not None:
                return exchanges[-1]
        rest = [one for one in addresses if one not in good and not asker.is_silent(one)]
        for start in range(0, len(rest), MAX_AT_ONCE):
            for exchanges in await asyncio.gather(*(asker.ask("child", one, name, rtype) for one in rest[start : start + MAX_AT_ONCE])):
                if usable(exchanges) is not None:
                    return exchanges[-1]
        return None
