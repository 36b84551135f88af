"""`backup hand-out-target`: what playbooks/set-up-backup-target.yml asks the controller."""

from __future__ import annotations

import getpass
import json

import click

from samdrift.cli.backups.asking import acting, columns
from samdrift.cli.context import Context, pass_context
from samdrift.model.errors import WrongUse


@click.command("hand-out-target")
@click.option("--device", required=True, help="The storage host.")
@click.option("--dry-run", is_flag=True, help="The plan alone: folders, endpoints, who may log in; no login is made.")
@click.option("--make", is_flag=True, help="Make the logins that the inventory refers to and lacks.")
@pass_context
def hand_out_target(context: Context, device: str, dry_run: bool, make: bool) -> None:
    """Plan the backup targets of a host, or print their job, secrets in it: for the playbook alone, never for a screen.

    \b
    Examples:
      samdrift backup hand-out-target --device hall-backup-1 --dry-run
      samdrift backup hand-out-target --device are-backup-1 --dry-run
    """
    from samdrift.operations.hand_out_target import PLAYBOOK, target_item
    from samdrift.operations.hand_out_target import hand_out_target as hand_out

    if not dry_run and (context.terminal.is_terminal or context.output != "json"):
        raise WrongUse("jobs hold secrets and are printed into a pipe as JSON only", help=f"ansible-playbook {PLAYBOOK}")
    inventory = acting(context)
    with context.open_store(create=True) as store:
        kept = hand_out(inventory, store, device, who=getpass.getuser(), make=make and not dry_run)
    if not dry_run:
        context.put(json.dumps([one.to_json() for one in kept]) + "\n")
        return
    shown = columns(
        context.text, ("target", "id", "id"), ("site", "site", "id"), ("status", "state", "state"), ("device", "host", "id"), ("folder", "folder"), ("endpoints", "endpoints"),
        ("made", "logins-made"), ("unresolved", "logins-missing"),
    )  # fmt: skip
    context.emit(kind="samdrift/backup-target-plan", items=[target_item(one) for one in kept], columns=shown)
