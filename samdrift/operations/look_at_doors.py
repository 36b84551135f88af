"""Look at doors: whether config and keys, without which nothing opens, are the ones that stood there, and if not, which of them is broken (backup.md F6, F7, F17)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from samdrift.adapters import rest_repository, restic
from samdrift.model.backup_run import BackupReason


@dataclass(frozen=True, slots=True)
class Doors:
    """Objects (`config`, `keys/ID`) that are there and are not what they were; or why this is not our repository at all, with its sentence."""

    broken: tuple[str, ...] = ()
    refusal: tuple[BackupReason, str] | None = None


def look_at_doors(access: restic.Access, held: Mapping[str, Mapping[str, int]], known: str, keys: frozenset[str]) -> Doors:
    """`known` is what the repository was last known by, `keys` are our own; both may be empty when it was never seen.

    Another repository has other keys, for each init makes a new one: where a key of ours still lies, a changed config is a damaged one.
    """
    there = keys & set(held.get("keys", {}))
    broken = tuple(f"keys/{key}" for key in rest_repository.damaged_keys(access.location, access.ca, there))
    identity = rest_repository.identity(access.location, access.ca)
    if not known or identity == known:
        return Doors(broken)
    if "config" not in held.get("", {}):
        return Doors(broken, (BackupReason.REPOSITORY_MISSING, f"the repository is not there and was {known[:12]}"))
    if there:
        return Doors(("config", *broken))
    return Doors(broken, (BackupReason.REPOSITORY_CHANGED, f"the repository is {identity[:12] or 'another'} and was {known[:12]}"))
