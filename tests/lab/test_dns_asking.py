"""Asking odd name servers over UDP and TCP: bounded, matched by address, id and question, and never believed by accident."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

import pytest

from samdrift.adapters import dns, dns_tcp, dns_udp
from samdrift.adapters.dns import Asker
from samdrift.adapters.dns_look import QuestionSet
from samdrift.adapters.dns_questions import question_sets, sets_for
from samdrift.adapters.dns_tcp import talk
from samdrift.adapters.dns_udp import Question, UdpLink
from samdrift.adapters.dns_walk import Walk
from samdrift.adapters.limits import Limit
from samdrift.model.dns import types
from samdrift.model.dns.names import from_text
from samdrift.model.dns.observation import Host
from samdrift.model.finding import Reason
from tests.lab.labkit.addresses import silence
from tests.lab.labkit.process import Process
from tests.lab.labkit.waiting import wait_for
from tests.lab.labkit.yard import Yard

pytestmark = pytest.mark.level("user")

ODD = Path(__file__).resolve().parent / "programs/dns_odd.py"
SOA = Question(from_text("krokom.example"), types.SOA)
NS = Question(from_text("krokom.example"), types.NS)


@pytest.fixture(scope="module")
def yard(tmp_path_factory):
    with Yard(tmp_path_factory.mktemp("asking") / "yard") as made:
        yield made


@pytest.fixture
def odd(yard, tmp_path):
    """`odd(mode)` starts the odd server and gives its address."""
    running = []

    def start(mode: str, address: str = "10.20.9.53") -> str:
        yard.add_address(address)
        one = Process(f"odd-{mode}", tmp_path, [sys.executable, str(ODD), mode, address], place=yard.place)
        one.start()
        running.append(one)
        wait_for("the odd server listens", lambda: yard.place.answers(53, address), 5, 0.05)
        return address

    yield start
    for one in running:
        one.kill()


def timed(yard, coroutine):
    began = time.monotonic()
    found = yard.place.inside(lambda: asyncio.run(coroutine()))
    return found, time.monotonic() - began


@pytest.mark.parametrize(("mode", "said"), [("wrong-id", None), ("wrong-question", None), ("silent", None)])
def test_a_datagram_that_is_no_reply_to_our_question_is_silence(yard, odd, mode, said):
    address = odd(mode)

    async def ask():
        link = UdpLink()
        link.open()
        try:
            return await asyncio.gather(link.ask(address, SOA), link.ask(address, NS))
        finally:
            link.close()

    found, took = timed(yard, ask)
    assert found == [said, said]
    assert 1.4 < took < 3


def test_one_byte_a_second_over_tcp_is_stalled_for_all_its_questions_in_time(yard, odd):
    address = odd("drip")
    found, took = timed(yard, lambda: talk(address, (SOA, NS), limit_s=2))
    assert (found.heard is not None, [answer for _, _, answer in found.said]) == (True, [Reason.STALLED, Reason.STALLED])
    assert took < 4


def test_a_closed_port_says_so_at_once(yard):
    yard.add_address("10.20.9.54")
    found, took = timed(yard, lambda: talk("10.20.9.54", (SOA,)))
    assert [answer for _, _, answer in found.said] == [Reason.REFUSED]
    assert took < 2


def test_a_server_that_is_silent_costs_five_seconds_for_all_that_ask(yard, odd):
    address = odd("silent")

    async def ask():
        async with Asker() as asker:
            told = await asyncio.gather(*(asker.ask("child", address, *SOA) for _ in range(5)))
            return told, asker.is_silent(address)

    (told, silent), took = timed(yard, ask)
    assert silent
    assert {each.error for one in told for each in one} == {Reason.TIMEOUT}
    assert took < 5


@pytest.fixture
def hurried(monkeypatch):
    """The limits of DNS at a fifth."""
    brief = {"dns": Limit(0.6, 0.3, 1, attempts=3)}
    for module in (dns, dns_tcp, dns_udp):
        monkeypatch.setattr(module, "NETWORK", brief)
    monkeypatch.setattr(dns, "FIRST_TCP_S", 0.7)


def test_a_server_that_dies_midway_costs_its_time_once(yard, odd, hurried):
    address = odd("refused")

    async def ask():
        async with Asker() as asker:
            await asker.ask("child", address, *SOA)
            before = asker.is_alive(address)
            silence(yard.place, address, on=True)
            costs = []
            for _ in range(3):
                began = time.monotonic()
                await asyncio.gather(*(asker.ask("child", address, SOA.name, rtype) for rtype in (types.SOA, types.NS, types.DNSKEY)))
                costs.append(time.monotonic() - began)
            return before, asker.is_silent(address), costs

    (before, silent, (first, *later)), _ = timed(yard, ask)
    silence(yard.place, address, on=False)
    assert (before, silent) == (True, True)
    assert first > 1
    assert max(later) < first / 4


def test_one_question_that_is_answered_formerr_does_not_make_the_server_one_without_edns(yard, odd):
    address = odd("formerr-ns")

    async def ask():
        async with Asker() as asker:
            told = [await asker.ask("child", address, *question) for question in (SOA, NS, SOA)]
            return [found[-1].variant for found in told], asker.takes_edns(address)

    (variants, takes), _ = timed(yard, ask)
    assert variants == ["edns", "plain", "edns"]
    assert takes


def test_each_question_set_has_what_it_asks():
    assert all(name.startswith("zone.") and isinstance(one, QuestionSet) and one.what for name, one in question_sets().items())
    assert [one.id for one in sets_for({"zone", "zone.cds", "zone.denial", "endpoint"})] == ["zone.cds", "zone.denial"]


def test_what_icmp_says_of_a_dead_server_is_never_laid_to_another(yard, odd, hurried):
    good, dead = odd("servfail"), "10.20.9.55"
    yard.add_address(dead)

    async def ask():
        link = UdpLink()
        link.open()
        try:
            pairs = [(link.ask(dead, SOA), link.ask(good, SOA)) for _ in range(200)]
            return await asyncio.gather(*(one for pair in pairs for one in pair))
        finally:
            link.close()

    told, _ = timed(yard, ask)
    assert set(told[0::2]) == {Reason.REFUSED}
    assert all(isinstance(one, bytes) for one in told[1::2])


def test_a_chain_of_aliases_costs_as_many_questions_as_it_has_steps(yard, odd):
    roots = (Host(from_text("odd"), (odd("alias"),)),)

    async def look():
        async with Asker(rate_per_s=1000) as asker:
            return await Walk(asker, roots).host(from_text("c0")), asker.queries

    (host, queries), _ = timed(yard, look)
    assert (host.addresses, dict(host.unknown)) == ((), {"ipv4": Reason.TOO_COSTLY, "ipv6": Reason.TOO_COSTLY})
    assert queries <= 3 * 17
