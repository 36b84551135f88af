"""Judge backups: every check of the backup room over every service, from the store alone."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from samdrift.backup.in_hand import ServiceInHand
from samdrift.model.check import Check
from samdrift.model.finding import Finding
from samdrift.model.inventory import Inventory
from samdrift.model.viewer import Viewer
from samdrift.model.waiving import apply_waivers
from samdrift.operations.look_back import look_back
from samdrift.operations.registered_checks import registered_checks
from samdrift.operations.show_backup_status import backup_states
from samdrift.store.store import Store


@cache
def backup_checks() -> tuple[Check, ...]:
    """The checks that are given a service with its backups, sorted by id."""
    return tuple(check for _, check in sorted(registered_checks().items()) if check.needs == ("backup",))


def judge_backups(inventory: Inventory, store: Store, *, viewer: Viewer, at: datetime) -> tuple[Finding, ...]:
    """The findings of every service that the viewer may see, sorted."""
    states = backup_states(inventory, store, (), viewer=viewer, at=at)
    looks = look_back(inventory, store, [backup for backup, _ in states.values()], at=at)
    found: list[Finding] = []
    for service in inventory.services.values():
        ownership = inventory.ownership(service)
        if not viewer.sees_any(ownership.members):
            continue
        backups = tuple((one, state) for one, (backup, state) in states.items() if backup.service == service.id)
        stores = service.rpo is not None or service.rto is not None
        hand = ServiceInHand(service.id, ownership.label, ownership.members, service.state == "active", stores, backups, {one: looks[one] for one, _ in backups})
        for check in backup_checks():
            found += check.judge(hand, at)
    waived = apply_waivers(found, inventory.waivers.values(), at=at)
    return tuple(sorted(waived, key=lambda finding: finding.sort_key))
