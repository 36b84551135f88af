"""The answers that mail and web got from a zone's servers are judged with the zone's own: their signatures, on every server."""

from __future__ import annotations

import struct

from samdrift.compliance.checks.dnssec.dnssec_rrsig_valid import CHECK
from samdrift.compliance.shown import with_shown
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.dns import types
from samdrift.model.dns.names import from_text
from samdrift.model.dns.observation import Exchange
from samdrift.model.finding import Reason
from samdrift.model.presence.lookup import Lookup
from samdrift.model.presence.observation import PresenceObservation
from tests.cases.zone_given import AT, zone_in_hand

ZONE = "krokom.example"
GIVEN = {"zone": ZONE, "ns": {"ns1.krokom.example": ["192.0.2.1"], "ns2.krokom.example": ["192.0.2.2"]}, "keys": {"ksk": {"seed": 1}, "zsk": {"seed": 2, "flags": 256}}}


def unsigned_text(name: str, address: str, *, side: str = "child", flags: int = 0x8400) -> Exchange:
    owner, data = from_text(name), b"\x0bv=spf1 -all"
    record = owner + struct.pack(">HHIH", types.TXT, types.IN, 300, len(data)) + data
    return Exchange(side, address, "udp", owner, types.TXT, AT, 900, struct.pack(">6H", 0, flags, 1, 1, 0, 0) + owner + struct.pack(">HH", types.TXT, types.IN) + record)


def met(*at_servers: Exchange, lookups: tuple[Lookup, ...] = ()) -> PresenceObservation:
    return PresenceObservation(from_text(ZONE), "public", AT, AT, True, None, lookups, at_servers)


def missing(seen) -> set[tuple[str, str | None]]:
    found = CHECK.judge(ZoneInHand(seen, zone_in_hand(GIVEN).terms), AT)
    return {(one.code, one.subject.part) for one in found}


def test_an_unsigned_text_on_one_server_of_two_is_seen_by_the_judgement_of_signatures():
    seen = zone_in_hand(GIVEN).seen
    assert missing(seen) == {("ok", None)}
    assert missing(with_shown(seen, met(unsigned_text(ZONE, "192.0.2.2")))) == {("missing", "TXT@192.0.2.2")}


def test_a_name_below_the_apex_that_was_looked_up_counts_as_well():
    asked = unsigned_text(f"_dmarc.{ZONE}", "192.0.2.1", side="other")
    joined = with_shown(zone_in_hand(GIVEN).seen, met(lookups=(Lookup(asked.name, types.TXT, (asked,)),)))
    assert missing(joined) == {("missing", f"_dmarc.{ZONE}./TXT@192.0.2.1")}


def test_other_zones_servers_names_and_silences_stay_out():
    seen = zone_in_hand(GIVEN).seen
    silent = Exchange("child", "192.0.2.1", "udp", from_text(ZONE), types.TXT, AT, error=Reason.TIMEOUT)
    strange = (silent, unsigned_text(ZONE, "198.51.100.9"), unsigned_text("are.example", "192.0.2.1"), unsigned_text(f"www.{ZONE}", "192.0.2.1", flags=0x8000))
    assert with_shown(seen, met(*strange)) is seen
    dead = zone_in_hand({**GIVEN, "child_says": {"192.0.2.2": "timeout"}}).seen
    assert with_shown(dead, met(unsigned_text(ZONE, "192.0.2.2"))) is dead
    assert with_shown(seen, None) is seen
