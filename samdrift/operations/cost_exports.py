"""The digests of a closed month's exports, as a close freezes them (costs.md C1, C2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from samdrift.model.chain import digest
from samdrift.model.cost import Blocking, MonthCost
from samdrift.model.inventory import Inventory
from samdrift.operations.ledger_exports import FORMATS, ExportFormat, Ledger, export_blocking, exports_of


def export_digests(cost: MonthCost, inventory: Inventory, *, at: datetime, formats: Iterable[ExportFormat] = FORMATS) -> dict[str, str]:
    """`export:<file name>` → SHA-256 of every export of the formats; each stamp in them is the instant of the close."""
    return {f"export:{name}": digest(content) for name, content in exports_of(Ledger(cost, inventory, at), formats).items()}


def blocking_of_exports(cost: MonthCost, inventory: Inventory, *, at: datetime) -> tuple[Blocking, ...]:
    """`account-unmapped` and `text-not-cp437`, where the inventory has accounts (5b)."""
    return export_blocking(Ledger(cost, inventory, at))
