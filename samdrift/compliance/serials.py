"""Serials: which version of the zone each server has, and since when a newer one is known (RFC 1982, dns.md D11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cmp_to_key

from samdrift.compliance.zone import ZoneInHand
from samdrift.model.dns.records import Soa

HALF = 2**31


def newer(one: int, other: int) -> bool:
    """Whether a serial comes after another by serial arithmetic.

    >>> newer(1, 4294967295)
    True
    """
    return one != other and (one - other) % 2**32 < HALF


def newest(serials: Iterable[int]) -> int:
    """The newest of some serials; ValueError when there is none."""
    return max(serials, key=cmp_to_key(_compare))


def _compare(one: int, other: int) -> int:
    return 0 if one == other else 1 if newer(one, other) else -1


@dataclass(frozen=True, slots=True)
class Version:
    """One server's SOA, and since when it is behind: `behind_since` as seen (None: it is not, or no earlier run saw it), `not_before` at the earliest.

    A version that the run before did not see is younger than that run.
    """

    soa: Soa
    is_behind: bool
    behind_since: datetime | None
    not_before: datetime | None = None

    def lag(self, at: datetime) -> timedelta | None:
        """How long a newer version has been seen: nothing when this run is the first to see it, None when there was no run before."""
        if self.behind_since is not None:
            return max(timedelta(), at - self.behind_since)
        return None if self.not_before is None else timedelta()

    def longest(self, at: datetime) -> timedelta | None:
        """How long it can have been behind at most; None when nobody knows."""
        since = self.behind_since or self.not_before
        return None if since is None else max(timedelta(), at - since)


def versions(hand: ZoneInHand) -> Mapping[str, Version]:
    """Each speaking address with its version. The first sight of any serial that is newer than its own is when it fell behind."""
    held = {address: soa for address in hand.speaking if (soa := hand.soa_at(address)) is not None}
    if not held:
        return {}
    top = newest(soa.serial for soa in held.values())
    seen = {int(one.what): one.first_at for one in reversed(hand.past.of("serial")) if one.what.isdigit()}
    found = {}
    for address, soa in held.items():
        behind = newer(top, soa.serial)
        since = [at for serial, at in seen.items() if newer(serial, soa.serial) and not newer(serial, top)]
        found[address] = Version(soa, behind, min(since, default=None) if behind else None, hand.past.last_at if behind else None)
    return found
