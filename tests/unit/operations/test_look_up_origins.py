"""The table of autonomous systems is read where a chosen check judges by it, and what it says of a zone's servers is kept with the look."""

from __future__ import annotations

from datetime import timedelta

import pytest

from samdrift.compliance.zone import ZoneInHand
from samdrift.model.dns.evidence import from_evidence, to_evidence
from samdrift.model.dns.view import Origins
from samdrift.model.errors import WrongUse
from samdrift.operations.look_up_origins import with_origins
from samdrift.operations.plan_compliance import PUBLIC, Plan, Wanted, read_names
from samdrift.operations.registered_checks import find_check
from tests.cases.zone_given import AT, zone_in_hand

GIVEN = {"ns": {"ns1.krokom.example": ["192.36.144.1", "2a01:3f0:1::1"], "ns2.krokom.example": ["192.36.148.1", "2a01:3f0:2::1"]}}
DIVERSITY = "delegation-diversity"


def plan(path, *checks: str) -> Plan:
    return Plan(None, Wanted(tuple(map(find_check, checks)), read_names(["krokom.example"]), as_table=path))


def test_the_origins_of_the_servers_are_kept_and_judged_again_without_the_table(tmp_path):
    path = tmp_path / "table.txt"
    path.write_text(f"# {AT.date() - timedelta(days=9)}\n192.36.0.0/16 1257\n2a01:3f0::/32 1257\n198.51.100.0/24 64500\n")
    (seen,) = with_origins([zone_in_hand(GIVEN).seen], plan(path, DIVERSITY), PUBLIC)
    assert seen.facts.origins == Origins(AT.date() - timedelta(days=9), tuple((one, (1257,)) for one in sorted(("192.36.144.1", "192.36.148.1", "2a01:3f0:1::1", "2a01:3f0:2::1"))))
    path.unlink()
    again = from_evidence(to_evidence(seen)[0], to_evidence(seen)[1:])
    assert again == seen
    assert [(one.code, one.value["system"]) for one in find_check(DIVERSITY).judge(ZoneInHand(again), AT)] == [("one-as", 1257), ("one-as", 1257)]


def test_a_table_that_no_chosen_check_needs_is_not_read(tmp_path):
    seen = zone_in_hand(GIVEN).seen
    assert with_origins([seen], plan(tmp_path / "none", "dns-soa"), PUBLIC) == (seen,)
    assert with_origins([seen], plan(None, DIVERSITY), PUBLIC) == (seen,)
    with pytest.raises(WrongUse, match="cannot read the AS table"):
        with_origins([seen], plan(tmp_path / "none", DIVERSITY), PUBLIC)


def test_origins_of_an_older_look_are_none():
    seen = zone_in_hand(GIVEN).seen
    assert from_evidence(to_evidence(seen)[0], to_evidence(seen)[1:]).facts.origins is None
