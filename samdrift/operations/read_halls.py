"""Read the halls: poll every source once and store the readings; what the hall collector and the job do."""

from __future__ import annotations

from datetime import datetime

from samdrift.model.hall import HallQuality
from samdrift.model.inventory import Inventory
from samdrift.model.run import Outcome
from samdrift.operations.job_work import JobDone, JobWork
from samdrift.operations.observe_halls import observe_halls, record_poll
from samdrift.store import Store


def read_halls(inventory: Inventory, store: Store, *, at: datetime) -> tuple[dict[str, int], tuple[str, ...]]:
    """(counts of sources asked, answered and of readings stored; the sources that gave no good value, sorted)."""
    found = observe_halls(inventory, at=at)
    asked = {reading.element for reading in found}
    answered = {reading.element for reading in found if reading.quality is HallQuality.GOOD}
    stored = record_poll(store, found)
    return {"sources": len(asked), "answered": len(answered), "stored": stored}, tuple(sorted(asked - answered))


def as_job(work: JobWork) -> JobDone:
    """Partial when a source gave nothing good, failed when none did."""
    counts, silent = read_halls(work.inventory, work.store, at=work.at)
    outcome = Outcome.OK if not silent else Outcome.PARTIAL if counts["answered"] else Outcome.FAILED
    return JobDone(outcome, counts, tuple(f"{element}: no good value" for element in silent))
