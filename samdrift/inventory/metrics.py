"""The inventory's metrics: how much is in it, whose, and what is wrong with it (inventory.md 6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from samdrift.inventory.objects import members_of
from samdrift.model.inventory import Inventory
from samdrift.model.metric import MetricSpec, Sample
from samdrift.model.reading import SHARED

OBJECTS = MetricSpec("samdrift_inventory_objects", "Objects of a noun.", "gauge", ("noun", "member"))
PROBLEMS = MetricSpec(
    "samdrift_inventory_problems", "Problems of the inventory that the daemon goes by.", "gauge", ("level",)
)
METRICS = (OBJECTS, PROBLEMS)


def samples(inventory: Inventory) -> Iterator[Sample]:
    """A valid inventory has no errors; its warnings depend on the date."""
    counted: Counter[tuple[str, str]] = Counter()
    for noun, things in inventory.objects.items():
        for thing in things:
            members = members_of(inventory, noun, thing)
            counted[noun, next(iter(members)) if len(members) == 1 else SHARED] += 1
    for (noun, member), number in sorted(counted.items()):
        yield Sample(OBJECTS.name, {"noun": noun, "member": member}, number)
    for level in ("error", "warning"):
        yield Sample(PROBLEMS.name, {"level": level}, sum(problem.level == level for problem in inventory.warnings))
