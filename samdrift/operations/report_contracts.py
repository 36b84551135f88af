"""Report the contracts that a viewer may see: ends, notice days, joint purchases, missing data-processing agreements (common.md 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from samdrift.compliance.contract_overview import rows, together, without_data_processing
from samdrift.model.inventory import Inventory
from samdrift.model.period import local_day
from samdrift.model.viewer import Viewer
from samdrift.model.waiving import apply_waivers


@dataclass(frozen=True, slots=True)
class ContractReport:
    """JSON-ready rows: the contracts, what could be bought together, and services without a data-processing agreement."""

    contracts: tuple[Mapping[str, Any], ...]
    together: tuple[Mapping[str, Any], ...]
    missing: tuple[Mapping[str, Any], ...]


def report_contracts(inventory: Inventory, *, viewer: Viewer, at: datetime, member: str | None = None) -> ContractReport:
    """The contracts in the order in which they end. A member's viewer sees its own, and groups of its own alone."""
    seen = [one for one in inventory.contracts.values() if viewer.sees_any(one.members) and member in {None, *one.members}]
    services = [one for one in inventory.services.values() if viewer.sees_any(inventory.ownership(one).members) and member in {None, *inventory.ownership(one).members}]
    today = local_day(at)
    waivers = inventory.waivers.values()
    found = []
    for row in rows(seen, at):
        (finding,) = apply_waivers([row.finding], waivers, at=at)
        contract = row.contract
        found.append(
            {
                "id": contract.id, "name": contract.name, "kind": contract.kind, "supplier": contract.supplier, "members": sorted(contract.members),
                "services": list(contract.services), "from_date": contract.from_.isoformat(), "until_date": contract.until.isoformat(),
                "notice_date": row.notice.isoformat(), "left_days": row.left_days, "extension": contract.extension, "value_ore": contract.value_sek,
                "status": str(finding.status), "code": finding.code, "message": finding.message, "reference": contract.reference,
            }
        )  # fmt: skip
    joint = together(seen, inventory.services, today)
    wanting = without_data_processing(seen, services, inventory.suppliers, today)
    return ContractReport(
        tuple(found),
        tuple(
            {"what": one.what, "kind": one.kind, "contracts": list(one.contracts), "members": list(one.members), "first_until_date": one.first_until.isoformat(), "last_until_date": one.last_until.isoformat()}
            for one in joint
        ),
        tuple({"service": one.id, "name": one.name, "operator": one.operator, "members": list(inventory.users(one))} for one in wanting),
    )  # fmt: skip
