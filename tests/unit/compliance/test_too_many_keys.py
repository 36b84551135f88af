"""Five hundred keys of one tag and five hundred signatures are left in time, and never called well (dns.md 8)."""

from __future__ import annotations

import random
import struct
import time
from datetime import UTC, datetime, timedelta

from samdrift.compliance.zone import ZoneInHand
from samdrift.model.dns import types
from samdrift.model.dns.message import Record
from samdrift.model.dns.names import from_text
from samdrift.model.dns.observation import Exchange, ZoneObservation
from samdrift.model.dns.records import make_ds, read_dnskey
from samdrift.model.finding import Status
from samdrift.operations.registered_checks import registered_checks
from tests.cases.zone_given import message

ZONE = from_text("krokom.example")
AT = datetime(2026, 11, 24, 8, tzinfo=UTC)
MANY, MOST_CPU_S = 500, 5


def colliding_keys(dice: random.Random) -> list[bytes]:
    """DNSKEYs that all have one tag: two octets of each are moved until the sum is the same."""
    found: list[bytes] = []
    while len(found) < MANY:
        head, key = struct.pack(">HBB", 257, 3, 15), bytearray(dice.randbytes(32))
        if found:
            off = (read_dnskey(found[0]).key_tag - read_dnskey(head + bytes(key)).key_tag) % 65535
            key[:2] = ((int.from_bytes(key[:2], "big") + off) % 65536).to_bytes(2, "big")
            if read_dnskey(head + bytes(key)).key_tag != read_dnskey(found[0]).key_tag:
                continue
        found.append(head + bytes(key))
    return found


def observation() -> ZoneObservation:
    dice = random.Random(20261124)
    keys = colliding_keys(dice)
    key, now = read_dnskey(keys[0]), int(AT.timestamp())

    def signatures(kind: int) -> list[Record]:
        head = struct.pack(">HBBIIIH", kind, 15, 2, 3600, now + 14 * 86_400, now - 86_400, key.key_tag) + ZONE
        return [Record(ZONE, types.RRSIG, types.IN, 3600, head + dice.randbytes(64)) for _ in range(MANY)]

    soa = from_text("ns1.krokom.example") + from_text("hostmaster.krokom.example") + struct.pack(">5I", 1, 14400, 3600, 604_800, 3600)
    sets = {types.SOA: [soa], types.NS: [from_text("ns1.krokom.example")], types.DNSKEY: keys, types.A: [b"\xc0\0\2\1"]}
    child = [
        Exchange("child", address, "tcp", ZONE, kind, AT, 1000, message(ZONE, kind, flags=0x8400, answer=[*(Record(ZONE, kind, types.IN, 3600, one) for one in data), *signatures(kind)]))
        for address in ("192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2")
        for kind, data in sets.items()
    ]
    ds = make_ds(ZONE, key)
    told = [Record(ZONE, types.NS, types.IN, 3600, sets[types.NS][0]), Record(ZONE, types.DS, types.IN, 3600, struct.pack(">HBB", ds.key_tag, 15, 2) + ds.digest)]
    parent = Exchange("parent", "198.51.100.1", "udp", ZONE, types.NS, AT, 1000, message(ZONE, types.NS, flags=0x8000, authority=told))
    return ZoneObservation(ZONE, "public", AT, AT, from_text("example"), (*child, parent), (), dict.fromkeys(("ipv4", "ipv6"), AT + timedelta(seconds=9)))


def test_an_attack_by_keys_and_signatures_costs_little_and_is_never_well():
    hand = ZoneInHand(observation())
    began = time.process_time()
    found = [one for check in registered_checks().values() if check.category == "dnssec" for one in check.judge(hand, AT)]
    assert time.process_time() - began < MOST_CPU_S
    verdicts = {check: {(one.status, one.reason) for one in found if one.check == check} for check in ("dnssec-rrsig-valid", "dnssec-ds-matches")}
    assert all(held == {(Status.UNDETERMINED, "too-costly")} for held in verdicts.values()), verdicts
