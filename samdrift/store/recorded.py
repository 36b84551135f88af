"""A recorded run: lock, ledger row and honest end around a job's work (reliability.md R1, R3, R5)."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from samdrift.model.errors import CouldNotRecord, Interrupted, SamdriftError
from samdrift.model.run import Outcome, Run
from samdrift.store.lock import job_lock_of
from samdrift.store.runs import close_abandoned, end_run, start_run
from samdrift.store.store import Store


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class OpenRun:
    """A run that goes on. `outcome` stays None, which ends as ok, until something worse is said."""

    run: Run
    counts: Counter[str] = field(default_factory=Counter)
    reasons: list[str] = field(default_factory=list)
    outcome: Outcome | None = None

    @property
    def id(self) -> str:
        return self.run.id

    def count(self, what: str, number: int = 1) -> None:
        """Add to a count of the ledger row."""
        self.counts[what] += number

    def end_as(self, outcome: Outcome, *reasons: str) -> None:
        """Say how the run ends, and why."""
        self.outcome = outcome
        self.reasons = list(dict.fromkeys([*self.reasons, *reasons]))


@contextmanager
def recorded_run(
    store: Store, *, job: str, subject: str, lock: str | None = None, period: str | None = None, members: Iterable[str] = (),
    clock: Callable[[], datetime] = _utc_now,
) -> Iterator[OpenRun]:  # fmt: skip
    """Run the block under the job's lock (`lock` names another one) with a ledger row that ends as the block ends.

    An error ends the row as failed, Interrupted as interrupted, and passes on. LockHeld leaves no row; CouldNotRecord when the
    end could not be written.
    """
    with job_lock_of(store, lock or job, at=clock()) as held:
        with store.write() as connection:
            close_abandoned(connection, job=job, at=clock())
            opened = OpenRun(start_run(connection, job=job, subject=subject, at=clock(), period=period, members=members))
        try:
            yield opened
        except BaseException as error:
            interrupted = isinstance(error, Interrupted | KeyboardInterrupt)
            opened.end_as(Outcome.INTERRUPTED if interrupted else Outcome.FAILED, _reason(error))
            with contextlib.suppress(SamdriftError):  # the first error is the one to tell
                _end(store, opened, clock())
            raise
        with store.write() as connection:
            held.require(connection)
            end_run(connection, opened.id, at=clock(), outcome=opened.outcome or Outcome.OK, counts=opened.counts, reasons=opened.reasons)


def _end(store: Store, opened: OpenRun, at: datetime) -> None:
    with store.write() as connection:
        end_run(connection, opened.id, at=at, outcome=opened.outcome or Outcome.FAILED, counts=opened.counts, reasons=opened.reasons)


def _reason(error: BaseException) -> str:
    if isinstance(error, CouldNotRecord):
        return "could-not-record"
    return "interrupted" if isinstance(error, Interrupted | KeyboardInterrupt) else type(error).__name__
