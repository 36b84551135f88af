"""What mail and web asked of a zone's own servers, laid beside what the zone itself was asked: its signatures are judged as well (dns.md 2.2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from samdrift.model.dns.names import is_within
from samdrift.model.dns.observation import Exchange, ZoneObservation
from samdrift.model.presence.observation import PresenceObservation


def with_shown(seen: ZoneObservation, met: PresenceObservation | None) -> ZoneObservation:
    """The observation with the readable answers that the zone's servers gave to the questions for its mail and web, each once.

    What nobody answered there is left out: a silence is told by the check that asked. So is a server that answered none of the zone's own questions.
    """
    if met is None:
        return seen
    mine = frozenset(each.address for each in seen.exchanges if each.side == "child" and each.usual and each.whole is not None)
    held = {(each.address, each.name, each.type) for each in seen.exchanges if each.side == "child" and each.usual}
    found = []
    for each in _answers(met):
        key = (each.address, each.name, each.type)
        if each.address in mine and is_within(each.name, seen.zone) and key not in held:
            held.add(key)
            found.append(replace(each, side="child"))
    return replace(seen, exchanges=(*seen.exchanges, *found)) if found else seen


def _answers(met: PresenceObservation) -> Iterable[Exchange]:
    for each in (*met.at_servers, *(one for lookup in met.lookups for one in lookup.exchanges)):
        message = each.whole if each.usual else None
        if message is not None and message.authoritative:
            yield each
