"""The hall collector: polls every hall source and stores the readings, for as long as the daemon runs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from samdrift.model.errors import SamdriftError
from samdrift.operations.read_halls import read_halls

if TYPE_CHECKING:
    from samdrift.daemon.snapshot import Snapshots
    from samdrift.operations.open_store import Store

LOG = logging.getLogger("samdrift.hall-collector")
POLL_SECONDS = 10.0


class HallCollector:
    """Polls in a thread of its own; each poll is followed by a new snapshot, so that a scrape sees it at once."""

    def __init__(self, snapshots: Snapshots, store: Store, clock: Callable[[], datetime], poll_seconds: float = POLL_SECONDS) -> None:
        self._snapshots, self._store, self._clock, self._period = snapshots, store, clock, poll_seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self.run, name="hall-collector", daemon=True)
        self._silent: tuple[str, ...] = ()

    def start(self) -> None:
        """Begin polling."""
        self._thread.start()

    def run(self) -> None:
        """Poll until stopped; what one poll cannot do is logged, and the next one tried."""
        while not self._ended.is_set():
            try:
                self.step()
            except SamdriftError as error:
                LOG.warning("poll not stored: %s", error.message)
            except Exception:
                LOG.exception("poll failed")
            self._ended.wait(self._period)

    def step(self) -> None:
        """One poll; sources that fall silent or come back are logged once."""
        counts, silent = read_halls(self._snapshots.inventory, self._store, at=self._clock())
        if silent != self._silent:
            LOG.warning("%d of %d sources answered; silent: %s", counts["answered"], counts["sources"], ", ".join(silent) or "none")
        self._silent = silent
        self._snapshots.reload()

    def stop(self) -> None:
        """End; waits at most 5 s for the poll under way."""
        self._ended.set()
        self._thread.join(5)
