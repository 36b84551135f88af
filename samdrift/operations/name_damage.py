"""Name damage: which files, backups and members a damaged object hits, by asking the repository itself (backup.md B14)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from samdrift.adapters import restic, restic_objects
from samdrift.backup.damage import INDEX_LACKS, STRUCTURE
from samdrift.backup.repository import members_of
from samdrift.model.backup_run import Damage
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.backup import Backup
from samdrift.model.snapshot import StoredSnapshot

MOST_FILES = 1000
"""Files named for one object; more are counted in a last line."""


@dataclass(frozen=True, slots=True)
class Hit:
    """What one damaged object hits: ids of snapshots, and files by path. `unknown`: it cannot be told while the index is broken, so that it may be anybody's."""

    snapshots: frozenset[str]
    files: tuple[str, ...]
    unknown: bool = False


def hits(access: restic.Access, objects: Sequence[str], held: Mapping[str, Mapping[str, int]], there: Sequence[StoredSnapshot]) -> dict[str, Hit]:
    """Object → whom it hits. Packs are followed through the index to files; a snapshot is its own; an index file or the config hits all."""
    everything = frozenset(one.id for one in there)
    bad = [one.partition("/")[2] for one in objects if one.startswith("data/")]
    known, unreadable = restic_objects.packs(access, held.get("index", {})) if bad else ({}, ())
    objects = sorted({_whole(name, known) for name in objects})
    dark = bool(unreadable) or any(one.startswith("index/") for one in objects)
    folders = not dark and any(blob.kind == "tree" for pack in bad for blob in known.get(pack, ()))
    unlistable = frozenset(one.id for one in there if not restic_objects.listable(access, one.id)) if folders else frozenset()
    found = {}
    for name in objects:
        folder, _, rest = name.partition("/")
        if folder == "snapshots":
            found[name] = Hit(frozenset({rest}), ())
        elif folder == "data" and dark:
            found[name] = Hit(frozenset(), (), unknown=True)
        elif folder == "data":
            found[name] = _of_pack(access, known.get(rest, ()), there, unlistable)
        else:
            found[name] = Hit(everything, ())
    return found


def _whole(name: str, packs: Iterable[str]) -> str:
    """restic sometimes tells a pack that is gone by its first digits alone: completed from what the index names."""
    folder, _, digits = name.partition("/")
    return next((f"data/{pack}" for pack in packs if pack.startswith(digits)), name) if folder == "data" else name


def _of_pack(access: restic.Access, blobs: Sequence[restic_objects.Blob], there: Sequence[StoredSnapshot], unlistable: frozenset[str]) -> Hit:
    """Files and folders by what the index says that the pack holds, be it readable still or not: it is set aside whole.

    A snapshot that cannot be listed is hit when the pack holds folders, or a content that no other snapshot shows in use.
    """
    if not blobs:
        return Hit(frozenset(), ())
    trees, data = ([blob.id for blob in blobs if blob.kind == kind] for kind in ("tree", "data"))
    listed = [one.id for one in there if one.id not in unlistable]
    files, folders = restic_objects.uses(access, "blob", data, listed), restic_objects.uses(access, "tree", trees, listed)
    dark = (unlistable | files.unlistable | folders.unlistable) if trees or set(data) - files.blobs else frozenset()
    tops = {one.id for one in there if one.tree in trees}
    by_id = {one.id: one for one in there}
    below = {path for snapshot, folder in folders.paths for path in _declared(by_id[snapshot], folder)} | {path for one in dark | tops for path in _declared(by_id[one], "/")}
    named_files = {path for _, path in files.paths if not _ours(path)}
    found = sorted(named_files | {f"{path}/ (a folder in it cannot be listed)" for path in below})
    more = [f"and {len(found) - MOST_FILES} more"] if len(found) > MOST_FILES else []
    return Hit(frozenset({snapshot for snapshot, _ in (*files.paths, *folders.paths)} | dark | tops), (*found[:MOST_FILES], *more))


def lacking(access: restic.Access, lacks: Sequence[tuple[str, str]], there: Sequence[StoredSnapshot]) -> Hit:
    """Whom it hits that folders, or contents of files in them, are in no index: each (folder's id, file's name or empty)."""
    trees = sorted({folder for folder, _ in lacks})
    found = restic_objects.uses(access, "tree", trees, [one.id for one in there])
    by_id = {one.id: one for one in there}
    names: dict[str, list[str]] = {}
    for folder, name in lacks:
        names.setdefault(folder, []).append(name)
    tops = {one.id for one in there if one.tree in trees}
    files: set[str] = set()
    for folder, pairs in found.of.items():
        for snapshot, path in pairs:
            files |= {f"{path}/{name}" if name else f"{path}/ (a folder in it cannot be listed)" for name in names.get(folder, ()) if name or _declared(by_id[snapshot], path)}
    files |= {f"{path}/ (a folder in it cannot be listed)" for one in tops for path in _declared(by_id[one], "/")}
    return Hit(frozenset({snapshot for snapshot, _ in found.paths} | found.unlistable | tops), tuple(sorted(one for one in files if not _ours(one))[:MOST_FILES]))


def _declared(one: StoredSnapshot, folder: str) -> tuple[str, ...]:
    """The folder itself where it lies in what was declared, else the declared paths that lie in it."""
    declared = [path for path in one.paths if not _ours(path)]
    if any(folder == path or folder.startswith(f"{path}/") for path in declared):
        return (folder,)
    return tuple(path for path in declared if path.startswith(f"{folder.rstrip('/')}/"))


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
        if hit.unknown or (not hit.snapshots and (name.partition("/")[0] in {"config", "keys"} or name in {INDEX_LACKS, STRUCTURE})):
            backups = sorted(by_id)
        members = sorted({member for one in backups for member in members_of(inventory, by_id[one])})
        damages.append(Damage(name, hit.files, tuple(backups), tuple(members)))
    return tuple(damages)
