"""What a job gets and gives back; the lock, the ledger's row and the honest end are run_job's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from samdrift.model.errors import EXIT_NOT_OBSERVED, EXIT_OK
from samdrift.model.inventory import Inventory
from samdrift.model.run import Outcome
from samdrift.store import Store


@dataclass(frozen=True, slots=True)
class JobWork:
    """`at` is the run's instant, `period` what it claims (`2026-10`, `2026-10-25`, `2026-10-25T00Z`), `deadline` when it must be done."""

    inventory: Inventory
    store: Store
    at: datetime
    run_id: str
    period: str
    deadline: datetime | None = None


@dataclass(frozen=True, slots=True)
class JobDone:
    """How it went: counts of things by word, and the reasons of whatever was not well.

    `exit_code` says what the outcome does not: findings at their threshold are a run that went well and ends with 1.
    """

    outcome: Outcome
    counts: Mapping[str, int] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    exit_code: int | None = None

    @property
    def code(self) -> int:
        """The exit code: the given one, else 0 for a run that went well and 3 for one that did not see or do all."""
        well = self.outcome in {Outcome.OK, Outcome.NOTHING_TO_DO}
        return self.exit_code if self.exit_code is not None else EXIT_OK if well else EXIT_NOT_OBSERVED
