"""A member's compliance page: with faults, waivers and unknowns; before any run; old; with hostile words from the network."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from samdrift.model.finding import Finding, Reason, Remedy, Severity, Status, Subject
from samdrift.model.text import Text
from samdrift.operations.load_inventory import load_inventory
from samdrift.operations.report_compliance import compliance_page
from samdrift.store import findings, open_store
from samdrift.store.runs import start_run

ROOT = Path(__file__).resolve().parents[3]
SEEN = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
HOSTILE = '<script>alert(1)</script> \x1b[31m \u202egnitarepo "=cmd()" & <img src=x onerror=y>'


def finding(check, code, status, *, zone="krokom.example", message="what was seen", remedy=None, **value):
    severity = {Status.FAILURE: Severity.FAILURE, Status.WARNING: Severity.WARNING, Status.WAIVED: Severity.FAILURE}.get(status, Severity.INFO)
    reason = Reason.TIMEOUT if status is Status.UNDETERMINED else None
    waiver = "w-1" if status is Status.WAIVED else None
    return Finding(check, code, Subject("zone", zone), status, severity, message, SEEN, member="krokom", reason=reason, value=value, remedy=remedy, waiver=waiver)


def found(words="what was seen"):
    remedy = Remedy("Publish this DS", record="krokom.example. IN DS 34217 13 2 " + "05DD5165" * 8, command="knotc zone-sign krokom.example", by="registrar")
    return [
        finding("dnssec-ds-matches", "no-valid-key", Status.FAILURE, message=words, remedy=remedy, rrset="krokom.example./DS", server=words, address="2001:db8:53::1"),
        finding("dnssec-rrsig-lifetime", "expires", Status.WARNING, message=words, expires_at="2026-11-28T00:00:00Z"),
        finding("ipv6-ns-reachable", "undetermined", Status.UNDETERMINED, message=words),
        finding("delegation-ns-count", "too-few-ns", Status.WAIVED, message=words),
        finding("delegation-exists", "ok", Status.OK, message=words),
    ]


def page(language, rows, at):
    inventory = load_inventory(ROOT / "inventory", at=SEEN)
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder), create=True) as store:
        with store.write() as connection:
            run = start_run(connection, job="check-dns", subject="all", at=SEEN)
            findings.record(connection, run.id, rows)
        return compliance_page(store, inventory, "krokom", at=at, text=Text(language))


def variants(language):
    return {
        "full": page(language, found(), SEEN + timedelta(hours=7)),
        "empty": page(language, [], SEEN + timedelta(hours=7)),
        "stale": page(language, found(), SEEN + timedelta(days=40)),
        "faulty": page(language, found(HOSTILE), SEEN + timedelta(hours=7)),
    }
