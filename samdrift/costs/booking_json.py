"""Corrections as the canonical bytes that a close freezes, and back (costs.md C1, C2)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from samdrift.model.chain import canonical
from samdrift.model.cost import Booking
from samdrift.model.cost_json import delta_item, delta_of, line_item, line_of
from samdrift.model.period import rfc3339


def write_bookings(booked: Iterable[Booking]) -> bytes:
    """By id; the same bookings give the same bytes."""
    items = [
        {
            "agreement": each.agreement, "id": each.id, "kind": each.kind, "period": each.period, "about": each.about, "at": rfc3339(each.at),
            "by": each.by, "reason": each.reason, "lines": [line_item(line) for line in each.lines], "pools": [delta_item(delta) for delta in each.pools],
        }
        for each in sorted(booked, key=lambda each: each.id)
    ]  # fmt: skip
    return canonical(items)


def read_bookings(content: bytes) -> tuple[Booking, ...]:
    """What `write_bookings` wrote."""
    return tuple(
        Booking(
            item["agreement"], item["id"], item["kind"], item["period"], item["about"], datetime.fromisoformat(item["at"]), item["by"], item["reason"],
            tuple(line_of(line) for line in item["lines"]), tuple(delta_of(delta) for delta in item["pools"]),
        )
        for item in json.loads(content)
    )  # fmt: skip
