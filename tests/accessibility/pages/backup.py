"""A member's backup page: with runs, proofs and something to do; before any run; old; with hostile words from a host."""

from __future__ import annotations

import hashlib
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from samdrift.model.backup_run import BackupReason, BackupRun
from samdrift.model.drill_proof import DrillProof
from samdrift.model.run import Outcome
from samdrift.model.snapshot import RepositoryLook, Snapshot
from samdrift.model.text import Text
from samdrift.operations.load_inventory import load_inventory
from samdrift.operations.report_backups import backup_page
from samdrift.store import backups, open_store, proofs
from samdrift.store.runs import end_run, start_run

ROOT = Path(__file__).resolve().parents[3]
SEEN = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
HOSTILE = '<script>alert(1)</script> \x1b[31m \u202egnitarepo "=cmd()" & <img src=x onerror=y>'
BACKUP, MEMBER, SITES = "webb-krokom", "krokom", ("hall-ostersund", "hall-are")


def fill(store, words):
    """A good run and one without its source, copies at both sites, a proof that holds."""
    for number, (outcome, reasons) in enumerate(((Outcome.OK, ()), (Outcome.PARTIAL, (BackupReason.SOURCE_MISSING,)))):
        at = SEEN - timedelta(days=2 - number)
        with store.write() as connection:
            ledger = start_run(connection, job=f"backup-run/{BACKUP}", subject=BACKUP, at=at, members=(MEMBER,))
            end_run(connection, ledger.id, at=at, outcome=outcome, counts={}, reasons=tuple(map(str, reasons)))
            snapshot = hashlib.sha256(b"%d" % number).hexdigest()
            backups.add_run(connection, BackupRun(ledger.id, BACKUP, "run", SITES[0], MEMBER, outcome, reasons, at, at, snapshot=snapshot, message=words))
            for site in SITES:
                state = "usable" if outcome is Outcome.OK else "partial"
                backups.put_snapshot(connection, Snapshot(snapshot, None, BACKUP, site, MEMBER, state, at, at, at, ledger.id, 10, 1000))
                backups.put_look(connection, RepositoryLook(BACKUP, site, MEMBER, at, up=True, repository_id="r", snapshots=1, stored_bytes=4096))
    with store.write() as connection:
        proofs.append(connection, lambda previous: _proof(snapshot, ledger.id, previous))


def _proof(snapshot, run, previous):
    return DrillProof(
        "K-7Q2D", BACKUP, SITES[1], MEMBER, (MEMBER,), 3, True, (), snapshot, run, "bb", 10, 1000, 10, 0, (), (), (), {}, {}, (), 60, 50, "drill-backups", SEEN,
        {"restic": "0.14.0"}, previous=previous,
    )  # fmt: skip


def page(language, words, at):
    inventory = load_inventory(ROOT / "inventory", at=SEEN)
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder), create=True) as store:
        if words:
            fill(store, words)
        return backup_page(inventory, store, MEMBER, at=at, text=Text(language))


def variants(language):
    return {
        "full": page(language, "what was seen", SEEN + timedelta(hours=7)),
        "empty": page(language, "", SEEN + timedelta(hours=7)),
        "stale": page(language, "what was seen", SEEN + timedelta(days=20)),
        "faulty": page(language, HOSTILE, SEEN + timedelta(hours=7)),
    }
