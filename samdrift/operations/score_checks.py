"""Score checks: each member's score by category, now or at the end of a month (dns.md D14)."""

from __future__ import annotations

from datetime import datetime, timedelta

from samdrift.compliance.score import TOTAL, Score, ZoneScore, member_scores, permille, zone_scores
from samdrift.model.finding import Finding, History
from samdrift.model.inventory import Inventory
from samdrift.model.period import Month
from samdrift.model.viewer import OPERATIONS, Viewer
from samdrift.operations.plan_compliance import NEEDS
from samdrift.operations.registered_checks import registered_checks
from samdrift.store import Store, findings

__all__ = ["COUNTS_FOR", "Score", "known_findings", "known_with_history", "permille", "score_checks"]

COUNTS_FOR = timedelta(days=40)
"""What was last judged longer ago says nothing of today; it bounds how much of the store is read."""


def score_checks(store: Store, inventory: Inventory, *, viewer: Viewer, month: Month | None = None, member: str | None = None, until: datetime | None = None) -> tuple[tuple[Score, ...], tuple[ZoneScore, ...]]:
    """The scores that the viewer may see, of members and of zones. Quartiles are over all members, whoever looks; they name nobody.

    Counted are the zones that the inventory has; a member without any run has a row without a score. A month counts what its last runs said, `until` what was known then.
    """
    since, before = (month.start, month.end) if month else (None, until)
    zones = zone_scores(known_findings(store, inventory, since=since, until=before), registered_checks())
    found = member_scores(zones)
    scored = {one.member for one in found}
    unseen = tuple(Score(one, TOTAL, None, None, 0) for one in sorted(_with_zones(inventory) - scored))
    shown = tuple(one for one in sorted((*found, *unseen), key=lambda one: (one.member, one.category)) if viewer.sees(one.member) and member in {None, one.member})
    return shown, tuple(zone for zone in zones if viewer.sees_any(zone.members) and (member is None or member in zone.members))


def _with_zones(inventory: Inventory) -> set[str]:
    """The members that have a zone of their own: one without a run has no score, and says so."""
    return {held.members[0] for zone in inventory.zones.values() if len((held := inventory.ownership(zone)).members) == 1}


def known_findings(store: Store, inventory: Inventory, *, since: datetime | None = None, until: datetime | None = None) -> list[Finding]:
    """What is known of the inventory's zones and of what stands on them; a zone that left the inventory counts no more."""
    return [finding for finding, _ in known_with_history(store, inventory, since=since, until=until)]


def known_with_history(store: Store, inventory: Inventory, *, since: datetime | None = None, until: datetime | None = None) -> list[tuple[Finding, History]]:
    """The same with the history of each."""
    checks = [check.id for check in registered_checks().values() if check.needs[0] in NEEDS]
    names = {(zone.name, view) for zone in inventory.zones.values() for view in zone.views}
    with store.read() as connection:
        found = findings.current(connection, viewer=OPERATIONS, checks=checks, since=since, until=until)
    return [(one, history) for one, history in found if one.subject.noun != "zone" or (one.subject.id, one.view) in names]
