"""What runs saw of a zone is joined run by run: first and last sight, gaps, and nothing gone that was not looked for (dns.md D11)."""

from datetime import UTC, datetime, timedelta

import pytest

from samdrift.model.dns.past import NO_PAST, Seen, ZonePast, past_from_evidence, past_to_evidence
from samdrift.model.viewer import OPERATIONS, member_viewer
from samdrift.store import dns

AT = datetime(2026, 11, 24, 1, tzinfo=UTC)
ZONE = ("public", "krokom.example")
ONE, TWO = "192.0.2.1", "192.0.2.2"


def day(number: int) -> datetime:
    return AT + timedelta(days=number)


def keys(*tags: str, at: str = ONE, looked: bool = True) -> Seen:
    return Seen({("dnskey", tag, at): 3600 for tag in tags}, frozenset({("dnskey", at)}) if looked else frozenset())


def after(store, *runs: Seen) -> ZonePast:
    with store.write() as connection:
        for number, seen in enumerate(runs):
            dns.record_sights(connection, *ZONE, seen, at=day(number), members=("krokom",))
    with store.read() as connection:
        return dns.pasts(connection, [ZONE], viewer=OPERATIONS)[ZONE]


def test_a_key_is_known_from_its_first_to_its_last_sight(store):
    past = after(store, keys("1-13"), keys("1-13", "2-13"), keys("2-13"))
    old, new = past.of("dnskey")
    assert (old.what, old.first_at, old.last_at, old.gone_at) == ("1-13", day(0), day(1), day(2))
    assert (new.what, new.first_at, new.last_at, new.gone_at, new.ttl_seconds) == ("2-13", day(1), day(2), None, 3600)
    assert (past.runs, past.first_at, past.last_at) == (3, day(0), day(2))


def test_a_server_that_was_not_reached_loses_nothing(store):
    (kept,) = after(store, keys("1-13"), keys(looked=False), keys("1-13")).of("dnskey")
    assert (kept.since_at, kept.last_at, kept.gone_at) == (day(0), day(2), None)


def test_what_comes_back_begins_anew_but_keeps_its_first_sight(store):
    (kept,) = after(store, keys("1-13"), keys("2-13"), keys("1-13")).of("dnskey", "1-13")
    assert (kept.first_at, kept.since_at, kept.gone_at) == (day(0), day(2), None)


def test_each_server_has_its_own_sights(store):
    past = after(store, Seen({("dnskey", "1-13", ONE): 1, ("dnskey", "1-13", TWO): 1}, frozenset({("dnskey", ONE), ("dnskey", TWO)})), keys("1-13"))
    assert {one.address: one.last_at for one in past.of("dnskey")} == {ONE: day(1), TWO: day(0)}


def test_the_parent_s_ds_has_no_address(store):
    (kept,) = after(store, Seen({("ds", "1-13", None): 60}, frozenset({("ds", None)}))).of("ds")
    assert kept.address is None


def test_serials_that_are_long_gone_are_forgotten(store):
    def serial(number: int) -> Seen:
        return Seen({("serial", str(number), ONE): 0}, frozenset({("serial", ONE)}))

    past = after(store, *(serial(number) for number in range(40)))
    assert {int(one.what) for one in past.of("serial")} == set(range(8, 40))


def test_a_run_that_is_recorded_twice_counts_once(store):
    with store.write() as connection:
        for _ in range(2):
            dns.record_sights(connection, *ZONE, keys("1-13"), at=day(0), members=("krokom",))
    with store.read() as connection:
        assert dns.pasts(connection, [ZONE], viewer=OPERATIONS)[ZONE].runs == 1


def test_a_member_sees_its_own_zones_alone(store):
    after(store, keys("1-13"))
    with store.read() as connection:
        assert set(dns.pasts(connection, [ZONE], viewer=member_viewer("krokom"))) == {ZONE}
        assert dns.pasts(connection, [ZONE], viewer=member_viewer("are")) == {}


def test_a_past_is_the_same_after_it_was_kept_as_evidence(store):
    past = after(store, keys("1-13"), keys("1-13", "2-13"), keys("2-13"))
    for one in (past, NO_PAST):
        assert past_from_evidence(past_to_evidence(one, *reversed(ZONE), at=AT)) == one


def test_many_zones_are_read_in_blocks(store):
    zones = [("public", f"z{number}.example") for number in range(dns.BLOCK + 5)]
    with store.write() as connection:
        for view, zone in zones[:: dns.BLOCK]:
            dns.record_sights(connection, view, zone, keys("1-13"), at=day(0))
    with store.read() as connection:
        assert set(dns.pasts(connection, zones, viewer=OPERATIONS)) == set(zones[:: dns.BLOCK])


@pytest.mark.parametrize("content", [b"", b"no zlib", b"x\x9c\x03\x00\x00\x00\x00\x01"])
def test_evidence_that_is_no_past_is_refused(content):
    piece = past_to_evidence(NO_PAST, "krokom.example", "public", AT)
    with pytest.raises(ValueError, match=r"."):
        past_from_evidence(type(piece)(piece.id, piece.kind, content, piece.observed_at, piece.about))
