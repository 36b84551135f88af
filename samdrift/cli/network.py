"""Network devices: keep their configurations, and see what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from samdrift.cli.context import Context, pass_context
from samdrift.model.errors import EXIT_FINDINGS, EXIT_NOT_OBSERVED, EXIT_OK, WrongUse
from samdrift.model.network_backup import NetworkBackup, NetworkStatus
from samdrift.model.section import Column

if TYPE_CHECKING:
    from samdrift.operations.diff_network import NetworkDiff


@click.group()
def command() -> None:
    """Network devices: keep their configurations, and see what changed.

    Texts are kept without their secrets, one git repository a member below the
    state folder; the full text for a restore and the policy are not there yet.

    \b
    Examples:
      samdrift network status
      samdrift network backup --site hall-are
    """


@command.command()
@click.option("--device", "devices", multiple=True, metavar="ID", help="Only this device; may be given several times.")
@click.option("--site", metavar="ID", help="Only this site.")
@click.option("--deadline", metavar="DURATION", help="End after this: 60 s, 15 min.")
@pass_context
def backup(context: Context, devices: tuple[str, ...], site: str | None, deadline: str | None) -> None:
    """Read devices' configurations whole or refuse them; 1 one refused, 3 one not seen.

    The file that a device's `credentials` names has two lines, user and
    password; the port is 22 or its variable `ssh_port`. A host key that the
    inventory does not name ends the attempt before any password is sent.

    \b
    Examples:
      samdrift network backup
      samdrift network backup --device rt-are-1 --deadline "60 s"
    """
    from samdrift.operations.back_up_network import back_up_network

    inventory, limit = context.load_inventory(), _seconds(deadline)
    with context.open_store(create=True) as store:
        rows = back_up_network(
            inventory, store, viewer=context.viewer, devices=devices, member=context.member, site=site, deadline_s=limit,
            told=lambda row: context.step(f"{row.device}: {row.status}{f', {row.reason}: {row.message}' if row.reason else ''}"),
        )  # fmt: skip
    for left_out in sorted(set(devices) - {row.device for row in rows}):
        context.say(f"{left_out}: left out, it is not in service or not logged in to")
    _show(context, rows)


@command.command()
@click.option("--device", "devices", multiple=True, metavar="ID", help="Only this device; may be given several times.")
@click.option("--site", metavar="ID", help="Only this site.")
@pass_context
def status(context: Context, devices: tuple[str, ...], site: str | None) -> None:
    """How each device's kept text stands, from the store alone; exit as of backup.

    \b
    Examples:
      samdrift network status
      samdrift network status --member are --output json
    """
    from samdrift.operations.show_network_backup import show_network_backup

    inventory = context.load_inventory()
    with context.open_store() as store:
        rows = show_network_backup(inventory, store, viewer=context.viewer, at=context.at, devices=devices, member=context.member, site=site)
    _show(context, rows)


@command.command()
@click.argument("device")
@click.argument("old", required=False)
@click.argument("new", required=False)
@pass_context
def diff(context: Context, device: str, old: str | None, new: str | None) -> None:
    """What changed in DEVICE's text from commit OLD to NEW; without them its last change.

    A member's viewer reads the texts of devices that it owns alone.

    \b
    Examples:
      samdrift network diff rt-are-1
      samdrift network diff rt-are-1 4f1c2a9d --output json  # lab
    """
    from samdrift.operations.diff_network import diff_network

    inventory = context.load_inventory()
    with context.open_store() as store:
        found = diff_network(inventory, store, device, old, new, viewer=context.viewer)
    _difference(context, found)


def _seconds(text: str | None) -> int | None:
    from samdrift.model.quantity import read_duration

    try:
        return read_duration(text) if text else None
    except ValueError as error:
        raise WrongUse(f"--deadline: {error}") from None


def _show(context: Context, rows: Sequence[NetworkBackup]) -> None:
    """Rows as data; 1 when a text was refused, 3 when one was not seen."""
    text = context.text
    columns = [
        Column("device", text("network.device"), "id"), Column("status", text("network.status"), "state"), Column("reason", text("network.reason")),
        Column("member", text("network.member"), "id"), Column("site", text("network.site"), "id"), Column("last_success_at", text("network.last"), "instant"),
        Column("bytes", text("network.bytes"), "bytes"), Column("seconds", text("network.seconds"), "duration"), Column("commit", text("network.commit"), "id"),
        Column("message", text("network.message")),
    ]  # fmt: skip
    counts = Counter(row.status.value for row in rows)
    summary = text("network.summary", count=len(rows), **{state.value: counts[state.value] for state in NetworkStatus})
    context.emit(kind="samdrift/network-backup", items=[_item(row) for row in rows], columns=columns, summary=summary)
    refused, unseen = counts[NetworkStatus.FAILED.value], counts[NetworkStatus.UNDETERMINED.value]
    context.exit(EXIT_FINDINGS if refused else EXIT_NOT_OBSERVED if unseen else EXIT_OK)


def _item(row: NetworkBackup) -> dict[str, Any]:
    return {
        "device": row.device, "member": row.member, "site": row.site, "platform": row.platform, "status": row.status.value,
        "reason": row.reason.value if row.reason else None, "message": row.message, "last_success_at": row.last_success_at, "commit": row.commit,
        "bytes": row.size_bytes, "unsaved": row.unsaved, "seconds": row.seconds, "run": row.run or None,
    }  # fmt: skip


def _difference(context: Context, found: NetworkDiff) -> None:
    """The unified difference for people; its lines as data in the other forms."""
    from samdrift.model.outside_text import harmless

    text = context.text
    commits = {"old": found.old.id if found.old else None, "new": found.new.id}
    if context.output == "table":
        context.put("".join(f"{harmless(line)}\n" for line in found.lines))
        told = {name: (value or "-")[:10] for name, value in commits.items()}
        context.say(text("network.summary-diff", device=found.device, added=found.added, removed=found.removed, **told))
        return
    siblings = {
        "device": found.device, "member": found.member, **commits, "old_at": found.old.at if found.old else None, "new_at": found.new.at,
        "added": found.added, "removed": found.removed,
    }  # fmt: skip
    words = {"+": "added", "-": "removed", "@": "place"}
    items = [{"change": words.get(line[:1], "same"), "text": line if line[:1] == "@" else line[1:]} for line in found.lines[2:]]
    columns = [Column("change", text("network.change")), Column("text", text("network.text"))]
    context.emit(kind="samdrift/network-diff", items=items, columns=columns, siblings=siblings)
