"""Diff the inventory: what a change means, per member, and what of it nobody should do by accident (I18)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from samdrift.adapters.revision import files_at
from samdrift.inventory import judge, load
from samdrift.inventory.difference import compare
from samdrift.inventory.loading import inventory_of
from samdrift.model.errors import WrongUse
from samdrift.model.inventory import Inventory
from samdrift.model.inventory_change import InventoryChange
from samdrift.operations.known_ids import known_ids
from samdrift.operations.load_inventory import judge_inventory, load_inventory


def diff_inventory(
    old: str, new: str, *, inventory: Path, at: datetime, accept: Collection[str] = ()
) -> tuple[InventoryChange, ...]:
    """Changes from `old` to `new`, each a folder or a revision of git of the folder `inventory`.

    The new one must be valid; the old one is taken as far as it can be read, since rules may be younger than it.
    """
    return compare(_old(old, inventory, at), _new(new, inventory, at), accept=accept)


def _old(given: str, inventory: Path, at: datetime) -> Inventory:
    if Path(given).is_dir():
        work = judge_inventory(given, at=at)
    else:
        work = judge(files_at(given, inventory), root=f"{given}:{inventory}", known=known_ids(), at=at)
    if work.loaded is None or work.loaded.settings is None:
        raise WrongUse(f"{given} holds no inventory with a samdrift.yml")
    return inventory_of(work)


def _new(given: str, inventory: Path, at: datetime) -> Inventory:
    if Path(given).is_dir():
        return load_inventory(given, at=at)
    return load(files_at(given, inventory), root=f"{given}:{inventory}", known=known_ids(), at=at)
