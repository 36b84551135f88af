"""Who co-operates with whom about what: services that several members use, as lists and as two matrices (issue 4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from samdrift.model import wording
from samdrift.model.nouns.member import Member
from samdrift.model.nouns.service import Service
from samdrift.model.section import Cell, Column, Section, Table, Term
from samdrift.model.text import Text

KOMMUN = " kommun"


@dataclass(frozen=True, slots=True)
class Cooperation:
    """A service with the members that use it or run it, sorted by id; `operator` is a member's id or an outsider's name."""

    service: Service
    members: tuple[str, ...]
    operator: str


def joint(found: Sequence[Cooperation]) -> tuple[Cooperation, ...]:
    """Those that at least two members share and that are not retired."""
    return tuple(each for each in sorted(found, key=lambda each: each.service.id) if len(each.members) > 1 and each.service.state != "retired")


def cooperation_sections(found: Sequence[Cooperation], members: Mapping[str, Member], text: Text) -> tuple[Section, ...]:
    """How many services each pair shares, who runs and who uses each service, and the services one by one."""
    shared = joint(found)
    order = sorted(members, key=lambda each: wording.swedish_key(members[each].name))
    alone = [members[each].name for each in order if not any(each in one.members for one in shared)]
    says = text("cooperation.says", services=len(shared), members=len(order) - len(alone))
    missing = (text("cooperation.alone", members=", ".join(alone)),) if alone else ()
    return (
        Section("pairs", text("cooperation.pairs"), (says,), (_pairs(shared, order, members, text),), missing),
        Section("services", text("cooperation.services"), (), (_services(shared, members, text),)),
        Section("roles", text("cooperation.roles"), (text("cooperation.roles-says"),), (_roles(shared, order, members, text),)),
    )


def _short(member: Member) -> str:
    return member.name.removesuffix(KOMMUN) if member.kind == "municipality" else member.id


def _pairs(shared: Sequence[Cooperation], order: Sequence[str], members: Mapping[str, Member], text: Text) -> Table:
    columns = (Column("member", text("cost.member")), *(Column(each, _short(members[each]), "integer") for each in order))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            Term(one, members[one].name),
            *("" if one == other else sum(one in each.members and other in each.members for each in shared) for other in order),
        )
        for one in order
    )
    return Table("cooperation-pairs", text("cooperation.pairs-caption"), columns, rows)


def _roles(shared: Sequence[Cooperation], order: Sequence[str], members: Mapping[str, Member], text: Text) -> Table:
    columns = (Column("service", text("cooperation.service"), "id"), *(Column(each, _short(members[each])) for each in order))

    def role(each: Cooperation, member: str) -> Cell:
        if member == each.operator:
            return Term("operates", text("cooperation.operates"))
        return Term("uses", text("cooperation.uses")) if member in each.members else ""

    rows = tuple((each.service.id, *(role(each, member) for member in order)) for each in shared)
    return Table("cooperation-roles", text("cooperation.roles-caption"), columns, rows)


def _services(shared: Sequence[Cooperation], members: Mapping[str, Member], text: Text) -> Table:
    columns = (
        Column("service", text("cooperation.service"), "id"), Column("name", text("cooperation.name")), Column("what", text("cooperation.what")),
        Column("state", text("cooperation.state")), Column("operator", text("cooperation.operator")), Column("members", text("cooperation.members"), "integer"),
    )  # fmt: skip
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            each.service.id, each.service.name, each.service.what or "", Term(each.service.state, text(f"cooperation.{each.service.state}")),
            members[each.operator].name if each.operator in members else each.operator,
            len(each.members),
        )
        for each in shared
    )  # fmt: skip
    return Table("cooperation-services", text("cooperation.services-caption"), columns, rows)
