"""Look up origins: which autonomous systems announce the zones' servers, from the view's dated table (dns.md 2.2, delegation-diversity)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from samdrift.adapters.as_table import origins_in, read_origins
from samdrift.model.dns.observation import ZoneObservation
from samdrift.model.dns.view import Origins
from samdrift.operations.plan_compliance import Plan

NEED = "origins"
"""What a check names among its needs when it judges by them."""


def with_origins(zones: Iterable[ZoneObservation], plan: Plan, view: str) -> tuple[ZoneObservation, ...]:
    """The zones, each with the origins of its servers' addresses where there is a table and a chosen check judges by them. WrongUse when it is none."""
    looked = tuple(zones)
    table = plan.as_table(view)
    if table is None or not looked or not any(NEED in check.needs for check in plan.checks("zone")):
        return looked
    addresses = {one for seen in looked for host in seen.hosts for one in host.addresses}
    whole = read_origins(table, addresses) if isinstance(table, Path) else origins_in(table[1].splitlines(), table[0], addresses)
    held = dict(whole.of)
    return tuple(_with(seen, Origins(whole.dated, tuple(sorted((one, held[one]) for one in {one for host in seen.hosts for one in host.addresses})))) for seen in looked)


def _with(seen: ZoneObservation, origins: Origins) -> ZoneObservation:
    return replace(seen, facts=replace(seen.facts, origins=origins))
