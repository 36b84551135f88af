"""Observe compliance: zones and endpoints looked at side by side, within one deadline and with one memory of silent addresses."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from samdrift.adapters.clock import now
from samdrift.adapters.dns import RATE_PER_S, Asker
from samdrift.adapters.dns_walk import Walk
from samdrift.adapters.dns_zone import Way, look_at_zone
from samdrift.adapters.endpoints import WORKERS, Target, look_at_endpoint
from samdrift.adapters.limits import RUN_SECONDS, ZONE_SECONDS
from samdrift.adapters.presence import Shown, look_at_presence
from samdrift.adapters.trust_store import TrustStore
from samdrift.adapters.visits import Reach, Visits
from samdrift.model.dns.names import Name
from samdrift.model.dns.observation import FAMILIES, Family, Host, ZoneObservation, family_of
from samdrift.model.dns.view import PUBLIC_FACTS, ViewFacts
from samdrift.model.endpoint_observation import EndpointObservation
from samdrift.model.errors import Interrupted
from samdrift.model.finding import Reason
from samdrift.model.presence.observation import PresenceObservation

AT_ONCE, PRESENCES_AT_ONCE = 24, 16
"""Zones, and their mail and web, looked at side by side: more of them on the same servers would wait for one another's queries (D7) longer
than a zone has time (D6)."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at one view gave, in the order asked for. `vantage` is proven, lost or unused for each family and for smtp (D5)."""

    zones: tuple[ZoneObservation, ...] = ()
    endpoints: tuple[EndpointObservation, ...] = ()
    presences: tuple[PresenceObservation, ...] = ()
    queries: int = 0
    vantage: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sight:
    """What is to be looked at in one view: its roots, zones with the servers that the inventory adds, endpoints, mail and web.

    `needs` are the question sets of the selected checks, `facts` what the view says; with `undelegated` the servers given stand for
    the delegation, and no parent is asked.
    `trust` is the view's CA file (None: the system's), `reach` says where redirects may lead.
    """

    view: str
    roots: tuple[Host, ...]
    zones: tuple[tuple[Name, tuple[Host, ...]], ...] = ()
    endpoints: tuple[Target, ...] = ()
    needs: frozenset[str] = frozenset()
    facts: ViewFacts = PUBLIC_FACTS
    undelegated: bool = False
    parent_only: bool = False
    presences: tuple[Shown, ...] = ()
    trust: bytes | None = None
    reach: Reach = field(default_factory=Reach)


def observe(sight: Sight, *, deadline_seconds: float = RUN_SECONDS, rate_per_s: float = RATE_PER_S) -> Looked:
    """Look at everything of a view; what is not done at the deadline is marked so, nothing is left out."""
    if threading.current_thread() is not threading.main_thread():
        return asyncio.run(_observe(sight, deadline_seconds, rate_per_s))
    before = signal.getsignal(signal.SIGTERM)
    try:
        return asyncio.run(_until_told(_observe(sight, deadline_seconds, rate_per_s)))
    finally:
        signal.signal(signal.SIGTERM, before)


async def _until_told(work: Coroutine[Any, Any, Looked]) -> Looked:
    """The work, or Interrupted at SIGTERM: an error raised by a signal's handler would be lost among the loop's callbacks."""
    told = False
    task = asyncio.ensure_future(work)

    def end() -> None:
        nonlocal told
        told = True
        task.cancel()

    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, end)
    try:
        return await task
    except asyncio.CancelledError:
        if told:
            raise Interrupted("asked to end (SIGTERM)") from None
        raise


async def _observe(sight: Sight, deadline_seconds: float, rate_per_s: float) -> Looked:
    loop = asyncio.get_running_loop()
    until = loop.time() + deadline_seconds
    async with Asker(rate_per_s=rate_per_s) as asker:
        walk, places, workers = Walk(asker, sight.roots), asyncio.Semaphore(AT_ONCE), asyncio.Semaphore(WORKERS)

        async def zone(name: Name, servers: tuple[Host, ...], walk: Walk) -> ZoneObservation:
            async with places:
                began = now()
                try:
                    way = Way(sight.view, sight.facts, sight.needs, servers, sight.undelegated, sight.parent_only)
                    return await look_at_zone(walk, name, way, limit_seconds=min(ZONE_SECONDS, until - loop.time()))
                except Exception:  # noqa: BLE001 (one zone's failure is that zone's result; the run goes on)
                    return ZoneObservation(name, sight.view, began, now(), stopped=Reason.CHECK_ERROR)

        async def endpoint(target: Target) -> EndpointObservation:
            began = now()
            try:
                async with asyncio.timeout_at(min(until, loop.time() + ZONE_SECONDS)):
                    return await look_at_endpoint(walk, target, workers)
            except TimeoutError:
                stopped = Reason.DEADLINE
            except Exception:  # noqa: BLE001 (as above)
                stopped = Reason.CHECK_ERROR
            return EndpointObservation(target.host, target.port, target.protocol, began, stopped=stopped)

        visits, rooms = Visits(walk, workers, _trust(sight), sight.reach), asyncio.Semaphore(PRESENCES_AT_ONCE)

        async def presence(shown: Shown) -> PresenceObservation:
            async with rooms:
                began = now()
                try:
                    return await look_at_presence(visits, shown, view=sight.view, anchors=sight.facts.anchors, limit_seconds=min(ZONE_SECONDS, until - loop.time()))
                except Exception:  # noqa: BLE001 (as above)
                    return PresenceObservation(shown.zone, sight.view, began, now(), stopped=Reason.CHECK_ERROR)

        found, touched, met = await asyncio.gather(
            asyncio.gather(*(zone(name, servers, walk) for name, servers in sight.zones)), asyncio.gather(*(endpoint(target) for target in sight.endpoints)),
            asyncio.gather(*(presence(shown) for shown in (() if sight.undelegated else sight.presences))),
        )  # fmt: skip
        if loop.time() < until:
            revived = await asker.recheck()
            if revived:
                fresh = Walk(asker, sight.roots)
                again = [index for index, seen in enumerate(found) if _failed_at(seen, revived)]
                looked = await asyncio.gather(*(zone(*sight.zones[index], fresh) for index in again))
                for index, seen in zip(again, looked, strict=True):
                    found[index] = seen
            if _silences(met, visits):
                await visits.prove_smtp()
        last = dict(asker.last_answer)
        return Looked(
            tuple(replace(seen, last_answer=last) for seen in found), tuple(replace(seen, last_answer=last) for seen in touched),
            tuple(replace(seen, last_answer=last, last_smtp=visits.last_smtp) for seen in met), asker.queries, {**_vantage(found, last), "smtp": _smtp(met, visits)},
        )  # fmt: skip


def _trust(sight: Sight) -> TrustStore:
    """The view's authorities; nothing is read when no web or mail is met."""
    if not sight.presences:
        return TrustStore()
    return TrustStore.of_system() if sight.trust is None else TrustStore.of(sight.trust)


def _smtp(met: Sequence[PresenceObservation], visits: Visits) -> str:
    """Whether port 25 works from here: proven when a server answered after all that was silent."""
    if _silences(met, visits):
        return "lost"
    return "unused" if visits.last_smtp is None else "proven"


def _silences(met: Sequence[PresenceObservation], visits: Visits) -> bool:
    """Whether a mail server was silent until after the last that answered."""
    silent = [talk.silent_until for seen in met for talk in seen.mail if talk.closed in {Reason.TIMEOUT, Reason.UNREACHABLE}]
    return any(visits.last_smtp is None or until > visits.last_smtp for until in silent)


def _failed_at(seen: ZoneObservation, addresses: frozenset[str]) -> bool:
    return any(each.reply is None and each.address in addresses for each in seen.exchanges)


def _vantage(found: Sequence[ZoneObservation], last: dict[Family, datetime]) -> dict[str, str]:
    """proven: it answered after all that was silent; lost: silence since its last answer, or nothing but silence."""
    said: dict[str, str] = {}
    for family in FAMILIES:
        silences = [until for seen in found for each in seen.exchanges if family_of(each.address) == family and (until := each.silent_until) is not None]
        answered = last.get(family)
        if answered is None:
            said[family] = "lost" if silences else "unused"
        else:
            said[family] = "lost" if any(at > answered for at in silences) else "proven"
    return said
