"""`backup keys`: whose keys open the repositories, and the sealed ones of custodians."""

from __future__ import annotations

import getpass
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from samdrift.cli.backups.asking import acting, columns
from samdrift.cli.backups.retention import Named
from samdrift.cli.context import Context, pass_context
from samdrift.model.errors import EXIT_FINDINGS, EXIT_NOT_OBSERVED, EXIT_OK

COLUMNS: tuple[Named, ...] = (
    ("repository", "repository", "id"), ("site", "site", "id"), ("key", "id", "id"), ("kind", "kind"), ("status", "state", "state"), ("recipients", "recipients"),
    ("present_at", "present", "instant"), ("proved_at", "proved", "instant"),
)  # fmt: skip


@click.group()
def keys() -> None:
    """Whose keys open the repositories, and the sealed ones of custodians.

    \b
    Examples:
      samdrift backup keys list
      samdrift backup keys escrow shared-samdrift-store
    """


def _end(context: Context, items: Sequence[Mapping[str, object]]) -> None:
    """1 for a key that is unknown, gone or unproved; else 3 where a repository's keys could not be seen."""
    found = {item["status"] for item in items}
    context.exit(EXIT_FINDINGS if "failure" in found else EXIT_NOT_OBSERVED if "undetermined" in found else EXIT_OK)


@keys.command("list")
@click.argument("repositories", nargs=-1)
@click.option("--device", help="The device this machine is, where its name does not say so.")
@pass_context
def list_(context: Context, repositories: tuple[str, ...], device: str | None) -> None:
    """Every key of the repositories that are reached from here; 1 one is unknown, gone or not proved for 35 days, 3 not seen.

    \b
    Examples:
      samdrift backup keys list
      samdrift backup keys list --device are-backup-1 --output json
    """
    from samdrift.operations.escrow_keys import list_keys

    inventory = acting(context)
    with context.open_store(create=True) as store:
        items = list_keys(inventory, store, repositories, at=context.at, device=device)
    context.emit(kind="samdrift/backup-key", items=items, columns=columns(context.text, *COLUMNS))
    _end(context, items)


@keys.command("escrow")
@click.argument("repositories", nargs=-1)
@click.option("--device", help="The device this machine is, where its name does not say so.")
@pass_context
def escrow(context: Context, repositories: tuple[str, ...], device: str | None) -> None:
    """Give each repository here a second key, sealed to the target's custodians and forgotten; again: nothing to do.

    \b
    Examples:
      samdrift backup keys escrow
      samdrift backup keys escrow --device hall-backup-1 --output json
    """
    _make(context, repositories, device, None, rotate=False)


@keys.command("rotate")
@click.argument("repositories", nargs=-1)
@click.option("--without", help="Leave this custodian out (age:ORGANISATION/NUMBER): who has left.")
@click.option("--device", help="The device this machine is, where its name does not say so.")
@pass_context
def rotate(context: Context, repositories: tuple[str, ...], without: str | None, device: str | None) -> None:
    """Seal new second keys, remove the earlier ones, and list what keys are left.

    \b
    Examples:
      samdrift backup keys rotate
      samdrift backup keys rotate --without age:ostersund/1
    """
    _make(context, repositories, device, without, rotate=True)


def _make(context: Context, repositories: tuple[str, ...], device: str | None, without: str | None, *, rotate: bool) -> None:
    from samdrift.operations.escrow_keys import escrow_keys

    inventory = acting(context)
    with context.open_store(create=True) as store:
        items = escrow_keys(inventory, store, repositories, who=getpass.getuser(), device=device, without=without, rotate=rotate)
    context.emit(kind="samdrift/backup-key", items=items, columns=columns(context.text, *COLUMNS))
    _end(context, items)


@keys.command("prove")
@click.argument("repository")
@click.option("--identity", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=True, help="The custodian's age identity file.")
@click.option("--site", help="The site, where the repository lies at several on this machine.")
@click.option("--device", help="The device this machine is, where its name does not say so.")
@pass_context
def prove(context: Context, repository: str, identity: Path, site: str | None, device: str | None) -> None:
    """A custodian opens a repository with the sealed key; 1 when it does not open.

    \b
    Examples:
      samdrift backup keys prove bracke/common --identity custodian.txt
      samdrift backup keys prove bracke/common --identity k.txt --site hall-are
    """
    from samdrift.operations.escrow_keys import prove_key

    inventory = acting(context)
    with context.open_store() as store:
        item = prove_key(inventory, store, repository, identity, who=getpass.getuser(), site=site, device=device)
    context.emit(kind="samdrift/backup-key", items=[item], columns=columns(context.text, *COLUMNS))
    context.exit(EXIT_OK if item["status"] == "ok" else EXIT_FINDINGS)
