"""Octets that were changed on the way: every check of a zone gives a verdict with codes that it declares, and never raises (dns.md D8, 8)."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from samdrift.compliance.zone import ZoneInHand
from samdrift.operations.registered_checks import registered_checks
from tests.cases.zone_given import AT, zone_in_hand

CASES = Path(__file__).parents[2] / "cases/checks"
CHECKS = [check for check in registered_checks().values() if check.needs[0] == "zone"]
ALWAYS = {"ok", "undetermined", "not-applicable"}


def hands() -> list[ZoneInHand]:
    """The hands of all cases of zones."""
    return [zone_in_hand(case.get("given") or {}) for check in CHECKS for case in yaml.safe_load((CASES / f"{check.id}.yml").read_text(encoding="utf-8"))]


def changed(octets: bytes, chance: random.Random) -> bytes:
    """Cut, grown, or with some octets that point or count wrongly."""
    way = chance.choice(("cut", "grow", "one", "many"))
    if way == "cut":
        return octets[: chance.randrange(len(octets) + 1)]
    if way == "grow":
        return octets + chance.randbytes(30)
    found = bytearray(octets)
    for _ in range(1 if way == "one" else 12):
        found[chance.randrange(len(found))] = chance.choice((0, 63, 192, 255, chance.randrange(256)))
    return bytes(found)


@pytest.mark.parametrize("seed", range(4))
def test_changed_octets_are_judged_and_raise_nothing(seed):
    chance = random.Random(seed)
    wrong = []
    for hand in chance.sample(hands(), 40):
        exchanges = tuple(replace(each, reply=changed(each.reply, chance)) if each.reply and chance.random() < 0.4 else each for each in hand.seen.exchanges)
        spoiled = ZoneInHand(replace(hand.seen, exchanges=exchanges), hand.terms, hand.past)
        for check in CHECKS:
            known = ALWAYS | {code.id for code in check.codes}
            wrong += [f"{check.id}/{one.code}" for one in check.judge(spoiled, AT) if one.code not in known]
    assert not wrong
