"""Answers with octets changed, lost or added make no check of zones raise, whatever they say then (dns.md 8)."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from samdrift.compliance.sights import seen_in
from samdrift.compliance.zone import ZoneInHand
from samdrift.operations.registered_checks import registered_checks
from tests.cases.zone_given import AT, zone_in_hand

GIVEN = {
    "ns": {"ns1.krokom.example": ["192.0.2.1", "2001:db8::1"], "ns2.krokom.example": ["192.0.2.2"]}, "parents": ["198.51.100.1", "198.51.100.2"],
    "keys": {"ksk": {"seed": 1}, "zsk": {"seed": 2, "flags": 256}}, "ds": ["ksk"], "chain": {"anchor": "root"}, "cds": ["ksk"], "cdnskey": ["ksk"],
    "addresses": {"A": ["192.0.2.80"]}, "signatures": {"all": {"by": ["zsk"]}, "DNSKEY": {"by": ["ksk"]}, "CDS": {"by": ["ksk"]}, "CDNSKEY": {"by": ["ksk"]}},
}  # fmt: skip
HEAD, TIMES = 12, 60


def garbled(reply: bytes, dice: random.Random) -> bytes:
    octets = bytearray(reply)
    for _ in range(dice.randint(1, 4)):
        at, how = dice.randrange(HEAD, len(octets)), dice.random()
        if how < 0.8:
            octets[at] = dice.randrange(256)
        elif how < 0.9 and len(octets) > HEAD + 40:
            del octets[at : at + dice.randint(1, 20)]
        else:
            octets[at:at] = dice.randbytes(dice.randint(1, 9))
    return bytes(octets)


@pytest.mark.parametrize("kind", ["nsec", "nsec3"])
def test_no_check_raises_on_garbled_answers(kind):
    whole, dice = zone_in_hand({**GIVEN, "denial": {"kind": kind}}), random.Random(f"2026 {kind}")
    checks = [check for check in registered_checks().values() if check.needs[0] == "zone"]
    for _ in range(TIMES):
        exchanges = [replace(each, reply=garbled(each.reply, dice)) if each.reply and dice.random() < 0.2 else each for each in whole.seen.exchanges]
        hand = ZoneInHand(replace(whole.seen, exchanges=tuple(exchanges)), whole.terms)
        for check in checks:
            assert check.judge(hand, AT), check.id
        seen_in(hand)
