"""What the verbs of `samdrift backup` share: who may act, and the columns that people see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from samdrift.cli.context import Context
from samdrift.model.backup_run import BackupRun
from samdrift.model.errors import WrongUse
from samdrift.model.section import CellKind, Column
from samdrift.model.text import Text

if TYPE_CHECKING:
    from samdrift.model.inventory import Inventory


def acting(context: Context) -> Inventory:
    """The inventory, for a command that acts; WrongUse for a member's viewer, who only reads."""
    inventory = context.load_inventory()
    if context.viewer.role == "member":
        raise WrongUse(f"{context.viewer.id} reads backups and does not run them", help="leave out --as")
    return inventory


def tell_reasons(context: Context, runs: Iterable[BackupRun]) -> None:
    """One line for each reason of a run: what, where, and what to do."""
    for run in runs:
        for reason in run.reasons:
            context.say(f"{run.backup} @ {run.site}: {reason}: {context.text(f'backup.do.{reason}')}")


def columns(text: Text, *named: tuple[str, str] | tuple[str, str, CellKind]) -> list[Column]:
    """Columns as (key, word of the catalogue, kind)."""
    return [Column(key, text(f"backup.{word}"), *rest) for key, word, *rest in named]
