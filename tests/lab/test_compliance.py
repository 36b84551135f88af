"""Checks against real name servers: nothing on healthy zones, and of each fault exactly its codes, in time."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
from pathlib import Path

import pytest

from samdrift.adapters.dns import Asker
from samdrift.adapters.dns_hints import read_hints
from samdrift.adapters.dns_walk import Walk
from samdrift.adapters.dns_zone import look_at_zone
from samdrift.adapters.endpoints import Target, look_at_endpoint
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.dns import types
from samdrift.model.dns.evidence import from_evidence, to_evidence
from samdrift.model.dns.names import from_text
from samdrift.model.dns.observation import Host
from samdrift.model.finding import Status
from samdrift.model.finding_item import finding_item
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.check_compliance import check_compliance
from samdrift.operations.load_inventory import load_inventory
from samdrift.operations.observe_compliance import Sight, observe
from samdrift.operations.open_store import open_store
from samdrift.operations.plan_compliance import Wanted, read_names
from samdrift.operations.record_checks import judged, record
from samdrift.operations.registered_checks import choose_checks
from samdrift.operations.rejudge_checks import rejudge_checks
from samdrift.store import dns as zone_sights
from samdrift.store import findings
from tests.lab.labkit.addresses import silence
from tests.lab.labkit.process import Process
from tests.lab.labkit.waiting import wait_for
from tests.lab.labkit.yard import Yard
from tests.lab.parts.dns import NameServer, Zone, start_dns
from tests.lab.parts.web import Endpoint, Web

pytestmark = pytest.mark.level("user")

REPOSITORY = Path(__file__).resolve().parents[2]
NAMES = ("are.example", "krokom.example", "jamtnet.example")
ROOT = NameServer("a.root.example.", "10.20.0.1", "2001:db8:20::1")
FIRST = NameServer("ns1.jamtnet.example.", "10.20.128.53", "2001:db8:22::53")
SECOND = NameServer("ns2.jamtnet.example.", "10.20.144.53", "2001:db8:23::53")
WEB = {"www.krokom.example": ("10.20.1.80", "2001:db8:21::80"), "bibliotek.krokom.example": ("10.20.1.81", "2001:db8:21::81"), "e-tjanst.are.example": ("10.20.1.82", "2001:db8:21::82")}


def records(zone: str, *, without: str = "") -> str:
    lines = []
    for host, (four, six) in WEB.items():
        if host.endswith(zone):
            lines += [f"{host}. IN A {four}"] + ([] if host == without else [f"{host}. IN AAAA {six}"])
    return "\n".join(lines)


def tree() -> list[Zone]:
    both = (FIRST, SECOND)
    return [Zone(".", (ROOT,)), Zone("example.", (ROOT,)), *(Zone(f"{name}.", both, records(name)) for name in NAMES)]


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compliance")
    with (
        Yard(folder / "yard") as yard,
        start_dns(tree(), folder / "dns", yard.place) as dns,
        Web(folder / "web", yard.place, endpoints=[Endpoint(host, addresses) for host, addresses in WEB.items()]) as web,
    ):
        yield yard, dns, web


@pytest.fixture
def dns(ground):
    yield ground[1]
    ground[1].heal()


@pytest.fixture(scope="module")
def inventory():
    return load_inventory(REPOSITORY / "inventory")


def check(ground, inventory, *names: str, checks=(), store=None, **rest):
    """All checks but those of mail and web, which these zones have not: test_presence.py has them."""
    yard, dns, _ = ground
    wanted = Wanted(tuple(one for one in choose_checks(checks, ()) if one.needs[0] != "presence"), read_names(names or NAMES), hints=dns.hints, trust_anchors=(dns.trust_anchor,), **{"rate_per_s": 2000, **rest})
    return yard.place.inside(lambda: check_compliance(inventory, wanted, store))


def open_codes(checked) -> set[tuple[str, str, str]]:
    """(zone or service, check, code) of all that is not well: notices too."""
    well = {Status.OK, Status.NOT_APPLICABLE}
    return {(one.subject.id, one.check, one.code) for one in checked.findings if one.status not in well or str(one.severity) == "notice"}


def test_healthy_zones_give_nothing(ground, inventory):
    checked = check(ground, inventory)
    assert open_codes(checked) == set(), [one.message for one in checked.findings if one.status is not Status.OK]
    assert {(one.check, one.status) for one in checked.findings if one.subject.id == "krokom.example"} >= {
        (name, Status.OK) for name in ("delegation-exists", "delegation-ns-count", "dnssec-ds-matches", "dnssec-rrsig-lifetime", "dnssec-rrsig-valid", "ipv6-ns-reachable")
    }
    assert sum(one.check == "ipv6-service-parity" and one.status is Status.OK for one in checked.findings) == len(WEB) + 2  # the name servers are endpoints too
    assert checked.vantage == {"ipv4": "proven", "ipv6": "proven", "smtp": "unused"}
    assert {one.member for one in checked.findings if one.subject.id == "krokom.example"} == {"krokom"}


def ds_of(dns, zone: str) -> str:
    return dns._signer.ds(zone)[0]


def wrong_digest(dns):
    tag, algorithm, kind, digest = ds_of(dns, "krokom.example.").split(maxsplit=3)
    dns.replace(Zone("krokom.example.", (FIRST, SECOND), records("krokom.example"), ds=(f"{tag} {algorithm} {kind} {'00' * (len(digest.replace(' ', '')) // 2)}",)))


def second_ds(dns):
    dns.replace(Zone("krokom.example.", (FIRST, SECOND), records("krokom.example"), ds=(ds_of(dns, "krokom.example."), "4711 13 2 " + "DEADBEEF" * 8)))


def unsigned(dns):
    dns.replace(Zone("krokom.example.", (FIRST, SECOND), records("krokom.example"), signed=False))


def one_server(dns):
    dns.replace(Zone("krokom.example.", (FIRST,), records("krokom.example")))


def no_aaaa(dns):
    dns.replace(Zone("krokom.example.", (FIRST, SECOND), records("krokom.example", without="www.krokom.example")))


def short_of(hours: float):
    return lambda dns: dns.expire_soon("krokom.example", hours)


KROKOM, DS, LIFETIME, NS = "krokom.example", "dnssec-ds-matches", "dnssec-rrsig-lifetime", "delegation-ns-count"
BOGUS = (KROKOM, "dnssec-chain", "bogus")
FAULTS = {
    "a DS for a key that is not there": (lambda dns: dns.wrong_ds(KROKOM), {(KROKOM, DS, "no-valid-key"), (KROKOM, DS, "stale-ds"), BOGUS}),
    "a DS with the wrong digest": (wrong_digest, {(KROKOM, DS, "digest-mismatch"), (KROKOM, DS, "no-valid-key"), BOGUS}),
    "a DS left behind beside the good one": (second_ds, {(KROKOM, DS, "stale-ds")}),
    "signatures that end in 20 hours": (short_of(20), {(KROKOM, LIFETIME, "expires-soon")}),
    "signatures that end in four days": (short_of(96), {(KROKOM, LIFETIME, "expires")}),
    "signatures that a secondary outlives": (short_of(6 * 24), {(KROKOM, LIFETIME, "below-soa-expire")}),
    "signatures that have ended": (lambda dns: dns.expire(KROKOM), {(KROKOM, "dnssec-rrsig-valid", "expired"), BOGUS}),
    "an unsigned zone, nothing at its parent": (unsigned, {(KROKOM, "dnssec-signed", "not-signed"), (KROKOM, "dnssec-chain", "insecure")}),
    "one server alone": (one_server, {(KROKOM, NS, "too-few-ns"), (KROKOM, NS, "one-ipv4"), (KROKOM, "ipv6-ns-count", "one"), (KROKOM, "delegation-diversity", "one-site")}),
    "no AAAA at an endpoint": (no_aaaa, {("webb-krokom", "ipv6-service-parity", "no-aaaa")}),
    "a server that does not know the zone": (lambda dns: dns.lame(KROKOM, "ns2.jamtnet.example."), {(KROKOM, check, code) for check, code in (("delegation-authoritative", "lame"), ("dns-udp", "bad-rcode"), ("dns-tcp", "bad-rcode"))}),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_gives_its_codes_and_no_other(ground, inventory, dns, name):
    make, expected = FAULTS[name]
    healthy = dict(dns.zones)
    try:
        make(dns)
        assert open_codes(check(ground, inventory)) == expected
    finally:
        dns.zones.update(healthy)


def test_a_dead_ipv6_address_costs_five_seconds_once_and_is_said_of_each_zone(ground, inventory, dns):
    dns.dead_address("ns2.jamtnet.example.", SECOND.ipv6)
    began = time.monotonic()
    checked = check(ground, inventory)
    took = time.monotonic() - began
    assert open_codes(checked) == {(name, check, code) for name in NAMES for check, code in (("ipv6-ns-reachable", "unreachable"), ("dns-udp", "no-answer"), ("dns-tcp", "no-answer"))} | {("jamtnet", "ipv6-service-parity", "port-closed")}
    assert took < 7, f"one silent address cost {took:.1f} s"
    silent = [one for one in checked.findings if one.check == DS and one.subject.id == KROKOM]
    assert silent[0].value["not_asked"] == ({"address": SECOND.ipv6, "reason": "timeout"},)


def test_a_port_closed_over_ipv6_alone(ground, inventory):
    yard = ground[0]
    silence(yard.place, WEB["www.krokom.example"][1], on=True)
    try:
        assert open_codes(check(ground, inventory, KROKOM, checks=["ipv6-service-parity"])) == {("webb-krokom", "ipv6-service-parity", "port-closed")}
    finally:
        silence(yard.place, WEB["www.krokom.example"][1], on=False)


def test_without_ipv6_of_our_own_nothing_turns_red(ground, inventory, dns):
    addresses = (ROOT.ipv6, FIRST.ipv6, SECOND.ipv6, *(pair[1] for pair in WEB.values()))
    for address in addresses:
        silence(ground[0].place, address, on=True)
    try:
        checked = check(ground, inventory)
    finally:
        for address in addresses:
            silence(ground[0].place, address, on=False)
    unknown = {one.reason for one in checked.findings if one.status is Status.UNDETERMINED}
    assert unknown == {"no-vantage-ipv6"}
    assert not [one for one in checked.findings if one.status in {Status.FAILURE, Status.WARNING}]
    assert checked.vantage["ipv6"] == "lost"


@pytest.mark.parametrize("after_s", [pytest.param(0.4, marks=pytest.mark.slow), 1.5])
def test_a_family_lost_midway_turns_nothing_red(ground, inventory, after_s):
    """At a slow rate, so that the loss falls among the questions; what was silent before the family's last answer is all that may be judged."""
    addresses = (ROOT.ipv6, FIRST.ipv6, SECOND.ipv6)
    needs = frozenset(need for check in choose_checks((), ("delegation", "dnssec", "dns", "ipv6")) for need in check.needs)
    sight = Sight("public", read_hints(ground[1].hints), tuple((from_text(name), ()) for name in NAMES), needs=needs)

    def lose(on: bool) -> None:
        for address in addresses:
            silence(ground[0].place, address, on=on)

    timer = threading.Timer(after_s, lose, (True,))
    timer.start()
    try:
        looked = ground[0].place.inside(lambda: observe(sight, rate_per_s=8))
    finally:
        timer.join()
        lose(False)
    over_ipv6 = [each for seen in looked.zones for each in seen.exchanges if ":" in each.address]
    assert any(each.reply for each in over_ipv6), "the family answered first"
    assert any(each.silent_until for each in over_ipv6), "and then no more"
    assert looked.vantage["ipv6"] == "lost"
    found = [one for seen in looked.zones for check in choose_checks((), ("delegation", "dnssec", "dns", "ipv6")) if check.needs[0] == "zone" for one in check.judge(ZoneInHand(seen), seen.ended_at)]
    assert {(one.check, one.code, one.message) for one in found if one.status in {Status.FAILURE, Status.WARNING} and one.check != "delegation-ns-address"} == set(), "but for the yard's own addresses"
    assert "no-vantage-ipv6" in {one.reason for one in found}


def test_nothing_is_sent_but_to_addresses_learned_from_the_hints(ground):
    yard, dns, _ = ground
    seen = yard.place.inside(lambda: observe(Sight("public", read_hints(dns.hints), ((from_text(KROKOM), ()),))))
    asked = {each.address for each in seen.zones[0].exchanges}
    assert asked <= {*ROOT.addresses, *FIRST.addresses, *SECOND.addresses}


def test_only_what_the_checks_need_is_asked_and_all_of_it_is_kept(ground):
    yard, dns, _ = ground
    wanted = frozenset({"zone", "zone.denial", "zone.cds", "zone.nsec3param", "zone.edns", "zone.recursion", "zone.transfer", "zone.tcp", "zone.chain", "zone.reverse"})

    def look(needs):
        return yard.place.inside(lambda: observe(Sight("public", read_hints(dns.hints), ((from_text(KROKOM), ()), (from_text("are.example"), ())), needs=needs)))

    plain, full = look(frozenset({"zone"})), look(wanted)
    assert {(each.type, each.transport) for each in plain.zones[0].exchanges if each.side == "child"} == {(6, "udp"), (6, "tcp"), (2, "udp"), (48, "udp")}
    seen = full.zones[0]
    hand = ZoneInHand(seen)
    assert seen.asked == wanted - {"zone"}
    for address in (*FIRST.addresses, *SECOND.addresses):
        assert hand.message("child", address, types.UNUSED).rcode == types.NOERROR
        assert hand.message("child", address, types.A, hand.probe).rcode == types.NXDOMAIN
        assert [each.message.rcode for each in hand.put("version-1", address)] == [types.BADVERS]
        assert [each.message.rcode for each in hand.put("recursive", address)] == [types.REFUSED]
        assert hand.transfer(address).message.rcode == types.NOTAUTH
        assert not {types.CDNSKEY, types.NSEC3PARAM} & {each.type for each in seen.exchanges if each.address == address}, "the denial at the apex shows that there are none"
        assert hand.tells(address, types.CDNSKEY)
    assert hand.elsewhere(from_text("example"), types.DS).whole.rrset(from_text("example"), types.DS)
    assert hand.elsewhere(from_text("."), types.DNSKEY).whole.rrset(from_text("."), types.DNSKEY)
    assert from_evidence(to_evidence(seen)[0], to_evidence(seen)[1:]) == seen
    once = [each for zone in full.zones for each in zone.exchanges if each.variant == "version-1"]
    assert len({id(each) for each in once}) == 4, "a question about a server is put once, whatever the number of zones"


def test_no_address_is_asked_faster_than_its_share(ground):
    async def ask() -> float:
        async with Asker(rate_per_s=50) as asker:
            began = time.monotonic()
            await asyncio.gather(*(asker.ask("child", FIRST.ipv4, from_text(KROKOM), 6) for _ in range(70)))
            return time.monotonic() - began

    assert ground[0].place.inside(lambda: asyncio.run(ask())) >= 0.9


def test_a_zone_without_glue_is_found_through_other_zones(ground):
    async def look():
        async with Asker() as asker:
            walk = Walk(asker, read_hints(ground[1].hints))
            return await walk.host(from_text("www.krokom.example")), await look_at_zone(walk, from_text(KROKOM))

    host, seen = ground[0].place.inside(lambda: asyncio.run(look()))
    assert set(host.addresses) == set(WEB["www.krokom.example"])
    assert {one for each in seen.hosts for one in each.addresses} == {*FIRST.addresses, *SECOND.addresses}
    assert seen.parent == from_text("example")


def test_an_endpoint_that_takes_the_connection_and_says_nothing_is_left_in_time(ground, tmp_path):
    yard = ground[0]
    address = "10.20.9.80"
    yard.add_address(address)
    mute = Process("mute", tmp_path, [sys.executable, "-c", f"import socket, time; s = socket.create_server(('{address}', 443)); time.sleep(600)"], place=yard.place)
    mute.start()

    async def look():
        async with Asker() as asker:
            walk = Walk(asker, read_hints(ground[1].hints))
            walk._hosts[from_text("mute.example")] = Host(from_text("mute.example"), (address,))
            return await look_at_endpoint(walk, Target("mute.example", 443, "https", "/"), asyncio.Semaphore(4))

    try:
        wait_for("the mute server listens", lambda: yard.place.answers(443, address), 5, 0.05)
        began = time.monotonic()
        seen = yard.place.inside(lambda: asyncio.run(look()))
        assert time.monotonic() - began < 11
        assert (seen.touches[0].closed, seen.touches[0].health_error) == (None, "stalled")
    finally:
        mute.kill()


@pytest.mark.parametrize("mode", ["loop", "garbage", "wrong-id", "wrong-question", "refused", "cut", "drip"])
def test_an_odd_server_is_a_finding_at_most_and_never_holds_the_run_up(ground, tmp_path, mode):
    yard, _, _ = ground
    address = "10.20.9.53"
    yard.add_address(address)
    odd = Process("odd", tmp_path, [sys.executable, str(REPOSITORY / "tests/lab/programs/dns_odd.py"), mode, address], place=yard.place)
    odd.start()
    try:
        wait_for("the odd server listens", lambda: yard.place.answers(53, address), 5, 0.05)
        hints = tmp_path / "odd.hints"
        hints.write_text(f". 3600 IN NS odd.example.\nodd.example. 3600 IN A {address}\n")
        began = time.monotonic()
        checked = yard.place.inside(lambda: check_compliance(None, Wanted(choose_checks((), ()), read_names(["krokom.example"]), hints=hints)))
        assert time.monotonic() - began < 12
        assert {one.status for one in checked.findings} <= {Status.UNDETERMINED, Status.NOT_APPLICABLE, Status.FAILURE}
        assert not [one for one in checked.findings if one.reason == "check-error"]
    finally:
        odd.kill()


def test_what_was_seen_can_be_judged_again_without_the_network(ground, inventory, dns, tmp_path):
    dns.wrong_ds(KROKOM)
    checked = check(ground, inventory)
    with open_store(tmp_path / "store", create=True) as store:
        kept = record(store, checked)
        assert kept.run
        again = rejudge_checks(store, inventory, kept.run.id, viewer=OPERATIONS)  # this thread stands outside the yard: no server can be asked
        with store.read() as connection:
            before = findings.of_run(connection, kept.run.id, viewer=OPERATIONS)
    assert [finding_item(one) for one in again] == [finding_item(one) for one in before]
    assert any(one.code == "no-valid-key" for one in again)


def test_the_history_of_keys_serials_and_signatures_is_kept_and_judged_again_as_it_was(ground, inventory, tmp_path):
    def run(store):
        yard, dns, _ = ground
        wanted = Wanted(choose_checks((), ("dnssec",)), read_names([KROKOM]), hints=dns.hints, trust_anchors=(dns.trust_anchor,))
        return record(store, yard.place.inside(lambda: check_compliance(inventory, wanted, store)))

    with open_store(tmp_path / "store", create=True) as store:
        run(store)
        second = run(store)
        with store.read() as connection:
            past = zone_sights.pasts(connection, [("public", KROKOM)], viewer=OPERATIONS)["public", KROKOM]
            before = findings.of_run(connection, second.run.id, viewer=OPERATIONS)
        again = rejudge_checks(store, inventory, second.run.id, viewer=OPERATIONS)
    assert past.runs == 2
    addresses = {*FIRST.addresses, *SECOND.addresses}
    assert {(one.kind, one.address) for one in past.sights} == {("ds", None), *((kind, address) for kind in ("serial", "dnskey", "rrsig") for address in addresses)}
    assert all(one.gone_at is None and one.first_at < one.last_at for one in past.sights)
    assert {one.ttl_seconds for one in past.of("rrsig")} == {300}
    assert [finding_item(one) for one in again] == [finding_item(one) for one in before]


def test_a_second_run_knows_since_when(ground, inventory, dns, tmp_path):
    dns.wrong_ds(KROKOM)
    with open_store(tmp_path / "store", create=True) as store:
        first = record(store, check(ground, inventory, KROKOM))
        second = record(store, check(ground, inventory, KROKOM))
    histories = {key[2:]: history for key, history in second.histories.items() if history.runs_open}
    assert {key: history.runs_open for key, history in histories.items()} == {(DS, "no-valid-key"): 2, (DS, "stale-ds"): 2, ("dnssec-chain", "bogus"): 2}
    assert {history.first_seen_at for history in histories.values()} == {min(one.observed_at for one in judged(first) if one.check == DS)}


def test_how_long_a_secondary_is_behind_is_known_from_the_run_before(ground, inventory, dns, tmp_path):
    dns.behind("krokom.example", SECOND.name)
    with open_store(tmp_path / "store", create=True) as store:
        first = record(store, check(ground, inventory, KROKOM, checks=["dns-serial", "dns-secondary-lag"], store=store))
        second = record(store, check(ground, inventory, KROKOM, checks=["dns-serial", "dns-secondary-lag"], store=store))
        again = rejudge_checks(store, inventory, second.run.id, viewer=OPERATIONS)
    assert {(one.check, one.code, str(one.severity), one.reason) for one in first.findings if one.code != "ok"} == {("dns-serial", "serial-differs", "warning", None), ("dns-secondary-lag", "undetermined", "info", "no-data")}
    assert {(one.check, one.code, str(one.severity)) for one in second.findings if one.code != "ok"} == {("dns-serial", "serial-differs", "notice")}
    assert [(one.check, one.code, one.message) for one in again] == [(one.check, one.code, one.message) for one in judged(second)]


def test_the_command_line_says_it_by_exit_code_and_json(ground, dns):
    yard = ground[0]
    samdrift = Path(sys.executable).parent / "samdrift"
    call = [str(samdrift), "check", "run", KROKOM, "--hints", str(dns.hints), "--trust-anchor", str(dns.trust_anchor), "--inventory", str(REPOSITORY / "inventory"), "--no-store", "--output", "json", "--category", "delegation", "--category", "dnssec"]
    done = yard.run(call)
    assert done.returncode == 0, done.stderr
    dns.wrong_ds(KROKOM)
    done = yard.run(call)
    assert done.returncode == 1, done.stderr
    found = json.loads(done.stdout)
    bad = [item for item in found["items"] if item["code"] == "no-valid-key"]
    assert bad[0]["zone"] == KROKOM
    assert bad[0]["remedy"]["record"].replace(" ", "") == f"krokom.example. IN DS {ds_of(dns, 'krokom.example.')}".replace(" ", "")
