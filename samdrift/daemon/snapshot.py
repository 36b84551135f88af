"""Snapshot: what the daemon answers from; a loop renews it in the background, a scrape only reads it (reliability.md D1, D2)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime

from samdrift.model.errors import SamdriftError
from samdrift.model.inventory import Inventory
from samdrift.operations.export_metrics import Collected, Page, all_failed, collect, current, make_page
from samdrift.operations.load_inventory import load_inventory
from samdrift.operations.open_store import open_store

LOG = logging.getLogger("samdrift.snapshot")


class Snapshots:
    """The last valid inventory and the newest page; `step` renews both, `run` does so every `period_seconds` until `stop`."""

    def __init__(
        self,
        *,
        inventory_path: str,
        store_location: str | None,
        clock: Callable[[], datetime],
        period_seconds: float,
        metrics: bool = True,
    ) -> None:
        self._path, self._store, self._clock = inventory_path, store_location, clock
        self._period, self._metrics = period_seconds, metrics
        self._collected: Mapping[str, Collected] = {}
        self._wake, self._ended = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self.inventory: Inventory = load_inventory(inventory_path, at=clock())
        self.page: Page | None = None
        self.inventory_valid = True

    @property
    def ready(self) -> bool:
        """After the first snapshot."""
        return self.page is not None or not self._metrics

    def step(self) -> None:
        """Read the inventory anew (an invalid one is refused, the last valid stays) and collect."""
        at = self._clock()
        try:
            self.inventory = load_inventory(self._path, at=at)
            self.inventory_valid = True
        except SamdriftError as error:
            if self.inventory_valid:
                LOG.warning("inventory refused, the last valid one stays: %s", error.message)
            self.inventory_valid = False
        if self._metrics:
            self._collect(at)

    def _collect(self, at: datetime) -> None:
        try:
            with open_store(self._store) as store:
                self._collected = collect(self.inventory, store, at=at, before=self._collected)
        except SamdriftError as error:
            LOG.warning("no store to collect from: %s", error.message)
            self._collected = all_failed(self._collected, error.message)
        for name, one in self._collected.items():
            if not one.success:
                LOG.warning("collector %s failed: %s", name, one.error)
        self.page = make_page(current(self._collected, at=at, period_seconds=self._period), at=at)

    def reload(self) -> None:
        """Begin the next step at once (SIGHUP)."""
        self._wake.set()

    def start(self) -> None:
        """Begin the loop in a thread of its own."""
        self._thread = threading.Thread(target=self.run, name="snapshot", daemon=True)
        self._thread.start()

    def run(self) -> None:
        """Renew until stopped; a fault of one step is logged and the next one tried."""
        while not self._ended.is_set():
            self._wake.clear()
            try:
                self.step()
            except Exception:
                LOG.exception("snapshot failed; the last one stays")
            self._wake.wait(self._period)

    def stop(self) -> None:
        """End the loop; waits at most 5 s for the step under way."""
        self._ended.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(5)
