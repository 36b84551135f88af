"""Report compliance: the findings that stand of one member, as a section of its report."""

from __future__ import annotations

from samdrift.compliance.report import compliance_section
from samdrift.model.section import Section
from samdrift.model.text import Text
from samdrift.model.viewer import member_viewer
from samdrift.operations.plan_compliance import NEEDS
from samdrift.operations.registered_checks import registered_checks
from samdrift.store import Store, findings


def compliance_of(store: Store, member: str, *, text: Text) -> Section:
    """What the last runs said of the member's zones, services and contracts."""
    checks = {check.id: check for check in registered_checks().values() if check.needs[0] in NEEDS}
    with store.read() as connection:
        found = findings.current(connection, viewer=member_viewer(member), checks=sorted(checks), member=member)
    return compliance_section(found, checks, text)
