"""Write findings in the forms that other programs read: JUnit XML and SARIF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from samdrift import __version__
from samdrift.model.finding import Finding, Status
from samdrift.model.problem import Place
from samdrift.operations.registered_checks import registered_checks
from samdrift.reports.junit import junit
from samdrift.reports.sarif import sarif

if TYPE_CHECKING:
    from samdrift.model.inventory import Inventory
    from samdrift.operations.check_compliance import Checked

FORMS = ("junit", "sarif")
NOUNS = {"zone": "zones", "service": "services", "contract": "contracts"}
FAILING = {"failure": frozenset({Status.FAILURE}), "never": frozenset[Status]()}
"""Which statuses fail a case, by `--fail-on`; from warning on a warning does too (a notice is ok in every form)."""


def write_findings(checked: Checked, inventory: Inventory | None, form: str, *, fail_on: str) -> bytes:
    """The findings of a run as `junit` or `sarif`."""
    if form == "junit":
        failing = FAILING.get(fail_on, frozenset({Status.FAILURE, Status.WARNING}))
        seconds = max(0, round((checked.ended_at - checked.started_at).total_seconds()))
        return junit(checked.findings, failing=failing, started_at=checked.started_at, seconds=seconds)
    zones = {zone.name: zone.id for zone in inventory.zones.values()} if inventory else {}
    return sarif(
        checked.findings, registered_checks(), place=lambda one: _place(one, inventory, zones), version=__version__,
        started_at=checked.started_at, ended_at=checked.ended_at, complete=checked.complete,
    )  # fmt: skip


def _place(one: Finding, inventory: Inventory | None, zones: dict[str, str]) -> Place | None:
    """The zone file's line that the finding names, else where the inventory has its subject."""
    file, line = one.value.get("file"), one.value.get("line")
    if isinstance(file, str) and isinstance(line, int) and not isinstance(line, bool):
        return Place(file, line)
    noun = NOUNS.get(one.subject.noun)
    if inventory is None or noun is None:
        return None
    object_id = zones.get(one.subject.id) if noun == "zones" else one.subject.id
    return inventory.places.get((noun, object_id)) if object_id is not None else None
