"""Dated owners as the canonical bytes that a close freezes, and back (costs.md C1, M7)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

from samdrift.model.chain import canonical
from samdrift.model.ownership import Ownership
from samdrift.model.quantity import exact

DAY = timedelta(days=1)


def write_owners(owners: Mapping[tuple[str, date], Ownership]) -> bytes:
    """Each resource's stretches of days with one owner, in order."""
    found: list[tuple[str, date, date, Ownership]] = []
    for (resource, day), ownership in sorted(owners.items(), key=lambda item: item[0]):
        if found and found[-1][0] == resource and found[-1][2] == day - DAY and found[-1][3] == ownership:
            found[-1] = (resource, found[-1][1], day, ownership)
        else:
            found.append((resource, day, day, ownership))
    return canonical(
        [[resource, str(first), str(last), list(own.members), _shares(own)] for resource, first, last, own in found]
    )


def _shares(own: Ownership) -> dict[str, str] | None:
    return None if own.shares is None else {member: exact(share) for member, share in own.shares.items()}


def read_owners(content: bytes) -> dict[tuple[str, date], Ownership]:
    """What `write_owners` wrote, day by day."""
    found = {}
    for resource, first, last, members, shares in json.loads(content):
        ownership = Ownership(
            tuple(members), None if shares is None else {member: Fraction(share) for member, share in shares.items()}
        )
        begin, end = date.fromisoformat(first), date.fromisoformat(last)
        for number in range((end - begin).days + 1):
            found[resource, begin + number * DAY] = ownership
    return found
