"""Lookup: one question resolved from the root down, with the answers that led to its end (dns.md D3, D9)."""

from __future__ import annotations

from dataclasses import dataclass

from samdrift.model.dns import types
from samdrift.model.dns.message import Message, Record
from samdrift.model.dns.names import Name
from samdrift.model.dns.observation import Exchange
from samdrift.model.finding import Reason


@dataclass(frozen=True, slots=True)
class Lookup:
    """The usable answers in the order of their aliases; `reason` says why the last is missing."""

    name: Name
    type: int
    exchanges: tuple[Exchange, ...] = ()
    reason: Reason | None = None

    @classmethod
    def of(cls, name: Name, rtype: int, told: tuple[Exchange, ...]) -> Lookup:
        """From the exchanges that resolution made, the last of which holds the answer or why there is none."""
        good = tuple(each for each in told if each.whole is not None and each.whole.rcode in {types.NOERROR, types.NXDOMAIN})
        if not told or not good or good[-1] is not told[-1]:
            return cls(name, rtype, good, Reason.NO_WORKING_SERVER)
        found = cls(name, rtype, good)
        loops = found.target != good[-1].name and not found.records and rtype != types.CNAME
        return cls(name, rtype, good, Reason.TOO_COSTLY) if loops else found

    @property
    def failure(self) -> Reason | None:
        """Why the answer is not known; None when it is, also when there is nothing."""
        if self.reason is not None:
            return self.reason
        return None if self.exchanges and self.exchanges[-1].message is not None else Reason.MALFORMED

    @property
    def _end(self) -> tuple[Message | None, Name]:
        if self.reason is not None or not self.exchanges:
            return None, self.name
        last = self.exchanges[-1]
        return last.message, alias_end(last.message, last.name) if last.message else last.name

    @property
    def target(self) -> Name:
        """The name at the end of the aliases."""
        return self._end[1]

    @property
    def aliased(self) -> bool:
        return self.target != self.name

    @property
    def records(self) -> tuple[Record, ...]:
        """The records of the type at the end of the aliases."""
        message, target = self._end
        return () if message is None else message.rrset(target, self.type)

    @property
    def exists(self) -> bool | None:
        """Whether the name exists, with whatever type; None when that is not known."""
        message = self._end[0]
        return None if message is None else message.rcode == types.NOERROR


def alias_end(message: Message, name: Name) -> Name:
    """Where the chain of CNAME inside one reply ends; a loop ends where it is after 16."""
    for _ in range(16):
        alias = message.rrset(name, types.CNAME)
        if not alias or not alias[0].data:
            return name
        name = alias[0].data
    return name
