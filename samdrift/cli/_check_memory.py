"""What checks remember: changes since a run, scores, waivers, and whether we can see at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from samdrift.cli.context import Context, pass_context
from samdrift.model.errors import EXIT_FINDINGS, EXIT_NOT_OBSERVED, NoStore
from samdrift.model.period import rfc3339
from samdrift.model.section import Column

if TYPE_CHECKING:
    from samdrift.operations.score_checks import Score


@click.command()
@click.option("--since", metavar="RUN|TIME", help="A run's id, a time or a day.  [default: before the newest run]")
@pass_context
def diff(context: Context, since: str | None) -> None:
    """What is new, gone, worse or better since a run.

    Exit 1 when something is new or worse. What could not be looked at is
    no change; what flaps is told once a day.

    \b
    Examples:
      samdrift check diff
      samdrift check diff --since 2026-11-23
    """
    from samdrift.model.finding_item import finding_item, in_order
    from samdrift.model.finding_words import in_words
    from samdrift.operations.diff_checks import diff_checks
    from samdrift.operations.registered_checks import registered_checks

    inventory_needed = context.member is not None or context.viewer_id is not None
    if inventory_needed:
        context.load_inventory()
    with context.open_store() as store:
        found = diff_checks(store, viewer=context.viewer, since=since, member=context.member)
    known, text = registered_checks(), context.text
    people = context.output in {"table", "md"}
    items = [
        {
            **finding_item(one.finding, one.history, known.get(one.finding.check)), "change": one.change,
            "was": None if one.before is None else {"code": one.before.code, "status": str(one.before.status)},
            "finding": f"{one.finding.check}/{one.finding.code}",
            **({"message": in_words(one.finding, text), "change": text(f"check.change-{one.change}")} if people else {}),
            **({"status": "resolved"} if people and one.change == "gone" else {}),
        }
        for one in found.changes
    ]  # fmt: skip
    for item in items if not people else ():
        del item["finding"]
    columns = [
        Column("change", text("check.change")), Column("status", text("check.status"), "state"), Column("subject", text("check.subject")), Column("member", text("check.member"), "id"),
        Column("finding", text("check.finding")), Column("message", text("check.message")),
    ]  # fmt: skip
    if context.output == "csv":
        columns = [Column(key, key) for key in ("change", "zone", "view", "member", "subject", "check", "code", "status", "message", "first_seen_at", "last_ok_at", "runs_open", "flapping")]
    since_item = {"since_at": rfc3339(found.since), "run": found.run, "flapping_left_out": found.flapping_left_out}
    count = {change: sum(one.change == change for one in found.changes) for change in ("new", "gone", "worse", "better")}
    context.emit(kind="samdrift/check-change", items=in_order(items), columns=columns, siblings={"compared": since_item}, summary=text("check.changes", **count, left_out=found.flapping_left_out))
    context.exit(EXIT_FINDINGS if found.worse else 0)


@click.command()
@click.option("--month", metavar="YYYY-MM", help="As the month's last runs said.  [default: now]")
@click.option("--zones", "by_zone", is_flag=True, help="A row a zone instead of a member.")
@pass_context
def score(context: Context, month: str | None, *, by_zone: bool) -> None:
    """Each member's score by category, beside all members' quartiles.

    Ok counts 1, warning a half, failure 0. With less than four fifths
    judged there is no score.

    \b
    Examples:
      samdrift check score
      samdrift check score --month 2026-10 --member are --output json
    """
    from samdrift.operations.score_checks import permille, score_checks

    wanted = None
    if month is not None:
        from samdrift.cli.cost import read_month

        wanted = read_month(month)
    inventory = context.load_inventory()
    with context.open_store() as store:
        members, zones = score_checks(store, inventory, viewer=context.viewer, month=wanted, member=context.member)
    text, shown = context.text, str(wanted) if wanted else None
    columns = [
        Column("member", text("check.member"), "id"), Column("category", text("check.category")), Column("score_permille", text("check.score"), "integer"),
        Column("coverage_permille", text("check.coverage"), "integer"), Column("zones", text("check.zones"), "integer"), Column("quartiles.median_permille", text("check.median"), "integer"),
    ]  # fmt: skip
    items: list[Mapping[str, object]] = [_score_item(one, shown) for one in members]
    if by_zone:
        items = [
            {"member": zone.members[0] if len(zone.members) == 1 else "shared", "zone": zone.zone, "view": zone.view, "category": category, "score_permille": permille(value), "coverage_permille": permille(coverage), "month": shown}
            for zone in zones
            for category, (value, coverage) in sorted(zone.by_category.items())
        ]  # fmt: skip
        columns = [Column("zone", text("check.zone"), "id"), Column("view", text("check.view")), *columns[:4]]
    if context.output == "csv":
        columns = [Column(one.key, one.key) for one in columns]
    context.emit(kind="samdrift/zone-score" if by_zone else "samdrift/score", items=items, columns=columns)


def _score_item(one: Score, month: str | None) -> Mapping[str, object]:
    from samdrift.operations.score_checks import permille

    quartiles = None if one.quartiles is None else dict(zip(("first_permille", "median_permille", "third_permille"), map(permille, one.quartiles), strict=True))
    return {
        "member": one.member, "category": one.category, "score_permille": permille(one.value), "coverage_permille": permille(one.coverage), "zones": one.zones,
        "quartiles": quartiles, "month": month,
    }  # fmt: skip


@click.command()
@click.option("--expired", is_flag=True, help="Only those that are out of force; exit 1 when there are any.")
@pass_context
def waivers(context: Context, *, expired: bool) -> None:
    """Every waiver: what it covers, why, whose it is and until when.

    One that nothing needed for 30 days is marked as unused.

    \b
    Examples:
      samdrift check waivers
      samdrift check waivers --expired
    """
    from samdrift.operations.list_waivers import list_waivers

    inventory = context.load_inventory()
    try:
        with context.open_store() as store:
            found = list_waivers(inventory, at=context.at, viewer=context.viewer, member=context.member, store=store)
    except NoStore:
        found = list_waivers(inventory, at=context.at, viewer=context.viewer, member=context.member)
    items = [item for item in found if item["expired"] or not expired]
    text = context.text
    columns = [
        Column("id", text("check.id"), "id"), Column("subject", text("check.subject")), Column("check", text("check.check"), "id"), Column("until_date", text("check.until"), "date"),
        Column("expired", text("check.expired")), Column("unused", text("check.unused")), Column("owner", text("check.owner")), Column("reason", text("check.reason")),
    ]  # fmt: skip
    context.emit(kind="samdrift/waiver", items=items, columns=columns)
    if expired and items:
        context.exit(EXIT_FINDINGS)


@click.command()
@click.option("--view", metavar="V", help="Ask this view's roots.")
@click.option("--hints", type=click.Path(), metavar="FILE", help="Root servers to ask.")
@pass_context
def vantage(context: Context, view: str | None, hints: str | None) -> None:
    """Whether IPv4 and IPv6 work from here: the roots are asked.

    Exit 3 when a family is lost.

    \b
    Examples:
      samdrift check vantage
      samdrift check vantage --hints root.hints --output json
    """
    from samdrift.operations.look_at_vantage import look_at_vantage

    inventory = context.load_inventory() if view is not None else None
    found = look_at_vantage(inventory, view=view, hints=Path(hints) if hints else None)
    states = {"proven": "ok", "lost": "undetermined", "unused": "not-applicable"}
    items = [
        {"family": one.family, "view": one.view, "state": one.state, "status": states[one.state], "asked": one.asked, "answered": one.answered, "servers": list(one.servers)}
        for one in found
    ]  # fmt: skip
    text = context.text
    columns = [
        Column("status", text("check.status"), "state"), Column("family", text("check.family"), "id"), Column("state", text("check.vantage"), "id"),
        Column("asked", text("check.asked"), "integer"), Column("answered", text("check.answered"), "integer"),
    ]  # fmt: skip
    if context.output == "csv":
        columns = [Column(key, key) for key in ("family", "view", "state", "asked", "answered", "servers")]
    context.emit(kind="samdrift/vantage", items=items, columns=columns)
    context.exit(EXIT_NOT_OBSERVED if any(one.state == "lost" for one in found) else 0)


@click.command()
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("compliance"), show_default=True, metavar="DIR", help="Folder to write into.")
@pass_context
def page(context: Context, out: Path) -> None:
    """Write each member's compliance page (all, or the one of --member).

    One HTML file a member: how it stands and what to do first on top,
    every finding with server, record and command below.

    \b
    Examples:
      samdrift check page --member krokom --out pages
      samdrift check page --lang en --out pages
    """
    from samdrift.operations.report_compliance import compliance_page, write_page

    inventory = context.load_inventory()
    members = [one for one in sorted(inventory.members) if context.viewer.sees(one) and context.member in {None, one}]
    items = []
    with context.open_store() as store:
        for member in members:
            path = write_page(compliance_page(store, inventory, member, at=context.at, text=context.text), member, out)
            items.append({"member": member, "file": str(path)})
    text = context.text
    columns = [Column("member", text("check.member"), "id"), Column("file", text("check.file"))]
    context.emit(kind="samdrift/compliance-page", items=items, columns=columns, summary=text("compliance.page-written", count=len(items)))
