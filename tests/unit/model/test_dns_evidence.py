"""Evidence of a zone: what is kept gives the same observation back, with how each question was put and what the view said."""

from __future__ import annotations

from datetime import UTC, datetime

from samdrift.model.dns import types
from samdrift.model.dns.evidence import answer_ids, from_evidence, to_evidence
from samdrift.model.dns.names import ROOT, from_text
from samdrift.model.dns.observation import Exchange, Host, ZoneObservation
from samdrift.model.dns.view import Anchor, ViewFacts
from samdrift.model.finding import Reason

AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
ZONE = from_text("krokom.example")


def test_an_observation_comes_back_as_it_was():
    given = ZoneObservation(
        ZONE, "inside", AT, AT, from_text("example"),
        (
            Exchange("child", "192.0.2.1", "udp", ZONE, types.SOA, AT, 900, b"a reply"),
            Exchange("child", "192.0.2.1", "udp", ROOT, types.SOA, AT, None, None, Reason.TIMEOUT, "version-1"),
            Exchange("child", "2001:db8::1", "tcp", ZONE, types.AXFR, AT, 900, b"another"),
            Exchange("other", "2001:db8::1", "udp", from_text(r"odd\.name\000.example"), types.PTR, AT, 900, b"a reply", None, "plain"),
        ),
        (Host(from_text("ns1.krokom.example"), ("192.0.2.1",), {"ipv6": Reason.NO_DATA}),), {"ipv4": AT}, parent_asked=False, stopped=Reason.DEADLINE,
        given=(Host(from_text("ns1.krokom.example"), ("192.0.2.1",)),), asked=frozenset({"zone.edns", "zone.transfer"}),
        facts=ViewFacts(False, True, ("10.20.0.0/16",), ("10.20.0.0/22",), ("10.20.0.1",), (Anchor(ROOT, types.DS, b"\0\1\x0f\0\0"),)),
    )  # fmt: skip
    first, *answers = to_evidence(given)
    assert from_evidence(first, answers) == given
    assert set(answer_ids(first)) == {one.id for one in answers}
    assert len(answers) == 2
    assert to_evidence(from_evidence(first, answers))[0].id == first.id
