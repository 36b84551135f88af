"""Zone history: what earlier runs saw of zones, read for the checks that ask for it, and joined by what a run saw (dns.md D11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from samdrift.compliance.sights import seen_in
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.dns.observation import ZoneObservation
from samdrift.model.dns.past import NO_PAST, PAST, Seen, ZonePast, past_from_evidence, past_to_evidence
from samdrift.model.finding import Evidence
from samdrift.model.viewer import Viewer

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from samdrift.store import Store

NEED = "past"
"""What a check names among its needs when it judges by earlier runs."""
Key = tuple[str, str]
"""View and zone."""


def read_pasts(store: Store | None, zones: Iterable[ZoneObservation], *, viewer: Viewer) -> Mapping[Key, ZonePast]:
    """What earlier runs saw of zones just looked at; nothing without a store."""
    wanted = [(one.view, one.name) for one in zones]
    if store is None or not wanted:
        return {}
    from samdrift.store import dns

    with store.read() as connection:
        return dns.pasts(connection, wanted, viewer=viewer)


def piece_of(past: ZonePast, seen: ZoneObservation) -> Evidence | None:
    """The past as evidence; None when there is none."""
    return None if past == NO_PAST else past_to_evidence(past, seen.name, seen.view, seen.started_at)


def pasts_in(pieces: Iterable[Evidence]) -> Mapping[Key, ZonePast]:
    """The pasts among a stored run's evidence."""
    return {(str(one.about["view"]), str(one.about["zone"])): past_from_evidence(one) for one in pieces if one.kind == PAST}


@dataclass(frozen=True, slots=True)
class ZoneSight:
    """What a run saw of one zone, for its history, and whose it is."""

    view: str
    zone: str
    members: tuple[str, ...]
    seen: Seen


def sight_of(hand: ZoneInHand) -> ZoneSight | None:
    """What is to be kept of a zone; None when neither its servers nor its parent said anything."""
    if not hand.speaking and not hand.ds_known:
        return None
    members = hand.terms.members or ((hand.terms.member,) if hand.terms.member else ())
    return ZoneSight(hand.seen.view, hand.seen.name, members, seen_in(hand))


def record_history(connection: Connection, sights: Iterable[ZoneSight], *, at: datetime) -> None:
    """Join what a run saw of its zones to their history."""
    from samdrift.store import dns

    for one in sights:
        dns.record_sights(connection, one.view, one.zone, one.seen, at=at, members=one.members)
