"""Report compliance: the findings that stand of one member, as a section of its report and as a page of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from samdrift import __version__
from samdrift.adapters.files import make_folder, write_whole
from samdrift.compliance.report import compliance_section, summary
from samdrift.compliance.score import Score
from samdrift.model.finding import Finding, History
from samdrift.model.inventory import Inventory
from samdrift.model.section import Report, Section
from samdrift.model.text import Text
from samdrift.model.viewer import member_viewer
from samdrift.operations.plan_compliance import NEEDS
from samdrift.operations.registered_checks import registered_checks
from samdrift.operations.score_checks import score_checks
from samdrift.reports.html import render_html
from samdrift.store import Store, findings


def compliance_of(store: Store, member: str, *, text: Text, inventory: Inventory | None = None, until: datetime | None = None) -> Section:
    """What the last runs (before `until`) said of the member's zones, services and contracts; with an inventory its scores too."""
    found = _found(store, member, until)
    scores = _scores(store, inventory, member, until) if inventory is not None else ()
    return compliance_section(found, registered_checks(), text, scores)


def _found(store: Store, member: str, until: datetime | None) -> list[tuple[Finding, History]]:
    checks = sorted(check.id for check in registered_checks().values() if check.needs[0] in NEEDS)
    with store.read() as connection:
        return findings.current(connection, viewer=member_viewer(member), checks=checks, member=member, until=until)


def _scores(store: Store, inventory: Inventory, member: str, until: datetime | None) -> tuple[Score, ...]:
    return score_checks(store, inventory, viewer=member_viewer(member), member=member, until=until)[0]


def compliance_page(store: Store, inventory: Inventory, member: str, *, at: datetime, text: Text) -> bytes:
    """The member's compliance page: one HTML file, a sentence and what to do first on top, every finding below."""
    found = _found(store, member, None)
    checks = registered_checks()
    section = compliance_section(found, checks, text, _scores(store, inventory, member, None))
    name = inventory.members[member].name
    host = inventory.members[inventory.settings.host_organisation]
    report = Report(
        id=f"compliance-{member}", title=text("compliance.page-title", member=name), language=text.language, says=summary(found, checks, text),
        audience=text("compliance.page-audience", member=name), period=str(at.date()), data_until=max((one.observed_at for one, _ in found), default=None), made_at=at,
        method=text("compliance.page-method"), version=f"samdrift {__version__}", sections=(replace(section, sentences=section.sentences[1:]),), contact=host.contacts[0].email,
    )  # fmt: skip
    return render_html(report)


def write_page(content: bytes, member: str, folder: Path) -> Path:
    """Write a member's page, whole or not at all; gives its path."""
    make_folder(folder, mode=0o755)
    path = folder / f"{member}-compliance.html"
    write_whole(path, content)
    return path
