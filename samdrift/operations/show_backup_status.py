"""Show backups: status, snapshots and proofs, from the store alone; no restic is started."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from samdrift.backup.documents import Item, snapshot_item, status_item, verdict_item
from samdrift.backup.freshness import BackupStatus, judge_backup
from samdrift.backup.proofs import verify_proofs
from samdrift.backup.repository import chosen_primary, member_label, members_of, objectives, targets_of
from samdrift.model.errors import UnknownId
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.backup import Backup
from samdrift.model.short_id import read_short_id
from samdrift.model.viewer import Viewer
from samdrift.operations.choose_backups import choose_backups, standing_record_of, wanted_sites
from samdrift.operations.held_backups import held_backups
from samdrift.operations.plan_retention import plan_retention
from samdrift.operations.record_backup_run import read_manifest
from samdrift.store import backups as stored
from samdrift.store import proofs
from samdrift.store.store import Store

ALL = "all"


def backup_states(inventory: Inventory, store: Store, ids: Sequence[str], *, viewer: Viewer, at: datetime) -> dict[str, tuple[Backup, BackupStatus]]:
    """The judged state of each chosen backup, by its id."""
    chosen = choose_backups(inventory, ids, viewer)
    records = standing_record_of(inventory, store, chosen, viewer, at)
    return {one.id: (one, judge_backup(one, wanted_sites(inventory, one), records[one.id], objectives(inventory, one), at)) for one in chosen}


def show_backup_status(
    inventory: Inventory, store: Store, ids: Sequence[str], *, viewer: Viewer, at: datetime, members: str | None = None
) -> list[Item]:
    """`samdrift/backup` items; with `members` (`are,berg`, `all`) those that concern none but these. UnknownId for a member that is none."""
    if members is not None and members != ALL:
        named = {name.strip() for name in members.split(",")}
        for name in sorted(named - set(inventory.members)):
            raise UnknownId("member", name, inventory.members)
        chosen = [one.id for one in choose_backups(inventory, ids, viewer) if set(members_of(inventory, one)) <= named]
        if not chosen:
            return []
        ids = chosen
    states = backup_states(inventory, store, ids, viewer=viewer, at=at)
    held = held_backups(store, states, at)
    items = [status_item(one, member_label(inventory, one), chosen_primary(inventory, one).path, state, held=one.id in held) for one, state in states.values()]
    return [item if _sees(inventory, viewer, item["device"]) else {**item, "device": None} for item in items]


def _sees(inventory: Inventory, viewer: Viewer, device: str) -> bool:
    """Whether the viewer may know the device: a shared service may stand on another member's own."""
    members = inventory.ownership(inventory.devices[device]).members
    return not members or viewer.sees_any(members)


def show_snapshots(inventory: Inventory, store: Store, backup_id: str, *, viewer: Viewer, at: datetime) -> list[Item]:
    """`samdrift/snapshot` items of one backup, newest first, with what retention would decide at the instant."""
    (backup,) = choose_backups(inventory, [backup_id], viewer)
    decided: dict[tuple[str, str], Item] = {}
    for target in targets_of(inventory, backup):
        decided |= {(item["site"], item["id"]): item for item in plan_retention(inventory, store, backup, target, at=at).items()}
    with store.read() as connection:
        return [decided.get((one.site, one.id), snapshot_item(one)) for one in stored.snapshots(connection, viewer=viewer, backups=[backup.id])]


def show_proofs(store: Store, proof: str | None, *, viewer: Viewer) -> list[Item]:
    """Verified `samdrift/drill-proof` items, oldest first, or the one asked for: digest, chain and manifest looked at anew."""
    with store.read() as connection:
        found = list(reversed(proofs.proofs(connection, viewer=viewer)))
    verdicts = verify_proofs(found, complete=viewer.role != "member")
    wanted = [one for one in verdicts if proof is None or one.proof.id == read_short_id(proof)]
    if proof is not None and not wanted:
        raise UnknownId("proof", proof, [one.proof.id for one in verdicts])
    return [verdict_item(replace(one, manifest=_manifest_holds(store, one.proof.of_run, one.proof.manifest_sha256))) for one in wanted]


def _manifest_holds(store: Store, run: str, digest: str) -> bool:
    try:
        read_manifest(store, run, digest)
    except ValueError:
        return False
    return True
