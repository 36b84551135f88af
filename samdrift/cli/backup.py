"""Backups: run, copy, check, drill and prove them, and see how they stand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from samdrift.cli.backups.anomalies import anomalies
from samdrift.cli.backups.asking import acting as _acting
from samdrift.cli.backups.asking import columns as _columns
from samdrift.cli.backups.asking import tell_reasons
from samdrift.cli.backups.drilling import drill, proof
from samdrift.cli.backups.healing import ballast, heal, locks
from samdrift.cli.backups.keys import keys
from samdrift.cli.backups.page import page
from samdrift.cli.backups.restoring import hand_out_restore, take_back_restore
from samdrift.cli.backups.retention import hold, prune, snapshots
from samdrift.cli.backups.targeting import hand_out_target
from samdrift.cli.context import Context, pass_context
from samdrift.cli.frame.nagios import end_for_nagios, nagios_option
from samdrift.model.backup_run import NOT_REACHED, BackupRun
from samdrift.model.errors import EXIT_FINDINGS, EXIT_NOT_OBSERVED, EXIT_OK, LockHeld, WrongUse
from samdrift.model.finding import Status
from samdrift.model.run import Outcome


@click.group()
def command() -> None:
    """Run, copy, check, drill and prove backups, and see how they stand.

    \b
    Examples:
      samdrift backup status
      samdrift backup run samdrift-store
    """


for verb in (anomalies, ballast, drill, hand_out_restore, hand_out_target, heal, hold, keys, locks, page, proof, prune, snapshots, take_back_restore):
    command.add_command(verb)


@command.command()
@click.argument("ids", nargs=-1)
@click.option("--members", help="Only backups that concern none but these members: are,berg or all.")
@nagios_option
@pass_context
def status(context: Context, ids: tuple[str, ...], members: str | None, *, nagios: bool) -> None:
    """How each backup stands, from the store alone; 1 at a warning or failure, 3 when a repository was not reached.

    \b
    Examples:
      samdrift backup status
      samdrift backup status samdrift-store --output json
      samdrift backup status --nagios
    """
    from samdrift.operations.show_backup_status import show_backup_status

    inventory = context.load_inventory()
    with context.open_store() as store:
        items = show_backup_status(inventory, store, ids, viewer=context.viewer, at=context.at, members=members)
    if nagios:
        end_for_nagios(context, [(Status(item["status"]), f"{item['id']}: {', '.join(item['reasons'])}") for item in items], {"backups": len(items)})
    columns = _columns(
        context.text, ("id", "id", "id"), ("status", "state", "state"), ("member", "member"), ("last_run_at", "when", "instant"), ("rpo_age_seconds", "age", "duration"),
        ("rpo_seconds", "rpo", "duration"), ("restore_estimate_seconds", "estimate", "duration"), ("rto_seconds", "rto", "duration"),
        ("copies_missing", "copies-missing", "integer"), ("reasons", "reasons"),
    )  # fmt: skip
    context.emit(kind="samdrift/backup", items=items, columns=columns)
    found = {item["status"] for item in items}
    context.exit(EXIT_FINDINGS if found & {"failure", "warning"} else EXIT_NOT_OBSERVED if "undetermined" in found else EXIT_OK)


@command.command()
@click.argument("ids", nargs=-1)
@click.option("--due", is_flag=True, help="Those whose data lies here and that have not run well since yesterday.")
@click.option("--device", help="The device this machine is, where its name does not say so.")
@pass_context
def run(context: Context, ids: tuple[str, ...], due: bool, device: str | None) -> None:
    """Back up services whose data lies on this machine, judged by reading back; 1 partial or failed, 3 not reached.

    \b
    Examples:
      samdrift backup run samdrift-store
      samdrift backup run bookit --device ost-lib-1
      samdrift backup run --due
    """
    from samdrift.operations.run_backup import run_backup
    from samdrift.operations.run_backup_jobs import due_here

    if bool(ids) == due:
        raise WrongUse("name backups, or say --due", help="samdrift backup run samdrift-store")
    inventory = _acting(context)
    with context.open_store(create=True) as store:
        wanted = due_here(inventory, store, at=context.at, device=device) if due else ids
        runs, held = [], []
        for one in wanted:
            try:
                runs.append(run_backup(inventory, store, one, viewer=context.viewer, device=device))
            except LockHeld as error:
                held.append(error)
        if held and not runs:
            raise held[0]
        for other in held:
            context.say("; ".join(other.lines()))
        if due and not wanted:
            context.say(context.text("backup.nothing-due"))
            context.exit(EXIT_OK)
        _show(context, runs)


@command.command()
@click.argument("ids", nargs=-1)
@click.option("--device", help="The device this machine is, where its name does not say so.")
@pass_context
def copy(context: Context, ids: tuple[str, ...], device: str | None) -> None:
    """Pull what the disaster site lacks, newest first; 1 when something is still missing.

    \b
    Examples:
      samdrift backup copy
      samdrift backup copy bookit --device are-backup-1
    """
    from samdrift.operations.copy_backups import copy_backups

    inventory = _acting(context)
    with context.open_store(create=True) as store:
        _show(context, copy_backups(inventory, store, ids, viewer=context.viewer, device=device))


@command.command()
@click.argument("ids", nargs=-1)
@click.option("--site", help="Only the repositories at this site.")
@click.option("--full", is_flag=True, help="Read every byte, not only today's slice.")
@click.option("--keyless", is_flag=True, help="Compare every object's content with its name, without a key (on the storage host).")
@click.option("--device", help="The device this machine is, where its name does not say so.")
@pass_context
def check(context: Context, ids: tuple[str, ...], site: str | None, full: bool, keyless: bool, device: str | None) -> None:
    """Check structure and a slice of the data of the repositories; 1 at damage, 3 when one was not reached.

    \b
    Examples:
      samdrift backup check samdrift-store
      samdrift backup check --keyless --site hall-are
    """
    from samdrift.operations.check_backups import check_backups

    inventory = _acting(context)
    with context.open_store(create=True) as store:
        _show(context, check_backups(inventory, store, ids, viewer=context.viewer, site=site, full=full, keyless=keyless, device=device))


def _show(context: Context, runs: Sequence[BackupRun]) -> None:
    """Runs as data, and the exit code that the worst of them asks for."""
    from samdrift.operations.show_backup_runs import run_items

    if not runs:
        raise WrongUse("none of these backups has anything to do on this machine", help="name the device with --device, or run it where the data lies")
    columns = _columns(
        context.text, ("id", "id", "id"), ("backup", "backup", "id"), ("action", "action"), ("site", "site", "id"), ("outcome", "outcome", "state"), ("files", "files", "integer"),
        ("size_bytes", "size", "bytes"), ("reasons", "reasons"), ("message", "message"),
    )  # fmt: skip
    context.emit(kind="samdrift/backup-run", items=run_items(runs), columns=columns)
    tell_reasons(context, runs)
    worse = [one for one in runs if one.outcome is not Outcome.OK]
    unreached = [one for one in worse if one.reasons and one.reasons[0] in NOT_REACHED]
    context.exit(EXIT_OK if not worse else EXIT_NOT_OBSERVED if len(unreached) == len(worse) else EXIT_FINDINGS)


@command.command()
@click.argument("owner")
@click.option("--device", help="The device this machine is, where its name does not say so.")
@pass_context
def enrol(context: Context, owner: str, device: str | None) -> None:
    """Make an owner's keys and repositories that are lacking; again: nothing to do; 1 when a key cannot be read yet.

    \b
    Examples:
      samdrift backup enrol ostersund
      samdrift backup enrol shared-zonline --output json
    """
    from samdrift.operations.enrol_backups import enrol_backups

    inventory = _acting(context)
    with context.open_store(create=True) as store:
        rows = enrol_backups(inventory, store, owner, device=device)
    columns = _columns(context.text, ("what", "action"), ("repository", "backup", "id"), ("target", "site", "id"), ("state", "outcome"))
    context.emit(kind="samdrift/backup-enrolment", items=rows, columns=columns)
    context.exit(EXIT_FINDINGS if any(row["state"] == "unresolved" for row in rows) else EXIT_OK)


@command.command("hand-out")
@click.argument("ids", nargs=-1)
@click.option("--device", required=True, help="The host whose backups are wanted.")
@pass_context
def hand_out(context: Context, ids: tuple[str, ...], device: str) -> None:
    """Open runs for a host and print their jobs, secrets in them: for the playbook alone, never for a screen.

    \b
    Examples:
      samdrift backup hand-out --device ost-lib-1 --output json
      samdrift backup hand-out bookit --device ost-lib-1 --output json
    """
    import json

    from samdrift.operations.hand_out_backups import hand_out_backups

    inventory = _acting(context)
    if context.terminal.is_terminal or context.output != "json":
        raise WrongUse("jobs hold secrets and are printed into a pipe as JSON only", help="ansible-playbook playbooks/back-up-hosts.yml")
    with context.open_store(create=True) as store:
        context.put(json.dumps(hand_out_backups(inventory, store, device, ids, viewer=context.viewer)) + "\n")


@command.command("take-back")
@click.option("--manifest", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The manifest that the host made.")
@pass_context
def take_back(context: Context, manifest: Path | None) -> None:
    """Judge and record what a host's agent told on standard input; 1 partial or failed, 3 not reached.

    \b
    Examples:
      samdrift backup take-back --manifest K-7Q2D.jsonl < told.json
      samdrift backup take-back < told.json
    """
    import json
    import sys

    from samdrift.operations.hand_out_backups import take_back_backup

    try:
        told = json.loads(sys.stdin.read(4 * 2**20))
    except ValueError as error:
        raise WrongUse(f"standard input is no JSON: {error}") from None
    inventory = _acting(context)
    with context.open_store() as store:
        _show(context, [take_back_backup(inventory, store, told, manifest, viewer=context.viewer)])


@command.command()
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The file to write.")
@pass_context
def agent(context: Context, out: Path) -> None:
    """Write the agent that a playbook carries to hosts: one file, run by the host's own Python.

    \b
    Examples:
      samdrift backup agent --out backup-agent.pyz
      samdrift backup agent --out /tmp/backup-agent.pyz --quiet
    """
    from samdrift.operations.build_backup_agent import build_backup_agent

    written = build_backup_agent(out)
    context.say(f"{out}: {'written' if written else 'as it was'}")


@command.command()
@click.argument("backup_id", metavar="ID")
@click.option("--to", type=click.Path(path_type=Path), required=True, help="A new or empty folder.")
@click.option("--snapshot", help="This snapshot; by default the newest usable one.")
@click.option("--path", "paths", multiple=True, help="Only this path; may be given several times.")
@click.option("--site", help="Where to restore from; by default the primary.")
@pass_context
def restore(context: Context, backup_id: str, to: Path, snapshot: str | None, paths: tuple[str, ...], site: str | None) -> None:
    """Restore into a new or empty folder and compare with the source's manifest; 1 when it differs. --at: the newest that old.

    \b
    Examples:
      samdrift backup restore samdrift-store --to /tmp/whole
      samdrift backup restore bookit --to /tmp/one --path /srv/bookit/a.txt
    """
    import getpass

    from samdrift.operations.restore_backup import restore_backup
    from samdrift.operations.show_backup_runs import restore_item

    instant = context.at if context.at_given else None
    inventory = _acting(context)
    with context.open_store() as store:
        found, result = restore_backup(
            inventory, store, backup_id, to, viewer=context.viewer, who=getpass.getuser(), snapshot=snapshot, at=instant, paths=paths, site=site
        )  # fmt: skip
    item = restore_item(found, result, to)
    columns = _columns(
        context.text, ("backup", "backup", "id"), ("site", "site", "id"), ("snapshot", "snapshot", "id"), ("status", "state", "state"), ("files", "files", "integer"),
        ("size_bytes", "size", "bytes"), ("compared", "compared", "integer"), ("mismatches", "mismatches"), ("missing", "lacking"),
    )  # fmt: skip
    context.emit(kind="samdrift/backup-restore", items=[item], columns=columns)
    context.exit(EXIT_OK if item["status"] == "ok" else EXIT_FINDINGS)
