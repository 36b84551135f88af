"""List waivers: what each covers, until when, and whether it still matches anything (dns.md D10)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from samdrift.inventory.objects import waiver_members
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.waiver import Waiver
from samdrift.model.period import local_day, local_midnight
from samdrift.model.viewer import OPERATIONS, Viewer
from samdrift.operations.registered_checks import registered_checks
from samdrift.store import Store, findings

UNUSED_AFTER = timedelta(days=30)
"""A waiver that matched nothing for so long is reported."""


def list_waivers(
    inventory: Inventory, *, at: datetime, viewer: Viewer, member: str | None = None, store: Store | None = None
) -> tuple[Mapping[str, object], ...]:
    """Every waiver with whether it is in force on the day of `at`; from its `until` on it is expired.

    `unused`: in force, and no run of its check in 30 days of runs needed it; null where the store does not reach so far back.
    """
    today = local_day(at)
    unused = _unused(inventory, store, at)
    rows = [row for _, row in sorted(inventory.waivers.items()) if viewer.sees_any(whose := waiver_members(inventory, row)) and member in {None, *whose}]
    return tuple(
        {
            "id": row.id, "subject": row.subject, "check": row.check, "reason": row.reason, "owner": row.owner, "from_date": row.from_ and row.from_.isoformat(),
            "until_date": row.until.isoformat(), "expired": today >= row.until, "left_days": (row.until - today).days, "unused": unused[row.id],
        }
        for row in rows
    )  # fmt: skip


def _unused(inventory: Inventory, store: Store | None, at: datetime) -> Mapping[str, bool | None]:
    """Of each waiver, whether nothing needed it; None where that cannot be known."""
    if store is None:
        return dict.fromkeys(inventory.waivers)
    since = at - UNUSED_AFTER
    with store.read() as connection:
        used = findings.waivers_used(connection, viewer=OPERATIONS, since=since)
        judged = findings.judged_since(connection, viewer=OPERATIONS, since=since - timedelta(days=1))
    return {row.id: _is_unused(row, used, judged, since, at) for row in inventory.waivers.values()}


def _is_unused(row: Waiver, used: frozenset[str], judged: Mapping[str, datetime], since: datetime, at: datetime) -> bool | None:
    check = row.check.partition("/")[0]
    if row.id in used:
        return False
    if check not in registered_checks() or check not in judged or judged[check] > since:
        return None
    in_force = row.from_ is None or local_midnight(row.from_) <= since
    return in_force and local_day(at) < row.until
