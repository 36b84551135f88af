"""`backup heal`, `backup locks` and `backup ballast`: the storage host's own work."""

from __future__ import annotations

import getpass

import click

from samdrift.cli.backups.asking import acting, columns, tell_reasons
from samdrift.cli.context import Context, pass_context
from samdrift.cli.frame.options import dry_run_option, yes_option
from samdrift.model.errors import EXIT_FINDINGS, EXIT_NOT_OBSERVED, EXIT_OK
from samdrift.model.run import Outcome

PLANNED = "planned"
"""The outcome that a dry run shows of what may be carried out."""


@click.command()
@click.argument("repository", metavar="REPO")
@click.option("--site", help="The site whose repository is healed; by default the one stored here.")
@click.option("--device", help="The device this machine is, where its name does not say so.")
@dry_run_option
@yes_option
@pass_context
def heal(context: Context, repository: str, site: str | None, device: str | None, dry_run: bool, yes: bool) -> None:
    """Mend a damaged repository on its storage host: the plan first (--dry-run: it alone, 0); 1 when something is lost or still damaged, 75 somebody is at work.

    \b
    Examples:
      samdrift backup heal ostersund/common --dry-run
      samdrift backup heal shared-samdrift-store/common --site hall-are --yes
    """
    from dataclasses import replace

    from samdrift.operations.heal_repository import heal as carry_out
    from samdrift.operations.heal_repository import healing, record_look
    from samdrift.operations.show_backup_runs import run_items

    inventory = acting(context)
    with context.open_store() as store, healing(inventory, store, repository, viewer=context.viewer, who=getpass.getuser(), site=site, device=device) as one:
        plan = one.plan()
        context.say(f"{plan.purpose}: " + (f"{len(plan.steps)} steps" if plan.steps else "nothing to do"))
        for step in plan.steps:
            context.say(f"  {step.number}. {step.verb} {step.subject}")
        for damage in one.found.damaged:
            context.say(f"  {damage.object} hits {', '.join(damage.backups) or 'no backup'}: {', '.join(damage.files[:5])}")
        planned = dry_run and bool(plan.steps)
        if planned:
            one.doors()
        if dry_run or not plan.steps:
            if not dry_run:
                record_look(one)
            run = replace(one.found, id="", action="heal")
        else:
            context.confirm(f"Heal {repository} in {len(plan.steps)} steps?", yes=yes)
            run = carry_out(one)
    shown = columns(
        context.text, ("backup", "backup", "id"), ("action", "action"), ("site", "site", "id"), ("outcome", "outcome", "state"), ("reasons", "reasons"), ("message", "message")
    )  # fmt: skip
    items = [{**item, "outcome": PLANNED} if planned else item for item in run_items([run])]
    context.emit(kind="samdrift/backup-run", items=items, columns=shown)
    tell_reasons(context, [run])
    context.exit(EXIT_OK if planned or run.outcome is Outcome.OK else EXIT_FINDINGS)


@click.command()
@click.argument("ids", nargs=-1)
@click.option("--clear-stale", is_flag=True, help="Remove the stale ones, each by its name.")
@click.option("--device", help="The device this machine is, where its name does not say so.")
@pass_context
def locks(context: Context, ids: tuple[str, ...], clear_stale: bool, device: str | None) -> None:
    """The locks of repositories; stale is one whose id is over 10 minutes old while no run of ours is alive; 1 one is open.

    \b
    Examples:
      samdrift backup locks samdrift-store
      samdrift backup locks --clear-stale --output json
    """
    from samdrift.operations.clear_locks import clear_locks

    inventory = acting(context)
    with context.open_store(create=True) as store:
        items = clear_locks(inventory, store, ids, viewer=context.viewer, who=getpass.getuser(), clear=clear_stale, device=device)
    shown = columns(
        context.text, ("repository", "backup", "id"), ("site", "site", "id"), ("id", "id", "id"), ("status", "state", "state"), ("age_seconds", "age", "duration"), ("holder", "holder")
    )  # fmt: skip
    context.emit(kind="samdrift/backup-lock", items=items, columns=shown)
    found = {item["status"] for item in items}
    context.exit(EXIT_FINDINGS if "failure" in found else EXIT_NOT_OBSERVED if "undetermined" in found else EXIT_OK)


@click.command()
@click.argument("target", required=False)
@click.option("--free", "release", is_flag=True, help="Remove the file: the one act that gives a full disk room.")
@click.option("--device", help="The device this machine is, where its name does not say so.")
@dry_run_option
@pass_context
def ballast(context: Context, target: str | None, release: bool, device: str | None, dry_run: bool) -> None:
    """Make the file that keeps a target's declared ballast free, or free it when the disk is full; 1 no room to make it.

    \b
    Examples:
      samdrift backup ballast hall --dry-run
      samdrift backup ballast hall --free
    """
    from samdrift.operations.hold_ballast import hold_ballast

    inventory = acting(context)
    with context.open_store(create=True) as store:
        items = hold_ballast(inventory, store, target, who=getpass.getuser(), release=release, plan_only=dry_run, device=device)
    shown = columns(
        context.text, ("target", "id", "id"), ("site", "site", "id"), ("status", "state", "state"), ("action", "action"), ("done", "done"),
        ("wanted_bytes", "wanted", "bytes"), ("held_bytes", "held", "bytes"), ("free_bytes", "free", "bytes"),
    )  # fmt: skip
    context.emit(kind="samdrift/backup-ballast", items=items, columns=shown)
    context.exit(EXIT_FINDINGS if any(item["status"] == "failure" for item in items) else EXIT_OK)
