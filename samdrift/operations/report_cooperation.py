"""Report who co-operates with whom about what, from the inventory, as the viewer may see it (issue 4)."""

from __future__ import annotations

from datetime import datetime

from samdrift import __version__
from samdrift.compliance.cooperation import Cooperation, cooperation_sections
from samdrift.model.inventory import Inventory
from samdrift.model.period import local_day
from samdrift.model.section import Report
from samdrift.model.text import Text
from samdrift.model.viewer import Viewer


def report_cooperation(inventory: Inventory, *, viewer: Viewer, at: datetime, text: Text, member: str | None = None) -> Report:
    """The report as of the day; a member's viewer, and `member`, get the services that they take part in."""
    found = []
    for service in inventory.services.values():
        taking = set(inventory.users(service)) | ({service.operator} & set(inventory.members))
        if viewer.sees_any(taking) and member in {None, *taking}:
            found.append(Cooperation(service, tuple(sorted(taking)), service.operator))
    day = local_day(at).isoformat()
    sections = cooperation_sections(found, inventory.members, text)
    return Report(
        id=f"{day}-cooperation", title=text("cooperation.title", day=day), language=text.language, says=sections[0].sentences[0],
        audience=text("cooperation.audience"), period=day, data_until=at, made_at=at, method=text("cooperation.method"), version=f"samdrift {__version__}",
        sections=sections, contact=inventory.members[inventory.settings.host_organisation].contacts[0].email,
    )  # fmt: skip
