"""Zone history: what earlier runs saw of zones, read for the checks that ask for it, and joined by what a run saw (dns.md D11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from samdrift.compliance.sights import seen_in
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.dns.observation import ZoneObservation
from samdrift.model.dns.past import NO_PAST, PAST, ZonePast, past_from_evidence, past_to_evidence
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


def record_history(connection: Connection, hands: Iterable[ZoneInHand], *, at: datetime) -> None:
    """Join what a run saw of its zones to their history."""
    from samdrift.store import dns

    for hand in hands:
        if hand.speaking or hand.ds_known:
            members = hand.terms.members or ((hand.terms.member,) if hand.terms.member else ())
            dns.record_sights(connection, hand.seen.view, hand.seen.name, seen_in(hand), at=at, members=members)
