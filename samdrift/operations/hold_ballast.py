"""Hold ballast: make or free the file that keeps space on a target's disk, on the storage host alone (backup.md F1)."""

from __future__ import annotations

from samdrift.adapters import ballast as disk
from samdrift.adapters.clock import now
from samdrift.backup.ballast import Ballast, ballast_item, next_act
from samdrift.backup.documents import Item
from samdrift.model.errors import CouldNotObserve, UnknownId, WrongUse
from samdrift.model.inventory import Inventory
from samdrift.operations.backup_access import free_bytes
from samdrift.operations.run_backup import host_names
from samdrift.operations.storage_trust import storage_folder
from samdrift.store import audit
from samdrift.store.store import Store


def hold_ballast(inventory: Inventory, store: Store, target_id: str | None, *, who: str, release: bool, plan_only: bool, device: str | None = None) -> list[Item]:
    """`samdrift/backup-ballast` items of the target, or of all on this machine; one that declares none has nothing to do. WrongUse where none is here."""
    targets = inventory.backup_targets
    if target_id is not None and target_id not in targets:
        raise UnknownId("backup target", target_id, targets)
    hosts = frozenset({device}) if device else host_names()
    items = []
    for target in [targets[target_id]] if target_id else targets.values():
        folder = storage_folder(target, store.state_dir, hosts)
        if folder is None or (target.ballast and not folder.is_dir()):
            continue
        found = Ballast(target.id, target.site, target.ballast or 0, disk.held(folder), free_bytes(folder))
        act = next_act(found, release=release)
        if act in {"make", "free"} and not plan_only:
            try:
                disk.free(folder) if act == "free" else disk.make(folder, found.wanted)
            except OSError as error:
                raise CouldNotObserve(f"the ballast of {target.id} could not be changed: {error.strerror}") from None
            with store.write() as connection:
                after = {"act": act, "bytes": found.held if act == "free" else found.wanted}
                audit.append(connection, at=now(), actor=who, verb="ballast", object=f"backup-target:{target.id}", members=(), after=after)
        items.append(ballast_item(found, act, done=not plan_only))
    if not items:
        raise WrongUse("no such target is stored on this machine yet", help="run it on the storage host, or name the machine with --device")
    return items
