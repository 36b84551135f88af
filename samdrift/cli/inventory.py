"""Inventory: judge it, list it, show one object of it, hand it to other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from samdrift.cli.context import Context, pass_context
from samdrift.cli.frame.nagios import end_for_nagios, nagios_option
from samdrift.model.finding import Status
from samdrift.model.outside_text import harmless
from samdrift.model.quantity import exact
from samdrift.model.section import Column

if TYPE_CHECKING:
    from samdrift.model.object_view import ObjectView, Tie
    from samdrift.model.problem import Problem
    from samdrift.operations.show_object import Shown


@click.group()
def command() -> None:
    """Judge, list, show and hand on the inventory.

    \b
    Examples:
      samdrift inventory validate
      samdrift inventory show ost-lib-1
    """


@command.command()
@click.option("--strict", is_flag=True, help="Exit 1 when there is a warning.")
@nagios_option
@pass_context
def validate(context: Context, strict: bool, *, nagios: bool) -> None:
    """Tell every problem of the inventory at once, each at its place.

    Exit 0 without errors, 1 with --strict when there are warnings, 2 with errors.

    \b
    Examples:
      samdrift inventory validate
      samdrift inventory validate --strict --at 2027-01-01T00:00:00Z
      samdrift inventory validate --nagios
    """
    from samdrift.operations.validate_inventory import validate_inventory

    if context.member is not None and context.viewer.role == "member":
        context.load_inventory()  # a member that this viewer does not see is as unknown as one that is none
    verdict = validate_inventory(context.inventory_path, at=context.at, member=context.member)
    if nagios:
        status = {"error": Status.FAILURE, "warning": Status.WARNING}
        judged = [(status.get(problem.level, Status.OK), f"{problem.code} {problem.place}") for problem in verdict.problems]
        end_for_nagios(context, judged or [(Status.OK, "")], {"objects": verdict.objects})
    if context.output == "table":
        context.put("".join(f"{harmless(line)}\n" for problem in verdict.problems for line in problem.lines()))
    else:
        columns = [
            Column(key, key) for key in ("file", "line", "column", "severity", "code", "message", "help", "path")
        ]
        context.emit(
            kind="samdrift/inventory-problem",
            items=[_problem(problem) for problem in verdict.problems],
            columns=columns,
        )
    key = "inventory.invalid" if verdict.errors else "inventory.valid"
    context.say(context.text(key, errors=verdict.errors, warnings=verdict.warnings, objects=verdict.objects))
    context.exit(verdict.exit_code(strict=strict))


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "file": problem.place.file, "line": problem.place.line, "column": problem.place.column, "path": problem.path, "severity": problem.level,
        "code": problem.code, "message": problem.message, "help": problem.help,
        "related": [{"file": place.file, "line": place.line, "column": place.column} for place in problem.related],
    }  # fmt: skip


@command.command("list")
@click.argument("noun", required=False)
@click.option("--site", help="Only what stands at this site.")
@click.option("--group", help="Only hosts of this group of Ansible's.")
@click.option("--state", help="Only objects in this state.")
@pass_context
def list_(context: Context, noun: str | None, site: str | None, group: str | None, state: str | None) -> None:
    """List the objects of the inventory, or of one NOUN of it.

    \b
    Examples:
      samdrift inventory list devices --site hall-ostersund
      samdrift inventory list --member are --output json
    """
    from samdrift.operations.list_inventory import list_inventory

    inventory = context.load_inventory()
    views = list_inventory(
        inventory, viewer=context.viewer, noun=noun, member=context.member, site=site, group=group, state=state
    )
    text = context.text
    columns = [
        Column("id", text("inventory.id"), "id"), Column("noun", text("inventory.noun")), Column("kind", text("inventory.kind")), Column("name", text("inventory.name")),
        Column("owners", text("inventory.owners")), Column("state", text("inventory.state")), Column("site", text("inventory.site")), Column("rack", text("inventory.rack")),
        Column("unit", text("inventory.unit"), "integer"),
    ]  # fmt: skip
    items = [_object(view) for view in views]
    if context.output != "json":
        items = [{**item, "owners": ", ".join(_share(member) for member in item["members"])} for item in items]
    context.emit(kind="samdrift/inventory-object", items=items, columns=columns)


def _object(view: ObjectView) -> dict[str, Any]:
    thing = view.thing
    return {
        "id": view.id, "noun": view.noun, "kind": getattr(thing, "kind", None), "name": getattr(thing, "name", None),
        "members": [{"id": member, "share": None if share is None else exact(share)} for member, share in view.members.items()],
        "state": getattr(thing, "state", None), "site": getattr(thing, "site", None), "rack": getattr(thing, "rack", None), "unit": thing.unit if view.noun == "devices" else None,
        "height_units": thing.height if view.noun == "devices" and thing.unit is not None else None, "addresses": dict(view.addresses), "groups": list(view.groups),
        "services": list(view.services), "variables": None if view.variables is None else dict(view.variables), "file": view.place.file, "line": view.place.line,
    }  # fmt: skip


def _share(member: dict[str, Any]) -> str:
    return str(member["id"]) if member["share"] in {None, "1"} else f"{member['id']} {member['share']}"


@command.command()
@click.argument("object_id", metavar="ID")
@pass_context
def show(context: Context, object_id: str) -> None:
    """Show whose an object is, where it stands, whom to ring and what depends on it.

    \b
    Examples:
      samdrift inventory show ost-lib-1
      samdrift inventory show service:w3d3 --output json
    """
    from samdrift.operations.show_object import show_object

    shown = show_object(context.load_inventory(), object_id, viewer=context.viewer)
    items = [_shown(one) for one in shown]
    if context.output == "table":
        context.put("\n".join(_lines(context, item) for item in items))
        return
    columns = [
        Column(key, key) for key in ("id", "noun", "kind", "name", "state", "site", "rack", "unit", "file", "line")
    ]
    context.emit(kind="samdrift/inventory-object", items=items, columns=columns)


def _shown(shown: Shown) -> dict[str, Any]:
    return {
        **_object(shown.view),
        "contacts": [
            {"member": member, "role": contact.role, "name": contact.name, "email": contact.email, "phone": contact.phone, "hours": contact.hours}
            for member, contact in shown.contacts
        ],
        "agreements": [{"id": agreement, "part": part, "service": service} for agreement, part, service in shown.agreements],
        "depends_on": [_tie(tie) for tie in shown.depends_on],
        "needed_by": [_tie(tie) for tie in shown.needed_by],
    }  # fmt: skip


def _tie(tie: Tie) -> dict[str, str]:
    return {"noun": tie.noun, "id": tie.id, "by": tie.by}


def _lines(context: Context, item: dict[str, Any]) -> str:
    """The object as lines `heading: value` for people."""
    text = context.text
    rows: list[tuple[str, str]] = [
        (key, str(item[key]))
        for key in ("id", "noun", "kind", "name", "state", "site", "rack", "unit")
        if item[key] is not None
    ]
    rows.append(("owners", ", ".join(_share(member) for member in item["members"])))
    rows += [
        ("address", f"{name} {family} {address}")
        for name, found in item["addresses"].items()
        for family, address in found.items()
        if address
    ]
    rows.append(("services", ", ".join(item["services"])))
    rows += [
        (
            "contact",
            " · ".join(
                str(part) for part in (one["member"], one["role"], one["name"], one["email"], one["phone"]) if part
            ),
        )
        for one in item["contacts"]
    ]
    rows += [("agreement", f"{one['id']} · {one['part']} · {one['service']}") for one in item["agreements"]]
    rows += [("depends-on", f"{one['noun']} {one['id']} ({one['by']})") for one in item["depends_on"]]
    rows += [("needed-by", f"{one['noun']} {one['id']} ({one['by']})") for one in item["needed_by"]]
    rows.append(("place", f"{item['file']}:{item['line']}"))
    headed = [(text(f"inventory.{key}"), value) for key, value in rows if value]
    width = max(len(heading) for heading, _ in headed)
    return "".join(f"{heading:<{width}}  {harmless(value)}\n" for heading, value in headed)


@command.command()
@click.argument("old")
@click.argument("new", default="inventory")
@click.option("--accept", multiple=True, metavar="CODE:SUBJECT", help="Allow this one refusal; may be given again.")
@pass_context
def diff(context: Context, old: str, new: str, accept: tuple[str, ...]) -> None:
    """Tell what changed in meaning from OLD to NEW, folders or git revisions.

    Exit 1 when a change is refused: too many of a member's devices go, a
    redundancy group falls under its need, a member or site goes, or an address
    moves between members.

    \b
    Examples:
      samdrift inventory diff HEAD
      samdrift inventory diff HEAD inventory --output json
    """
    from samdrift.operations.diff_inventory import diff_inventory

    changes = diff_inventory(old, new, inventory=context.inventory_path, at=context.at, accept=accept)
    changes = tuple(
        change for change in changes if context.viewer.role != "member" or context.viewer.sees(change.member)
    )
    names = ("noun", "id", "member", "change", "field", "old", "new", "refused_by")
    columns = [
        Column(name, context.text(f"inventory.{name.replace('_', '-')}"), "id" if name == "id" else "text")
        for name in names
    ]
    context.emit(
        kind="samdrift/inventory-change",
        items=[{name: getattr(change, name) for name in names} for change in changes],
        columns=columns,
    )
    refused = sorted({change.refused_by for change in changes if change.refused_by})
    for code in refused:
        context.say(context.text("inventory.refused", code=code))
    context.exit(1 if refused else 0)


@command.command()
@click.argument("noun", required=False)
@pass_context
def schema(context: Context, noun: str | None) -> None:
    """Print the JSON Schema of one NOUN's files for editors, or of all.

    \b
    Examples:
      samdrift inventory schema devices
      samdrift inventory schema
    """
    from samdrift.operations.inventory_schema import inventory_schema

    context.put(inventory_schema(noun))


@command.command()
@click.option("--known-hosts", is_flag=True, help="Print a known_hosts file of all living devices.")
@click.option(
    "--ansible",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write a static YAML inventory into this folder.",
)
@pass_context
def export(context: Context, known_hosts: bool, folder: Path | None) -> None:
    """Hand the inventory to ssh, or to Ansible engines without this package.

    \b
    Examples:
      samdrift inventory export --known-hosts
      samdrift inventory export --ansible build/static
    """
    from samdrift.model.errors import WrongUse
    from samdrift.operations.export_inventory import export_ansible, export_known_hosts

    if known_hosts == (folder is not None):
        raise WrongUse("export needs one of --known-hosts and --ansible DIR", help="samdrift inventory export --help")
    if context.viewer.role == "member":
        raise WrongUse("export gives the whole inventory and not one viewer's", help="leave --as away")
    inventory = context.load_inventory()
    if known_hosts:
        context.put(export_known_hosts(inventory))
    elif folder is not None:
        context.say(context.text("inventory.written", path=export_ansible(inventory, folder)))
