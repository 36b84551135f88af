"""What is kept of an endpoint's look gives the same look again."""

from __future__ import annotations

from datetime import UTC, datetime

from samdrift.model.endpoint_evidence import from_evidence, to_evidence
from samdrift.model.endpoint_observation import EndpointObservation, Touch
from samdrift.model.finding import Reason

AT = datetime(2026, 11, 24, 8, 0, 0, 123_456, tzinfo=UTC)


def test_an_observation_kept_and_read_again_is_equal():
    touches = (Touch("192.0.2.1", AT, None, 900, "aa" * 32, 200), Touch("2001:db8::1", AT, Reason.TIMEOUT), Touch("192.0.2.2", AT, None, 800, None, None, Reason.STALLED))
    seen = EndpointObservation("www.krokom.example", 443, "https", AT, touches, {"ipv6": Reason.NO_WORKING_SERVER}, {"ipv4": AT}, Reason.DEADLINE)
    piece = to_evidence(seen, "webb-krokom", "webb")
    assert from_evidence(piece) == seen
    assert piece == to_evidence(seen, "webb-krokom", "webb")
