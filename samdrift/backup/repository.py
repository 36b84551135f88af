"""Repository: where one backup lies on a target and which key opens it (backup.md 1, B1)."""

from __future__ import annotations

from dataclasses import dataclass

from samdrift.model.inventory import Inventory
from samdrift.model.nouns.backup import Backup
from samdrift.model.nouns.backup_target import BackupTarget
from samdrift.model.nouns.service import Service
from samdrift.model.reading import SHARED

COMMON = "common"


@dataclass(frozen=True, slots=True)
class RepositoryPlace:
    """`<owner>/<name>` on a target; `key` and `credential` are references to secrets, never their values."""

    owner: str
    name: str
    target: BackupTarget
    key: str
    credential: str

    @property
    def path(self) -> str:
        return f"{self.owner}/{self.name}"


def owner_of(inventory: Inventory, service: Service) -> str:
    """A member's id, or `shared-<service>` where the operator is joint or no member and several use it."""
    if service.operator in inventory.members:
        return service.operator
    sole = inventory.ownership(service).sole
    return sole if sole and service.operator != "joint" else f"shared-{service.id}"


def members_of(inventory: Inventory, backup: Backup) -> tuple[str, ...]:
    """The members whose data it is: the service's owners, sorted; a joint service of nobody yet has none."""
    return inventory.ownership(inventory.services[backup.service]).members


def member_label(inventory: Inventory, backup: Backup) -> str:
    """What a metric's and reading's `member` says: the one member, or `shared`."""
    members = members_of(inventory, backup)
    return members[0] if len(members) == 1 else SHARED


def place(inventory: Inventory, backup: Backup, target: BackupTarget) -> RepositoryPlace:
    """Where a backup lies on a target; the disaster side has a key of its own, so its reference bears the target's id."""
    owner = owner_of(inventory, inventory.services[backup.service])
    name = backup.id if backup.repository == "own" else COMMON
    key = backup.key or f"vault:{owner}/backup-key"
    suffix = "" if target.role == "primary" else f"-{target.id}"
    return RepositoryPlace(owner, name, target, key + suffix, backup.credential or f"vault:{owner}/backup")


def primary(inventory: Inventory) -> BackupTarget:
    """The one primary target, the first in file order; LookupError when there is none."""
    for target in inventory.backup_targets.values():
        if target.role == "primary":
            return target
    raise LookupError("the inventory has no primary backup target")


def copies(inventory: Inventory) -> tuple[BackupTarget, ...]:
    """The targets that pull from another, in file order."""
    return tuple(target for target in inventory.backup_targets.values() if target.role == "disaster")


def targets_of(inventory: Inventory, backup: Backup) -> tuple[BackupTarget, ...]:
    """The targets where it must lie: the primary and as many others as `copies` asks for (2 = primary and one copy)."""
    return (primary(inventory), *copies(inventory)[: max(0, backup.copies - 1)])


def objectives(inventory: Inventory, backup: Backup) -> tuple[int | None, int | None]:
    """RPO and RTO in seconds: the stricter of the service's and the backup's own (common.md 3)."""
    service = inventory.services[backup.service]
    return _stricter(service.rpo, backup.rpo), _stricter(service.rto, backup.rto)


def _stricter(one: int | None, other: int | None) -> int | None:
    known = [value for value in (one, other) if value is not None]
    return min(known, default=None)


def chosen_primary(inventory: Inventory, backup: Backup) -> RepositoryPlace:
    """Where a run of the backup goes first."""
    return place(inventory, backup, primary(inventory))
