"""The metrics of backups, from the store (backup.md 6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from samdrift.backup.metrics import METRICS, STORED, backup_samples, run_samples
from samdrift.backup.repository import chosen_primary, member_label
from samdrift.model.inventory import Inventory
from samdrift.model.metric import Sample
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.show_backup_status import backup_states
from samdrift.store import Store
from samdrift.store import backups as stored

__all__ = ["METRICS", "sample"]
ACTIONS = ("run", "copy", "check", "scan", "drill")


def sample(inventory: Inventory, store: Store, *, at: datetime) -> Iterable[Sample]:
    """One set of series a declared backup; a repository's bytes once."""
    bytes_of: dict[tuple[str, str, str], int] = {}
    for backup, state in backup_states(inventory, store, (), viewer=OPERATIONS, at=at).values():
        member, repository = member_label(inventory, backup), chosen_primary(inventory, backup).path
        yield from backup_samples(backup, member, repository, state)
        for site in state.sites:
            if site.look is not None and site.look.stored_bytes is not None:
                bytes_of.setdefault((repository, site.wanted.site, repository_member(inventory, repository, member)), site.look.stored_bytes)
    for (repository, place, owner), size in sorted(bytes_of.items()):
        yield Sample(STORED.name, {"member": owner, "repository": repository, "site": place}, size)
    with store.read() as connection:
        yield from run_samples(stored.runs(connection, viewer=OPERATIONS, actions=ACTIONS))


def repository_member(inventory: Inventory, repository: str, member: str) -> str:
    """Whose a repository is: the member that it is named after, else what its backups say."""
    owner = repository.partition("/")[0]
    return owner if owner in inventory.members else member
