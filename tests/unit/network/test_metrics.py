"""The series of network backups: one set a declared device, 0 when it was never read."""

from __future__ import annotations

from datetime import UTC, datetime

from samdrift.model.metric import Sample
from samdrift.network.metrics import CHANGES, LAST_SUCCESS, samples

AT = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)


def test_every_device_has_its_last_success_and_its_changes():
    found = list(samples([("rt-1", "shared", "hall-a"), ("sw-1", "are", "hall-a")], {"rt-1": AT}, {"rt-1": 3}))
    assert found == [
        Sample(LAST_SUCCESS.name, {"device": "rt-1", "member": "shared", "site": "hall-a"}, 1_795_491_000),
        Sample(CHANGES.name, {"device": "rt-1", "member": "shared"}, 3),
        Sample(LAST_SUCCESS.name, {"device": "sw-1", "member": "are", "site": "hall-a"}, 0),
        Sample(CHANGES.name, {"device": "sw-1", "member": "are"}, 0),
    ]
