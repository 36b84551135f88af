"""What is kept of a zone's mail and web gives the same look again, and names a piece that is missing."""

from __future__ import annotations

import pytest

from samdrift.model.presence.evidence import from_evidence, piece_ids, to_evidence
from tests.cases.presence_given import presence_in_hand

GIVEN = {
    "chain": "secure",
    "dns": {"krokom.example": {"MX": ["10 mx.krokom.example"], "A": ["192.0.2.80"], "TXT": ["v=spf1 -all"]}, "mx.krokom.example": {"A": ["192.0.2.25"], "AAAA": ["2001:db8::25"]}},
    "servers": {"192.0.2.53": {}},
    "web": {"krokom.example 443 192.0.2.80": {"security_txt": "Contact: x"}, "krokom.example 80 192.0.2.80": {"closed": "refused"}},
    "mail": {"mx.krokom.example 192.0.2.25": {"old": "unknown"}, "mx.krokom.example 2001:db8::25": {"closed": "timeout"}},
}


def test_an_observation_kept_and_read_again_is_equal():
    seen = presence_in_hand(GIVEN).seen
    first, *pieces = to_evidence(seen)
    assert set(piece_ids(first)) == {one.id for one in pieces}
    assert from_evidence(first, pieces) == seen


def test_a_piece_that_is_gone_is_named():
    first, *pieces = to_evidence(presence_in_hand(GIVEN).seen)
    certificate = next(one for one in pieces if one.kind == "certificate")
    with pytest.raises(KeyError, match=certificate.id):
        from_evidence(first, [one for one in pieces if one is not certificate])
