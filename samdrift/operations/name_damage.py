"""Name damage: which files, backups and members a damaged object hits, by asking the repository itself (backup.md B14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from samdrift.adapters import restic, restic_objects
from samdrift.backup.damage import INDEX_LACKS
from samdrift.backup.repository import members_of
from samdrift.model.backup_run import Damage
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.backup import Backup
from samdrift.model.snapshot import StoredSnapshot

MOST_FILES = 1000
"""Files named for one object; more are counted in a last line."""


@dataclass(frozen=True, slots=True)
class Hit:
    """What one damaged object hits: ids of snapshots, and files by path."""

    snapshots: frozenset[str]
    files: tuple[str, ...]


def hits(access: restic.Access, objects: Sequence[str], held: Mapping[str, Mapping[str, int]], there: Sequence[StoredSnapshot]) -> dict[str, Hit]:
    """Object → whom it hits. Packs are followed through the index to files; a snapshot is its own; an index file or the config hits all."""
    everything = frozenset(one.id for one in there)
    bad = [one for one in objects if one.startswith("data/")]
    known, _ = restic_objects.packs(access, held.get("index", {})) if bad else ({}, ())
    found = {}
    for name in objects:
        folder, _, rest = name.partition("/")
        if folder == "snapshots":
            found[name] = Hit(frozenset({rest}), ())
        elif folder == "data":
            found[name] = _of_pack(access, known.get(rest, ()), there)
        else:
            found[name] = Hit(everything, ())
    return found


def _of_pack(access: restic.Access, blobs: Sequence[restic_objects.Blob], there: Sequence[StoredSnapshot]) -> Hit:
    if not blobs:
        return Hit(frozenset(), ())
    trees = any(blob.kind == "tree" for blob in blobs)
    unlistable = {one.id for one in there if not restic_objects.listable(access, one.id)} if trees else set()
    uses = restic_objects.uses(access, [blob.id for blob in blobs if blob.kind == "data"], [one.id for one in there if one.id not in unlistable])
    unlistable |= uses.unlistable
    whole = {path for one in there if one.id in unlistable for path in one.paths if not _ours(path)}
    files = sorted({path for _, path in uses.paths if not _ours(path)} | {f"{path}/ (a folder in it cannot be listed)" for path in whole})
    more = [f"and {len(files) - MOST_FILES} more"] if len(files) > MOST_FILES else []
    return Hit(frozenset({snapshot for snapshot, _ in uses.paths} | unlistable), (*files[:MOST_FILES], *more))


def _ours(path: str) -> bool:
    """Whether a path is the run's own manifest, which the store keeps too."""
    return path.endswith("/manifest.jsonl") and "/manifests/" in path


def named(inventory: Inventory, inside: Sequence[Backup], found: Mapping[str, Hit], there: Sequence[StoredSnapshot], registered: Mapping[str, str]) -> tuple[Damage, ...]:
    """The hits with the backups and members whose data it is; `registered` is snapshot → backup as the store knows it, for those that cannot be read any more."""
    backup_of = {**registered, **{one.id: one.tag("backup") or "" for one in there}}
    by_id = {one.id: one for one in inside}
    damages = []
    for name, hit in found.items():
        backups = sorted({backup_of.get(one, "") for one in hit.snapshots} & set(by_id))
        if not hit.snapshots and (name.partition("/")[0] in {"config", "keys"} or name == INDEX_LACKS):
            backups = sorted(by_id)
        members = sorted({member for one in backups for member in members_of(inventory, by_id[one])})
        damages.append(Damage(name, hit.files, tuple(backups), tuple(members)))
    return tuple(damages)
