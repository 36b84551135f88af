"""Hold retention: rows in the store that keep every snapshot of a backup, added and removed with a reason, audited (backup.md B13)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from samdrift.backup.documents import Item
from samdrift.backup.repository import member_label, members_of
from samdrift.model.chain import canonical
from samdrift.model.errors import UnknownId, WrongUse
from samdrift.model.inventory import Inventory
from samdrift.model.period import microseconds, rfc3339
from samdrift.model.retention import Hold
from samdrift.model.short_id import read_short_id, short_id
from samdrift.model.viewer import OPERATIONS, Viewer
from samdrift.operations.choose_backups import choose_backups
from samdrift.store import audit, retention
from samdrift.store.store import Store


def add_hold(inventory: Inventory, store: Store, backup_id: str, *, reason: str, until: datetime | None, viewer: Viewer, who: str, at: datetime) -> Item:
    """Add a hold and give it; WrongUse for an end that is past."""
    (backup,) = choose_backups(inventory, [backup_id], viewer)
    if until is not None and until <= at:
        raise WrongUse(f"--until {rfc3339(until)} is past")
    members = members_of(inventory, backup)
    with store.write() as connection:
        taken = {one.id for one in retention.holds(connection, viewer=OPERATIONS)}
        length = 4
        while (found := short_id("hold", canonical([backup.id, reason, microseconds(at)]), length)) in taken:
            length += 1
        hold = Hold(found, backup.id, member_label(inventory, backup), reason, who, at, until, members=members)
        retention.add_hold(connection, hold)
        audit.append(connection, at=at, actor=who, verb="hold", object=f"backup:{backup.id}", members=members, after={"hold": hold.id, "reason": reason})
    return hold_item(hold, at)


def remove_hold(inventory: Inventory, store: Store, hold_id: str, *, reason: str, viewer: Viewer, who: str, at: datetime) -> Item:
    """End a hold and give it; UnknownId when there is none that stands."""
    with store.write() as connection:
        standing = {one.id: one for one in retention.holds(connection, viewer=viewer) if one.stands(at)}
        hold = standing.get(read_short_id(hold_id))
        if hold is None:
            raise UnknownId("hold", hold_id, standing)
        retention.end_hold(connection, hold.id, at)
        backup = inventory.backups.get(hold.backup)
        members = members_of(inventory, backup) if backup else ()
        audit.append(
            connection, at=at, actor=who, verb="hold-removed", object=f"backup:{hold.backup}", members=members, before={"hold": hold.id, "reason": hold.reason}, after={"reason": reason}
        )  # fmt: skip
    return {**hold_item(hold, at), "stands": False, "removed_at": rfc3339(at)}


def list_holds(inventory: Inventory, store: Store, ids: Sequence[str], *, viewer: Viewer, at: datetime) -> list[Item]:
    """`samdrift/backup-hold` items, ended ones too, oldest first."""
    chosen = [one.id for one in choose_backups(inventory, ids, viewer)]
    with store.read() as connection:
        return [hold_item(one, at) for one in retention.holds(connection, viewer=viewer, backups=chosen)]


def hold_item(hold: Hold, at: datetime) -> Item:
    """One `samdrift/backup-hold`."""
    return {
        "id": hold.id,
        "backup": hold.backup,
        "member": hold.member,
        "reason": hold.reason,
        "who": hold.who,
        "since": rfc3339(hold.since),
        "until": rfc3339(hold.until) if hold.until else None,
        "removed_at": rfc3339(hold.removed_at) if hold.removed_at else None,
        "stands": hold.stands(at),
    }
