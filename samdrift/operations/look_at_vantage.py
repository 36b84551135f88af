"""Look at the vantage: whether each family works from here, by asking the roots of a view (dns.md D5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from samdrift.model.dns.names import from_text, to_text
from samdrift.model.dns.observation import FAMILIES, Family
from samdrift.operations.observe_compliance import Sight, observe
from samdrift.operations.plan_compliance import PUBLIC, Plan, Wanted

if TYPE_CHECKING:
    from samdrift.model.inventory import Inventory

LIMIT_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Vantage:
    """One family as seen from here: `state` proven, lost or unused; how many addresses were asked and how many answered; which servers did."""

    view: str
    family: Family
    state: str
    asked: int
    answered: int
    servers: tuple[str, ...]


def look_at_vantage(inventory: Inventory | None, *, view: str | None = None, hints: Path | None = None, deadline_seconds: float = LIMIT_SECONDS) -> tuple[Vantage, ...]:
    """Ask every root server of the view over both families. WrongUse for hints that are none, UnknownId for a view that is none."""
    name = view or PUBLIC
    plan = Plan(inventory, Wanted((), view=view, hints=hints))
    roots = plan.roots(name)
    looked = observe(Sight(name, roots, ((from_text("."), ()),)), deadline_seconds=deadline_seconds)
    exchanges = [each for seen in looked.zones for each in seen.exchanges]
    servers: Mapping[str, str] = {address: to_text(host.name).removesuffix(".") for host in roots for address in host.addresses}
    found = []
    for family in FAMILIES:
        mine = {each.address for each in exchanges if (":" in each.address) == (family == "ipv6")}
        answered = {each.address for each in exchanges if each.address in mine and each.reply is not None}
        found.append(Vantage(name, family, looked.vantage.get(family, "unused"), len(mine), len(answered), tuple(sorted({servers[one] for one in answered if one in servers}))))
    return tuple(found)
