"""Checks: judge what members publish and owe, explain each check, list what is waived."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from samdrift.cli._check_memory import diff, page, score, vantage, waivers
from samdrift.cli._check_work import recorded, tried
from samdrift.cli.context import Context, pass_context
from samdrift.cli.frame.global_options import FINDING_FORMS
from samdrift.cli.frame.nagios import nagios_option
from samdrift.cli.frame.options import exit_code, fail_on_option
from samdrift.cli.frame.tree import refuse_finding_forms
from samdrift.model.errors import SamdriftError, UnknownId, WrongUse
from samdrift.model.finding import Finding, Severity, Status
from samdrift.model.finding_words import in_words
from samdrift.model.period import rfc3339
from samdrift.model.quantity import read_duration
from samdrift.model.section import Column
from samdrift.model.text import Text

if TYPE_CHECKING:
    from samdrift.model.inventory import Inventory
    from samdrift.operations.check_compliance import Checked

CSV_KEYS = (
    "zone", "view", "member", "subject", "category", "check", "code", "status", "severity", "reason", "server", "address", "rrset", "message",
    "observed_at", "first_seen", "last_ok", "runs_open", "flapping", "waiver", "waiver_expired", "remedy.text", "remedy.record", "remedy.command", "remedy.by",
    "evidence",
)  # fmt: skip
QUIET = frozenset({Status.OK, Status.NOT_APPLICABLE})


@click.group()
@click.pass_context
def command(ctx: click.Context) -> None:
    """Judge what members publish and owe, and explain each check.

    \b
    Examples:
      samdrift check run
      samdrift check explain dnssec-ds-matches
    """
    if ctx.invoked_subcommand != "run":
        refuse_finding_forms(ctx.obj.output)


for one in (diff, page, score, vantage, waivers):
    command.add_command(one)


@command.command("run")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--zone", "zones", multiple=True, metavar="NAME", help="The same as a NAME.")
@click.option("--names", "names_file", type=click.Path(), metavar="FILE", help="Names, one a line.")
@click.option("--category", "categories", multiple=True, metavar="C", help="Checks of a category.")
@click.option("--check", "checks", multiple=True, metavar="ID", help="One check.")
@click.option("--view", metavar="V", help="Judge in this view alone.")
@click.option("--hints", type=click.Path(), metavar="FILE", help="Root servers to begin at.")
@click.option("--trust-anchor", "anchors", type=click.Path(), multiple=True, metavar="FILE", help="DS or DNSKEY to trust.")
@click.option("--as-table", type=click.Path(), metavar="FILE", help="Autonomous systems by prefix, dated.")
@click.option("--ns", "servers", multiple=True, metavar="N[/A]", help="A server of the NAME, which need not be delegated yet.")
@click.option("--ds", multiple=True, metavar="D", help="A DS to try in the parent's place.")
@click.option("--cds", multiple=True, metavar="D", help="A CDS to try.")
@click.option("--zonefile", type=click.Path(), metavar="F", help="A zone file to try before it is live.")
@click.option("--deadline", default="300", metavar="S", show_default=True, help="Seconds for the run (60, 60s, 5m).")
@click.option("--rate", type=click.IntRange(1, 10_000), default=50, show_default=True, help="Queries a second to one address.")
@click.option("--no-store", is_flag=True, help="Record nothing.")
@click.option("--all", "show_all", is_flag=True, help="Show in the table what is well, too.")
@nagios_option
@fail_on_option
@pass_context
def run_checks(
    context: Context, names: tuple[str, ...], zones: tuple[str, ...], names_file: str | None, categories: tuple[str, ...], checks: tuple[str, ...], view: str | None,
    hints: str | None, anchors: tuple[str, ...], as_table: str | None, servers: tuple[str, ...], ds: tuple[str, ...], cds: tuple[str, ...], zonefile: str | None, deadline: str, rate: int, no_store: bool, show_all: bool, nagios: bool, fail_on: str,
) -> None:  # fmt: skip
    """Look from the root down and judge; without a NAME the whole inventory.

    A NAME needs no inventory. Exit 1 for a finding at --fail-on, else 3 when
    something could not be determined, else 0. --output has also junit and
    sarif here. With --zonefile, --ds or --cds (without --ns) what would be is
    judged, nothing is sent to the zone's servers and nothing is recorded.

    \b
    Examples:
      samdrift check run --member are --output json
      samdrift check run are.example --hints root.hints --no-store
      samdrift check run are.example --zonefile are.example.zone --no-store
    """
    from samdrift.operations.check_compliance import check_compliance
    from samdrift.operations.plan_compliance import Wanted, read_ds, read_names, read_servers
    from samdrift.operations.read_names import read_names_file
    from samdrift.operations.registered_checks import choose_checks

    given = [*names, *zones, *(read_names_file(Path(names_file)) if names_file else ())]
    inventory = _inventory(context, needed=not given)
    wanted = Wanted(
        choose_checks(checks, categories), read_names(given), view, Path(hints) if hints else None, _seconds(deadline), rate,
        context.at if context.at_given else None, context.member, context.viewer, tuple(map(Path, anchors)), read_servers(servers), read_ds(ds) if servers else (), Path(as_table) if as_table else None,
    )  # fmt: skip
    _refuse_unjudgeable(checks, wanted.checks)
    refused: SamdriftError | None = None
    if (ds and not servers) or cds or zonefile:
        checked = tried(context, inventory, wanted, (zonefile, ds, cds), no_store=no_store)
    elif no_store:
        checked = check_compliance(inventory, wanted)
    else:
        context.require_operations()
        subject = " ".join(given) if 0 < len(given) <= 3 else f"{len(given)} names" if given else "all"
        checked, refused = recorded(context, inventory, wanted, subject)
    if nagios:
        context.exit(_one_line(context, checked))
    if context.output in FINDING_FORMS:
        from samdrift.operations.write_findings import write_findings

        context.put(write_findings(checked, inventory, context.output, fail_on=fail_on))
    else:
        _show(context, checked, show_all)
    if refused is not None:
        raise refused
    context.exit(exit_code(checked.findings, fail_on))


def _one_line(context: Context, checked: Checked) -> int:
    """Nagios' line written; gives Nagios' code."""
    from samdrift.cli.frame.nagios import nagios_code, nagios_line

    count = {str(status).replace("-", "_"): sum(one.status is status for one in checked.findings) for status in Status}
    code = nagios_code(one.status for one in checked.findings)
    worst = min(checked.findings, key=lambda one: (one.status.rank, one.sort_key), default=None)
    text = _summary(context, checked) + (f"; {worst.subject} {worst.check}/{worst.code}" if worst is not None and code else "")
    context.put(nagios_line(code, text, count | {"zones": checked.zones, "queries": checked.queries}))
    return code


def _inventory(context: Context, *, needed: bool) -> Inventory | None:
    """The inventory; with names given a folder without one is no hindrance."""
    if not needed and context.member is None and context.viewer_id is None and not (context.inventory_path / "samdrift.yml").exists() and not context.inventory_path.is_file():
        return None
    return context.load_inventory()


def _seconds(text: str) -> float:
    plain = re.fullmatch(r"([0-9]{1,6})(s|m)?", text.strip())
    if plain:
        seconds = int(plain[1]) * (60 if plain[2] == "m" else 1)
    else:
        try:
            seconds = read_duration(text)
        except ValueError:
            raise WrongUse(f"--deadline {text}: no duration", help="60, 60s or 5m") from None
    if seconds < 1:
        raise WrongUse("--deadline: at least one second", help="60, 60s or 5m")
    return seconds


def _refuse_unjudgeable(asked: Sequence[str], chosen: Iterable[Any]) -> None:
    from samdrift.operations.plan_compliance import NEEDS

    other = [check.id for check in chosen if check.id in asked and check.needs[0] not in NEEDS]
    if other:
        raise WrongUse(f"{other[0]} is judged by the command of its own area, not by check run", help=f"samdrift check explain {other[0]}")


def _show(context: Context, checked: Checked, show_all: bool) -> None:
    from samdrift.model.finding_item import KIND, finding_item, order_of
    from samdrift.operations.check_compliance import key_of
    from samdrift.operations.registered_checks import registered_checks

    known = registered_checks()
    quiet = context.output in {"table", "md"} and not show_all
    shown = sorted((one for one in checked.findings if not quiet or one.status not in QUIET or one.severity is Severity.NOTICE or one.value.get("change") == "goes"), key=order_of)
    tried = any("change" in one.value for one in checked.findings)
    words = context.output in {"table", "md"}

    pairs = [(one, finding_item(one, checked.histories.get(key_of(one)), known.get(one.check))) for one in shown]
    items = (_with_words(made, one, context.text) if words else made for one, made in pairs)
    context.emit(kind=KIND, items=items, columns=_columns(context, tried=tried), siblings={"run": _run_item(checked)}, summary=_summary(context, checked), generated_at=checked.started_at if not context.at_given else context.at)


def _with_words(item: Mapping[str, Any], finding: Finding, text: Text) -> Mapping[str, Any]:
    remedy = finding.remedy
    change = finding.value.get("change")
    told = {} if change is None else {"change": text(f"check.change-{change}")}
    return {**item, **told, "message": in_words(finding, text), "finding": f"{finding.check}/{finding.code}", "do": (remedy.command or remedy.record or remedy.text) if remedy else None}


def _columns(context: Context, *, tried: bool = False) -> list[Column]:
    if context.output == "csv":
        return [Column(key, key) for key in CSV_KEYS]
    text = context.text
    change = [Column("change", text("check.change"))] if tried else []
    return [
        *change, Column("status", text("check.status"), "state"), Column("subject", text("check.subject")), Column("member", text("check.member"), "id"),
        Column("finding", text("check.finding")), Column("message", text("check.message")), Column("do", text("check.remedy")),
    ]  # fmt: skip


def _summary(context: Context, checked: Checked) -> str:
    count = {status: sum(one.status is status for one in checked.findings) for status in Status}
    return context.text(
        "check.summary", zones=checked.zones, queries=checked.queries, failures=count[Status.FAILURE], warnings=count[Status.WARNING],
        unknown=count[Status.UNDETERMINED], waived=count[Status.WAIVED], well=count[Status.OK],
    )  # fmt: skip


def _run_item(checked: Checked) -> Mapping[str, Any]:
    return {
        "id": checked.run.id if checked.run else None, "started_at": rfc3339(checked.started_at), "ended_at": rfc3339(checked.ended_at),
        "view": checked.views[0] if len(checked.views) == 1 else None, "views": list(checked.views), "deadline_seconds": checked.deadline_seconds,
        "vantage": dict(checked.vantage), "zones": checked.zones, "queries": checked.queries, "complete": checked.complete,
    }  # fmt: skip


@command.command("list")
@pass_context
def list_all(context: Context) -> None:
    """Every check of the program, by category.

    \b
    Examples:
      samdrift check list
      samdrift check list --output json
    """
    from samdrift.operations.explain_check import list_checks

    text = context.text
    columns = [Column("id", text("check.check"), "id"), Column("category", text("check.category")), Column("title", text("check.title"))]
    if context.output == "csv":
        columns = [Column(key, key) for key in ("id", "category", "title", "requirement", "remedy")]
    context.emit(kind="samdrift/check", items=list_checks(), columns=columns)


@command.command()
@click.argument("check", metavar="CHECK[/CODE]")
@pass_context
def explain(context: Context, check: str) -> None:
    """What a check demands, what its codes mean and what to do.

    \b
    Examples:
      samdrift check explain dnssec-ds-matches
      samdrift check explain dnssec-ds-matches/stale-ds
    """
    from samdrift.operations.explain_check import check_item, explain_check
    from samdrift.operations.registered_checks import find_check

    page = explain_check(check)
    if context.output == "table":
        context.put(page)
        return
    item = check_item(find_check(check.partition("/")[0]))
    columns = [Column(key, key) for key in ("id", "category", "title", "requirement", "remedy")]
    context.emit(kind="samdrift/check", items=[item], columns=columns)


@command.command()
@click.argument("evidence", metavar="ID")
@click.option("--out", type=click.Path(), metavar="FILE", help="Write the bytes there.")
@pass_context
def evidence(context: Context, evidence: str, out: str | None) -> None:
    """What a finding rests on: the octets that came, and from where.

    \b
    Examples:
      samdrift check evidence ev-5b0c9a41d2e7f3861c04
      samdrift check evidence ev-5b0c9a41d2e7f3861c04 --out reply.bin
    """
    from samdrift.operations.show_evidence import show_evidence

    with context.open_store() as store:
        found = show_evidence(store, evidence, viewer=context.viewer, out=Path(out) if out else None)
    if found is None:
        error = UnknownId("evidence", evidence)
        error.help = "the ids stand in the findings: samdrift check run --output json"
        raise error
    context.emit(kind="samdrift/evidence", items=[found], columns=[Column(key, key) for key in ("id", "kind", "observed_at", "about", "octets", "text")])


@command.command()
@click.argument("run", metavar="RUN")
@click.option("--rules", type=click.Choice(["today", "then"]), default="today", show_default=True, help="Judge the evidence anew, or show the verdicts of its day.")
@fail_on_option
@pass_context
def rejudge(context: Context, run: str, rules: str, fail_on: str) -> None:
    """A stored run judged again from its evidence, without the network.

    \b
    Examples:
      samdrift check rejudge K-7F3A
      samdrift check rejudge K-7F3A --rules then --output json
    """
    from samdrift.model.finding_item import KIND, finding_item, in_order
    from samdrift.operations.registered_checks import registered_checks
    from samdrift.operations.rejudge_checks import rejudge_checks

    inventory = _inventory(context, needed=False)
    with context.open_store() as store:
        found = rejudge_checks(store, inventory, run, viewer=context.viewer, rules=rules)
    known = registered_checks()
    items = [finding_item(one, None, known.get(one.check)) for one in found]
    if context.output in {"table", "md"}:
        items = [_with_words(item, one, context.text) for item, one in zip(items, found, strict=True)]
    context.emit(kind=KIND, items=in_order(items), columns=_columns(context))
    context.exit(exit_code(found, fail_on))
