"""Serve: the daemon's parts in one process, until it is asked to end."""

from __future__ import annotations

import contextlib
import logging
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from samdrift.daemon import discovery, exporter, health, log, receiver
from samdrift.daemon.hall_collector import HallCollector
from samdrift.daemon.listening import bind, read_address, require_safe
from samdrift.daemon.snapshot import Snapshots
from samdrift.operations.open_store import open_store

LOG = logging.getLogger("samdrift.serve")
PARTS = ("exporter", "sd", "receiver", "hall-collector")
"""The parts that exist; deadman, web and jobs come later."""
CONNECTIONS = 64


@dataclass(frozen=True, slots=True)
class Settings:
    """What `samdrift serve` was told; `period_seconds` is how often the snapshot is renewed."""

    inventory_path: str
    store_location: str | None
    parts: Sequence[str]
    listen: Sequence[str]
    insecure: bool
    period_seconds: float
    verbose: bool = False


class _Server(uvicorn.Server):
    """Ends in order at SIGTERM and SIGINT, and renews the snapshot at SIGHUP."""

    def __init__(self, config: uvicorn.Config, on_hangup: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_hangup = on_hangup
        self.ended_by: signal.Signals | None = None

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        def end(number: int, _: object) -> None:
            self.ended_by = signal.Signals(number)
            self.should_exit = True

        wanted = {signal.SIGTERM: end, signal.SIGINT: end, signal.SIGHUP: lambda *_: self._on_hangup()}
        before = {number: signal.signal(number, handle) for number, handle in wanted.items()}
        try:
            yield
        finally:
            for number, handle in before.items():
                signal.signal(number, handle)


def serve(settings: Settings, *, clock: Callable[[], datetime]) -> signal.Signals | None:
    """Answer until a signal ends it, which is given back; WrongUse or InvalidInventory before anything is answered."""
    addresses = [read_address(text) for text in settings.listen]
    require_safe(addresses, insecure=settings.insecure)
    log.begin(logging.DEBUG if settings.verbose else logging.INFO)
    snapshots = Snapshots(
        inventory_path=settings.inventory_path,
        store_location=settings.store_location,
        clock=clock,
        period_seconds=settings.period_seconds,
        metrics="exporter" in settings.parts,
    )
    with contextlib.ExitStack() as held:
        routes = [*health.routes(snapshots), *_routes(settings, snapshots, held, clock)]
        sockets = bind(addresses)
        config = uvicorn.Config(
            Starlette(routes=routes), log_config=None, access_log=False, lifespan="off", limit_concurrency=CONNECTIONS,
            timeout_keep_alive=10, timeout_graceful_shutdown=5, server_header=False, date_header=True,
        )  # fmt: skip
        server = _Server(config, snapshots.reload)
        snapshots.start()
        held.callback(snapshots.stop)
        if "hall-collector" in settings.parts:
            collector = HallCollector(snapshots, held.enter_context(open_store(settings.store_location, create=True)), clock)
            collector.start()
            held.callback(collector.stop)
        for opened in sockets:
            host, port = opened.getsockname()[:2]
            LOG.info("listening on http://%s:%s parts %s", f"[{host}]" if ":" in host else host, port, ",".join(settings.parts))
        server.run(sockets=sockets)
    LOG.info("ended by %s", server.ended_by.name if server.ended_by else "itself")
    return server.ended_by


def _routes(settings: Settings, snapshots: Snapshots, held: contextlib.ExitStack, clock: Callable[[], datetime]) -> list[Route]:
    """The routes of the parts asked for; the receiver makes the store when it is missing, for it writes."""
    found: list[Route] = []
    if "exporter" in settings.parts:
        found += exporter.routes(snapshots)
    if "sd" in settings.parts:
        found += discovery.routes(snapshots)
    if "receiver" in settings.parts:
        store = held.enter_context(open_store(settings.store_location, create=True))
        found += receiver.routes(store, clock)
    return found
