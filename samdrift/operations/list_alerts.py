"""List and find alerts for the command line and pages."""

from __future__ import annotations

from samdrift.model.alert import Alert
from samdrift.model.errors import UnknownId
from samdrift.model.short_id import read_short_id
from samdrift.model.viewer import Viewer
from samdrift.store import Store, alerts


def list_alerts(store: Store, *, viewer: Viewer, open_only: bool = False) -> list[Alert]:
    """Alerts, open ones first, then the newest."""
    with store.read() as connection:
        return alerts.list_alerts(connection, viewer=viewer, open_only=open_only)


def find_alert(store: Store, said: str, *, viewer: Viewer) -> Alert:
    """The alert of an id as a person says it; UnknownId with the nearest that the viewer may see."""
    alert_id = read_short_id(said)
    with store.read() as connection:
        found = alerts.find_alert(connection, alert_id, viewer=viewer)
        if found is None:
            error = UnknownId("alert", said, [one.id for one in alerts.list_alerts(connection, viewer=viewer)])
            error.help = error.help if error.near else "list them: samdrift alert list"
            raise error
    return found
