"""The inventory's metrics count what is in it, by member."""

from __future__ import annotations

from samdrift.inventory.loading import inventory_of
from samdrift.inventory.metrics import samples
from tests.inventory.small import judged


def test_objects_are_counted_by_noun_and_member_and_a_valid_inventory_has_no_error():
    devices = "".join(
        f"- {{id: d-{n}, name: d{n}.example, kind: appliance, {owner}, state: active, site: hall-a}}\n"
        for n, owner in enumerate(("owner: are", "owner: are", "shared_by: [are, krokom]"))
    )
    found = {
        (sample.metric.removeprefix("samdrift_inventory_"), *sample.labels.values()): sample.value
        for sample in samples(inventory_of(judged({"devices.yml": devices}, ground="hall")))
    }
    assert found["objects", "devices", "are"] == 2
    assert found["objects", "devices", "shared"] == 1
    assert found["objects", "members", "krokom"] == 1
    assert found["problems", "error"] == 0
