"""`backup prune`, `backup hold` and the reviews of `backup snapshots`."""

from __future__ import annotations

import getpass

import click

from samdrift.cli.backups.asking import acting, columns
from samdrift.cli.context import Context, pass_context
from samdrift.cli.frame.default_group import DefaultGroup, ListGroup
from samdrift.model.errors import EXIT_FINDINGS, EXIT_OK, WrongUse
from samdrift.model.period import read_instant
from samdrift.model.retention import Verdict
from samdrift.model.section import CellKind


@click.command()
@click.argument("ids", nargs=-1)
@click.option("--accept", multiple=True, metavar="ID", help="Let more than 30 % of this backup's snapshots go.")
@click.option("--site", help="Only at this site.")
@click.option("--device", help="The device this machine is, where its name does not say so.")
@click.option("--dry-run", is_flag=True, help="Show what would be kept, forgotten and refused; nothing is touched.")
@pass_context
def prune(context: Context, ids: tuple[str, ...], accept: tuple[str, ...], site: str | None, device: str | None, dry_run: bool) -> None:
    """Forget what retention gives up, on the storage host; 1 something refused, 75 somebody is at work there.

    \b
    Examples:
      samdrift backup prune --dry-run
      samdrift backup prune samdrift-store --site hall-ostersund
    """
    from samdrift.operations.prune_backups import plan_prune, prune_backups
    from samdrift.operations.show_backup_runs import run_items

    inventory = acting(context)
    with context.open_store(create=not dry_run) as store:
        if dry_run:
            done = plan_prune(inventory, store, ids, viewer=context.viewer, at=context.at, accept=accept, site=site)
        else:
            done = prune_backups(inventory, store, ids, viewer=context.viewer, who=getpass.getuser(), accept=accept, site=site, device=device)
    if not (done.items or done.runs or done.at_work or dry_run):
        raise WrongUse("none of these repositories lies on this machine", help="run it on the storage host, or name the device with --device")
    shown = columns(
        context.text, ("id", "id", "id"), ("backup", "backup", "id"), ("site", "site", "id"), ("state", "state"), ("arrival_at", "arrived", "instant"),
        ("decision", "decision"), ("slots", "slots"), ("because", "because"),
    )  # fmt: skip
    context.emit(kind="samdrift/snapshot", items=done.items, columns=shown, siblings={"runs": run_items(done.runs)})
    if done.at_work is not None:
        raise done.at_work
    context.exit(EXIT_FINDINGS if done.refused else EXIT_OK)


@click.group(cls=ListGroup)
def hold() -> None:
    """Keep every snapshot of a backup for a time, and see what is kept so.

    \b
    Examples:
      samdrift backup hold list
      samdrift backup hold add bookit --reason "Tvist, se ärende 4711"
    """


Named = tuple[str, str] | tuple[str, str, CellKind]
HOLD_COLUMNS: tuple[Named, ...] = (
    ("id", "id", "id"), ("backup", "backup", "id"), ("member", "member"), ("since", "since", "instant"), ("until", "until", "instant"), ("stands", "stands"), ("who", "who"),
    ("reason", "reason"),
)  # fmt: skip


@hold.command("add")
@click.argument("backup_id", metavar="ID")
@click.option("--reason", required=True, help="Why, for whoever reads it in a year.")
@click.option("--until", help="When it ends by itself (RFC 3339); by default it stands until it is removed.")
@pass_context
def add(context: Context, backup_id: str, reason: str, until: str | None) -> None:
    """Hold every snapshot of a backup at both sites, from now on.

    \b
    Examples:
      samdrift backup hold add bookit --reason "Tvist, se ärende 4711"
      samdrift backup hold add bookit --reason R --until 2027-03-01T00:00:00Z
    """
    from samdrift.operations.hold_retention import add_hold

    try:
        end = read_instant(until) if until else None
    except ValueError as error:
        raise WrongUse(f"--until: {error}") from None
    inventory = acting(context)
    with context.open_store(create=True) as store:
        item = add_hold(inventory, store, backup_id, reason=reason, until=end, viewer=context.viewer, who=getpass.getuser(), at=context.at)
    context.emit(kind="samdrift/backup-hold", items=[item], columns=columns(context.text, *HOLD_COLUMNS))


@hold.command("remove")
@click.argument("hold_id", metavar="HOLD")
@click.option("--reason", required=True, help="Why it is no longer needed.")
@pass_context
def remove(context: Context, hold_id: str, reason: str) -> None:
    """End a hold; what retention gives up goes at the next prune.

    \b
    Examples:
      samdrift backup hold remove H-7Q2D --reason "Tvisten är avgjord"
      samdrift backup hold remove h7q2d --reason "Revision klar" --output json
    """
    from samdrift.operations.hold_retention import remove_hold

    inventory = acting(context)
    with context.open_store() as store:
        item = remove_hold(inventory, store, hold_id, reason=reason, viewer=context.viewer, who=getpass.getuser(), at=context.at)
    context.emit(kind="samdrift/backup-hold", items=[item], columns=columns(context.text, *HOLD_COLUMNS))


@hold.command("list")
@click.argument("ids", nargs=-1)
@pass_context
def list_(context: Context, ids: tuple[str, ...]) -> None:
    """Holds that stand and that have ended, oldest first.

    \b
    Examples:
      samdrift backup hold list
      samdrift backup hold list bookit --output json
    """
    from samdrift.operations.hold_retention import list_holds

    inventory = context.load_inventory()
    with context.open_store() as store:
        items = list_holds(inventory, store, ids, viewer=context.viewer, at=context.at)
    context.emit(kind="samdrift/backup-hold", items=items, columns=columns(context.text, *HOLD_COLUMNS))


@click.group(cls=DefaultGroup)
def snapshots() -> None:
    """The snapshots of a backup, and what persons say of those that no run explains.

    \b
    Examples:
      samdrift backup snapshots samdrift-store
      samdrift backup snapshots reject 5f2a81c9 --reason "Okänd avsändare"
    """


@snapshots.command("show")
@click.argument("backup_id", metavar="ID")
@pass_context
def show(context: Context, backup_id: str) -> None:
    """The snapshots of a backup at every site, newest first, with what retention would decide.

    \b
    Examples:
      samdrift backup snapshots samdrift-store
      samdrift backup snapshots show bookit --output csv
    """
    from samdrift.operations.show_backup_status import show_snapshots

    inventory = context.load_inventory()
    with context.open_store() as store:
        items = show_snapshots(inventory, store, backup_id, viewer=context.viewer, at=context.at)
    shown = columns(
        context.text, ("id", "id", "id"), ("site", "site", "id"), ("state", "state"), ("recovery_point_at", "point", "instant"), ("arrival_at", "arrived", "instant"),
        ("files", "files", "integer"), ("size_bytes", "size", "bytes"), ("decision", "decision"),
    )  # fmt: skip
    context.emit(kind="samdrift/snapshot", items=items, columns=shown)


@snapshots.command("accept")
@click.argument("snapshot", metavar="SNAPSHOT")
@click.option("--reason", required=True, help="What it is and how you know.")
@pass_context
def accept_snapshot(context: Context, snapshot: str, reason: str) -> None:
    """Say that a snapshot is what it should be: it is usable from now on, at every site.

    \b
    Examples:
      samdrift backup snapshots accept 5f2a81c9 --reason "Togs för hand"
      samdrift backup snapshots accept 5f2a81c9 --reason Maskinbyte --output json
    """
    review(context, snapshot, "accept", reason)


@snapshots.command("reject")
@click.argument("snapshot", metavar="SNAPSHOT")
@click.option("--reason", required=True, help="What is wrong with it.")
@pass_context
def reject_snapshot(context: Context, snapshot: str, reason: str) -> None:
    """Say that a snapshot is not to be trusted: it is unusable, and goes when its time has come.

    \b
    Examples:
      samdrift backup snapshots reject 5f2a81c9 --reason "Okänd avsändare"
      samdrift backup snapshots reject 5f2a81c9 --reason "Falsk tid" --output json
    """
    review(context, snapshot, "reject", reason)


def review(context: Context, snapshot: str, verdict: Verdict, reason: str, *, anomalies: bool = False) -> None:
    """Review a snapshot and show what came of it."""
    from samdrift.operations.review_snapshots import REVIEWED, review_snapshot

    inventory = acting(context)
    only = frozenset({"suspect"}) if anomalies else REVIEWED
    with context.open_store() as store:
        item = review_snapshot(inventory, store, snapshot, verdict, reason=reason, viewer=context.viewer, who=getpass.getuser(), at=context.at, only=only)
    shown = columns(context.text, ("origin", "snapshot", "id"), ("backup", "backup", "id"), ("verdict", "verdict"), ("state", "state"), ("sites", "sites", "integer"), ("who", "who"), ("reason", "reason"))
    context.emit(kind="samdrift/backup-review", items=[item], columns=shown)
