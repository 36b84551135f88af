"""Report the contracts that a viewer may see: ends, notice days, joint purchases, missing data-processing agreements (common.md 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from samdrift import __version__
from samdrift.compliance.contract_overview import ContractRow, Together, rows, together, without_data_processing
from samdrift.compliance.contract_report import contract_sections
from samdrift.model.finding import Finding
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.service import Service
from samdrift.model.period import local_day
from samdrift.model.section import Report
from samdrift.model.text import Text
from samdrift.model.viewer import Viewer
from samdrift.model.waiving import apply_waivers


@dataclass(frozen=True, slots=True)
class ContractReport:
    """JSON-ready rows: the contracts, what could be bought together, and services without a data-processing agreement."""

    contracts: tuple[Mapping[str, Any], ...]
    together: tuple[Mapping[str, Any], ...]
    missing: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a viewer may see of the contracts, judged: rows with their findings, groups, and services without an agreement with their users."""

    rows: tuple[tuple[ContractRow, Finding], ...]
    joint: tuple[Together, ...]
    wanting: tuple[tuple[Service, tuple[str, ...]], ...]


def seen_contracts(inventory: Inventory, *, viewer: Viewer, at: datetime, member: str | None = None) -> Seen:
    """The contracts in the order in which they end. A member's viewer sees its own, and groups of its own alone."""
    seen = [one for one in inventory.contracts.values() if viewer.sees_any(one.members) and member in {None, *one.members}]
    services = [one for one in inventory.services.values() if viewer.sees_any(inventory.ownership(one).members) and member in {None, *inventory.ownership(one).members}]
    today, waivers = local_day(at), inventory.waivers.values()
    found = tuple((row, apply_waivers([row.finding], waivers, at=at)[0]) for row in rows(seen, at))
    wanting = without_data_processing(seen, services, inventory.suppliers, today)
    return Seen(found, together(seen, inventory.services, today), tuple((one, inventory.users(one)) for one in wanting))


def report_contracts(inventory: Inventory, *, viewer: Viewer, at: datetime, member: str | None = None) -> ContractReport:
    """The same, JSON-ready."""
    seen = seen_contracts(inventory, viewer=viewer, at=at, member=member)
    found = tuple(
        {
            "id": row.contract.id, "name": row.contract.name, "kind": row.contract.kind, "supplier": row.contract.supplier,
            "members": sorted(row.contract.members), "services": list(row.contract.services), "from_date": row.contract.from_.isoformat(),
            "until_date": row.contract.until.isoformat(), "notice_date": row.notice.isoformat(), "left_days": row.left_days,
            "extension": row.contract.extension, "value_ore": row.contract.value_sek, "status": str(finding.status), "code": finding.code,
            "message": finding.message, "reference": row.contract.reference,
        }
        for row, finding in seen.rows
    )  # fmt: skip
    return ContractReport(
        found,
        tuple(
            {"what": one.what, "kind": one.kind, "contracts": list(one.contracts), "members": list(one.members), "first_until_date": one.first_until.isoformat(), "last_until_date": one.last_until.isoformat()}
            for one in seen.joint
        ),
        tuple({"service": one.id, "name": one.name, "operator": one.operator, "members": list(users)} for one, users in seen.wanting),
    )  # fmt: skip


def contracts_report(inventory: Inventory, *, viewer: Viewer, at: datetime, text: Text, member: str | None = None) -> Report:
    """The same laid out for people."""
    seen = seen_contracts(inventory, viewer=viewer, at=at, member=member)
    sections = contract_sections(seen.rows, seen.joint, seen.wanting, inventory.members, text)
    day = local_day(at).isoformat()
    return Report(
        id=f"{day}-contracts", title=text("contract.title", day=day), language=text.language, says=" ".join(each.sentences[0] for each in sections),
        audience=text("contract.audience"), period=day, data_until=at, made_at=at, method=text("contract.method"), version=f"samdrift {__version__}",
        sections=sections, contact=inventory.members[inventory.settings.host_organisation].contacts[0].email,
    )  # fmt: skip
