"""Proposed zone by name: what a zone file would answer about any name of its own, aliases and wildcards too (dns.md D13, RFC 1034 4.3.2, RFC 4592)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from samdrift.compliance.proposed import exchange_of, is_cut_off
from samdrift.model.dns import types
from samdrift.model.dns.message import Record
from samdrift.model.dns.names import Name, is_within, parent
from samdrift.model.dns.observation import FAMILIES, Exchange, Host
from samdrift.model.dns.records import address as address_of
from samdrift.model.finding import Reason
from samdrift.model.presence.lookup import Lookup, alias_end

MOST_ALIASES = 16
AUTHORITATIVE, NO_NAME = 0x8400, 0x8403


@dataclass(frozen=True)
class ProposedZone:
    """A zone's records as one file has them; `known` are the look-ups of other names that a stored run made."""

    zone: Name
    records: Sequence[Record]
    at: datetime
    known: Mapping[tuple[Name, int], Lookup]

    @cached_property
    def _cuts(self) -> set[Name]:
        return {record.owner for record in self.records if record.type == types.NS and record.owner != self.zone}

    @cached_property
    def _by_owner(self) -> Mapping[Name, Sequence[Record]]:
        found: dict[Name, list[Record]] = {}
        for record in self.records:
            found.setdefault(record.owner, []).append(record)
        return found

    @cached_property
    def _nodes(self) -> set[Name]:
        """Every name that exists, also those that only have names below."""
        found: set[Name] = set()
        for owner in self._by_owner:
            name = owner
            while name not in found and is_within(name, self.zone):
                found.add(name)
                name = parent(name) if name != self.zone else name
        return found

    def holds(self, name: Name) -> bool:
        """Whether the file itself says what there is of a name."""
        return is_within(name, self.zone) and not is_cut_off(name, self.zone, self._cuts)

    def resolve(self, name: Name, rtype: int) -> tuple[Exchange, ...]:
        """The answers on the way to the end of the aliases: from the file, beyond it from what a stored run saw; nothing where nobody knows."""
        found: list[Exchange] = []
        for _ in range(MOST_ALIASES):
            if not self.holds(name):
                stored = self.known.get((name, rtype))
                return () if stored is None or stored.reason is not None else (*found, *stored.exchanges)
            found.append(told := self._answer(name, rtype))
            message = told.whole
            target = name if message is None or rtype == types.CNAME else alias_end(message, name)
            if target == name:
                break
            name = target
        return tuple(found)

    def _answer(self, name: Name, rtype: int) -> Exchange:
        source = self._by_owner.get(name, ())
        if name not in self._nodes:
            above = parent(name)
            while above not in self._nodes and above != self.zone:
                above = parent(above)
            source = [Record(name, one.type, one.cls, one.ttl, one.data) for one in self._by_owner.get(b"\1*" + above, ())]
        aliases = [one for one in source if one.type == types.CNAME]
        answer = [one for one in source if one.type == rtype] or aliases
        flags = AUTHORITATIVE if source or name in self._nodes else NO_NAME
        return exchange_of(name, rtype, self.at, flags, answer, [])

    def hosts(self, names: Iterable[Name], held: Iterable[Host]) -> tuple[Host, ...]:
        """Name servers with their addresses: those within the zone by the file, others as they are held; unknown (no-data) otherwise."""
        known = {host.name: host for host in held}
        return tuple(self._host(name) if self.holds(name) else known.get(name, Host(name, (), dict.fromkeys(FAMILIES, Reason.NO_DATA))) for name in sorted(set(names)))

    def _host(self, name: Name) -> Host:
        records = [record for rtype in (types.A, types.AAAA) for record in Lookup(name, rtype, self.resolve(name, rtype)).records]
        return Host(name, tuple(dict.fromkeys(text for record in records if (text := address_of(record)))))

    @property
    def servers(self) -> tuple[Name, ...]:
        """The name servers that the file names for the zone."""
        return tuple(record.data for record in self._by_owner.get(self.zone, ()) if record.type == types.NS)
