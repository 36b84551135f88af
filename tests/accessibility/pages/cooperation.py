"""Who co-operates with whom, as two matrices, and the contracts to watch."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from samdrift.compliance.contract_overview import rows, together
from samdrift.compliance.contract_report import contract_sections
from samdrift.compliance.cooperation import Cooperation, cooperation_sections
from samdrift.model.nouns.contract import Contract
from samdrift.model.nouns.service import Service
from samdrift.model.text import Text
from samdrift.reports.html import render_html
from tests.accessibility.pages.report import HOSTILE, MADE, report
from tests.unit.costs.reports_made import MEMBERS

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)


def service(number, name, state="active"):
    return Service.model_validate({"id": f"tjanst-{number}", "name": name, "what": name, "operator": "joint", "used_by": ("all",), "state": state})


def contract(number, name, until):
    fields = {"id": f"avtal-{number}", "name": name, "kind": "purchase", "supplier": "Leverantör", "members": ("are", "krokom"), "services": (f"tjanst-{number}",)}
    return Contract.model_validate({**fields, "from": "2020-01-01", "until": until, "notice": "3 months", "value_sek": "120000.00"})


def sections(text, name):
    services = [service(number, name, "planned" if number == 3 else "active") for number in range(1, 6)]
    operators = ("are", "joint", "krokom", "ostersund", "are")
    found = [Cooperation(each, ("are", "krokom") if place % 2 else tuple(sorted(MEMBERS)), operator) for place, (each, operator) in enumerate(zip(services, operators, strict=True))]
    contracts = [contract(number, name, until) for number, until in ((1, "2026-11-30"), (2, "2027-03-31"), (4, "2029-01-01"))]
    joint = together(contracts, {each.id: each for each in services}, date(2026, 11, 24))
    judged = [(row, row.finding) for row in rows(contracts, AT)]
    return (*cooperation_sections(found, MEMBERS, text), *contract_sections(judged, joint, [(services[0], ("are",))], MEMBERS, text))


def variants(language):
    text = Text(language)
    full = sections(text, "bibliotekssystem")
    nothing = (*cooperation_sections([], MEMBERS, text), *contract_sections([], [], [], MEMBERS, text))
    return {
        "full": render_html(report(language, full)),
        "empty": render_html(report(language, nothing, data_until=None)),
        "stale": render_html(report(language, full, data_until=MADE - timedelta(days=40))),
        "faulty": render_html(report(language, sections(text, HOSTILE))),
    }
