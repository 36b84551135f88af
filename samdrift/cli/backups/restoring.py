"""`backup hand-out-restore` and `take-back-restore`: what playbooks/restore-service.yml asks the controller."""

from __future__ import annotations

import getpass
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from samdrift.cli.backups.asking import acting, columns
from samdrift.cli.context import Context, pass_context
from samdrift.model.errors import EXIT_FINDINGS, EXIT_OK, WrongUse

if TYPE_CHECKING:
    from collections.abc import Callable

PLAYBOOK = "playbooks/restore-service.yml"


def _what(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say what goes where."""
    for option in (
        click.option("--files-only", is_flag=True, help="Load no database; dumps come as files."),
        click.option("--cluster", metavar="SOCKET[:PORT]", help="Where databases go; by default as at the source."),
        click.option("--site", help="Where to restore from; by default the primary."),
        click.option("--snapshot", help="This snapshot; by default the newest usable one."),
        click.option("--to", required=True, metavar="DIR", help="A new or empty folder of the host."),
        click.option("--device", required=True, help="The host to restore onto."),
        click.argument("backup_id", metavar="ID"),
    ):
        command = option(command)
    return command


@click.command("hand-out-restore")
@_what
@click.option("--dry-run", is_flag=True, help="The plan alone: what, whence, where to, how many files and bytes.")
@pass_context
def hand_out_restore(context: Context, backup_id: str, device: str, to: str, snapshot: str | None, site: str | None, cluster: str | None, files_only: bool, dry_run: bool) -> None:
    """Plan a restore onto another host, or print its job, secrets in it: for the playbook alone, never for a screen.

    \b
    Examples:
      samdrift backup hand-out-restore bookit --device ost-lib-2 --to /b --dry-run
      samdrift backup hand-out-restore zappa --device edp-1 --to /b --dry-run
    """
    from samdrift.operations.restore_elsewhere import hand_out_restore as hand_out
    from samdrift.operations.restore_elsewhere import plan_restore

    if not dry_run and (context.terminal.is_terminal or context.output != "json"):
        raise WrongUse("jobs hold secrets and are printed into a pipe as JSON only", help=f"ansible-playbook {PLAYBOOK}")
    inventory = acting(context)
    with context.open_store() as store:
        chosen_at = context.at if context.at_given else None
        plan = plan_restore(inventory, store, backup_id, device, to, snapshot=snapshot, at=chosen_at, site=site, cluster=cluster, databases=not files_only)
        if not dry_run:
            context.put(json.dumps(hand_out(inventory, store, plan, who=getpass.getuser()).to_json()) + "\n")
            return
    item = {
        "backup": plan.backup.id, "site": plan.snapshot.site, "snapshot": plan.snapshot.id, "recovery_point_at": plan.snapshot.recovery_point_at,
        "host": plan.host, "to": plan.to, "files": plan.files, "size_bytes": plan.size_bytes, "databases": list(plan.databases),
        "loads": [one.dump.name for one in plan.loads], "estimate_seconds": plan.estimate_seconds,
    }  # fmt: skip
    named = columns(
        context.text, ("backup", "backup", "id"), ("site", "site", "id"), ("snapshot", "snapshot", "id"), ("recovery_point_at", "when", "instant"), ("host", "host", "id"), ("to", "folder"),
        ("files", "files", "integer"), ("size_bytes", "size", "bytes"), ("databases", "databases"), ("loads", "loads"), ("estimate_seconds", "estimate", "duration"),
    )  # fmt: skip
    context.emit(kind="samdrift/backup-restore-plan", items=[item], columns=named)


@click.command("take-back-restore")
@_what
@click.option("--found", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=True, help="What the host wrote down of the folder.")
@pass_context
def take_back_restore(context: Context, backup_id: str, device: str, to: str, snapshot: str | None, site: str | None, cluster: str | None, files_only: bool, found: Path) -> None:
    """Compare what a host restored, told on standard input, with the source's manifest; 1 when it differs.

    \b
    Examples:
      samdrift backup take-back-restore bookit --device edp-1 --to /b --found f
      samdrift backup take-back-restore zappa --device edp-1 --to /b --found f
    """
    from samdrift.operations.restore_elsewhere import plan_restore
    from samdrift.operations.restore_elsewhere import take_back_restore as take_back
    from samdrift.operations.show_backup_runs import back_item

    try:
        told = json.loads(sys.stdin.read(2**20))
    except ValueError as error:
        raise WrongUse(f"standard input is no JSON: {error}") from None
    if not isinstance(told, dict):
        raise WrongUse("standard input is no account of a restore")
    inventory = acting(context)
    with context.open_store() as store:
        chosen_at = context.at if context.at_given else None
        plan = plan_restore(inventory, store, backup_id, device, to, snapshot=snapshot, at=chosen_at, site=site, cluster=cluster, databases=not files_only)
        back = take_back(store, plan, told, found, who=getpass.getuser())
    item = back_item(plan.snapshot, back, Path(plan.to))
    named = columns(
        context.text, ("backup", "backup", "id"), ("site", "site", "id"), ("snapshot", "snapshot", "id"), ("status", "state", "state"), ("files", "files", "integer"),
        ("size_bytes", "size", "bytes"), ("compared", "compared", "integer"), ("mismatches", "mismatches"), ("missing", "lacking"),
        ("databases", "databases"),
    )  # fmt: skip
    context.emit(kind="samdrift/backup-restore", items=[item], columns=named)
    context.exit(EXIT_FINDINGS if item["status"] == "failure" else EXIT_OK)
