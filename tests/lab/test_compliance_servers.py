"""Delegations and name servers of all three softwares: nothing on healthy zones, and of each fault on one server exactly its codes, in time."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import pytest

from samdrift.adapters.dns import Asker
from samdrift.adapters.dns_hints import read_hints
from samdrift.adapters.dns_walk import Walk
from samdrift.model.dns.names import from_text
from samdrift.model.finding import Status
from samdrift.operations.check_compliance import check_compliance
from samdrift.operations.plan_compliance import Wanted, read_names, read_servers
from samdrift.operations.registered_checks import choose_checks
from tests.lab.labkit.waiting import wait_for
from tests.lab.labkit.yard import Yard
from tests.lab.parts.dns import NameServer, Zone, start_dns
from tests.lab.parts.dns_software import command

pytestmark = pytest.mark.level("user")

ZONE = "krokom.example"
ROOT = NameServer("a.root.example.", "10.20.0.1", "2001:db8:20::1")
KNOT = NameServer("ns1.krokom.example.", "10.20.128.53", "2001:db8:22::53")
BIND = NameServer("ns2.jamtnet.example.", "10.20.144.53", "2001:db8:23::53", software="bind")
NSD = NameServer("ns3.jamtnet.example.", "10.20.160.53", "2001:db8:24::53", software="nsd")
ODD_ADDRESSES = ("10.20.176.53", "2001:db8:25::53")
SERVERS = (KNOT, BIND, NSD)
CATEGORIES = ("delegation", "dnssec", "dns", "ipv6")


RECORDS = "@ IN A 10.20.1.80\n@ IN AAAA 2001:db8:21::80"
def chain(length: int) -> str:
    """Aliases one after the other, `c0` to the last, which has an address; and two that turn in a circle."""
    aliases = [f"c{number} IN CNAME c{number + 1}" for number in range(length)]
    return "\n".join([*aliases, f"c{length} IN A 10.20.1.80", "round IN CNAME about", "about IN CNAME round"])


ODD_ZONE = "are.example"
"""Its fourth server is the odd one."""


def odd(mode: str) -> NameServer:
    return NameServer("ns4.jamtnet.example.", *ODD_ADDRESSES, software=f"odd {mode} {KNOT.ipv4}")


def tree() -> list[Zone]:
    return [
        Zone(".", (ROOT,)), Zone("10.in-addr.arpa.", (BIND, NSD), reverse()), Zone("example.", (ROOT,)), Zone("jamtnet.example.", (BIND, NSD), chain(40)), Zone(f"{ZONE}.", SERVERS, RECORDS), Zone(f"{ODD_ZONE}.", (*SERVERS, odd("good")), RECORDS),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    folder = tmp_path_factory.mktemp("servers")
    with Yard(folder / "yard") as yard, start_dns(tree(), folder / "dns", yard.place) as dns:
        yield yard, dns


def reverse(**changed: str) -> str:
    """The names of the servers' IPv4 addresses; `changed` maps `ns1` and so on to another name, or to nothing."""
    names = {server.name.split(".")[0]: (server.ipv4, server.name) for server in (*SERVERS, odd("good"))}
    told = {".".join(reversed(address.split(".")[1:])): changed.get(short, name) for short, (address, name) in names.items()}
    return "\n".join(f"{owner} IN PTR {name}" for owner, name in told.items() if name)


def turn(dns, mode: str) -> None:
    """Have the odd server be odd in another way."""
    process = dns.processes["ns4.jamtnet.example"]
    process.kill()
    process.log.unlink()
    process.argv = command(f"odd {mode} {KNOT.ipv4}", process.folder, ODD_ADDRESSES)
    process.start()
    wait_for("the odd server is ready", lambda: "ready" in process.tail(), 10, 0.05)


def check(yard, dns, *names, **rest):
    wanted = Wanted(choose_checks((), CATEGORIES), read_names(names or [ZONE]), hints=dns.hints, trust_anchors=(dns.trust_anchor,), **{"rate_per_s": 2000, **rest})
    return yard.place.inside(lambda: check_compliance(None, wanted))


def told(checked, zone: str = ZONE) -> set[tuple[str, str]]:
    """(check, code) of all that is not well, notices too."""
    return {(one.check, one.code) for one in checked.findings if one.subject.id == zone and (one.status not in {Status.OK, Status.NOT_APPLICABLE} or one.severity == "notice")}


def test_healthy_zones_on_knot_bind_and_nsd_give_nothing(ground):
    checked = check(*ground, ZONE, "jamtnet.example")
    assert told(checked) == set(), [(one.check, one.message) for one in checked.findings if one.status is not Status.OK]
    assert told(checked, "jamtnet.example") == set()
    assert {one.check for one in checked.findings if one.status is Status.OK and one.subject.id == ZONE} >= {
        "delegation-authoritative", "delegation-exists", "delegation-glue", "delegation-ns-address", "delegation-ns-count", "delegation-ns-name", "delegation-ns-set",
        "dns-edns", "dns-names", "dns-recursion", "dns-secondary-lag", "dns-serial", "dns-soa", "dns-tcp", "dns-transfer", "dns-udp", "ipv6-ns-count", "ipv6-ns-reachable",
    }  # fmt: skip


def everywhere(*checks: str) -> set[tuple[str, str]]:
    return {(check, code) for check, code in (one.split("/") for one in checks)}


ONE_OF_FOUR = {
    "silent": everywhere("dns-udp/no-answer", "dns-tcp/no-answer", "ipv6-ns-reachable/unreachable"),
    "wrong-id": everywhere("dns-udp/no-answer", "dns-tcp/no-answer", "ipv6-ns-reachable/unreachable"),
    "wrong-question": everywhere("dns-udp/no-answer", "dns-tcp/no-answer", "ipv6-ns-reachable/unreachable"),
    "loop": everywhere("delegation-authoritative/undetermined", "dns-udp/no-answer", "dns-tcp/no-answer"),
    "garbage": everywhere("delegation-authoritative/undetermined", "dns-udp/no-answer", "dns-tcp/no-answer"),
    "refused": everywhere("delegation-authoritative/lame", "dns-udp/bad-rcode", "dns-tcp/bad-rcode"),
    "cut": everywhere("delegation-authoritative/lame", "dns-tcp/bad-rcode"),
    "no-tcp": everywhere("dns-tcp/no-answer", "ipv6-ns-reachable/unreachable"),
    "drip-tcp": everywhere("dns-tcp/no-answer", "ipv6-ns-reachable/unreachable"),
    "late": everywhere("dns-udp/no-answer", "dns-tcp/no-answer", "ipv6-ns-reachable/unreachable"),
    "tcp-only": everywhere("dns-udp/no-answer", "ipv6-ns-reachable/unreachable"),
    "cut-udp": set(),
    "closes": set(),
    "big-lost": set(),
    "good": set(),
    "no-aa": everywhere("delegation-authoritative/not-authoritative", "dns-udp/not-authoritative", "dns-tcp/not-authoritative"),
    "no-soa": everywhere("delegation-authoritative/soa-missing", "dns-udp/missing-record", "dns-tcp/missing-record"),
    "aaaa-lost": everywhere("ipv6-ns-reachable/dropped"),
    "aaaa-notimp": everywhere("ipv6-ns-reachable/bad-rcode"),
    "aaaa-short": everywhere("ipv6-ns-reachable/bad-rdata"),
    "recurses": everywhere("dns-recursion/open-resolver"),
    "edns-lost": everywhere("dns-edns/breaks"),
    "no-edns": everywhere("dns-edns/no-edns"),
    "options-lost": everywhere("dns-edns/breaks"),
    "echo": everywhere("dns-edns/echoed"),
    "badvers-not": everywhere("dns-edns/version-1"),
}
SIGNED_ALIKE = {"aaaa-notimp", "aaaa-short", "edns-lost", "no-edns", "no-soa"}
"""Modes that lose signatures too: what DNSSEC says then is judged elsewhere."""


@pytest.mark.parametrize("mode", ONE_OF_FOUR)
def test_one_odd_server_among_four_gives_its_codes_and_no_other(ground, mode):
    yard, dns = ground
    turn(dns, mode)
    began = time.monotonic()
    checked = check(yard, dns, ODD_ZONE)
    took = time.monotonic() - began
    found = {one for one in told(checked, ODD_ZONE) if mode not in SIGNED_ALIKE or not one[0].startswith("dnssec-")}
    assert found == ONE_OF_FOUR[mode], [(one.check, one.code, one.subject.part, one.message) for one in checked.findings if one.status not in {Status.OK, Status.NOT_APPLICABLE}]
    assert took < 9, f"{mode} held the run up for {took:.1f} s"
    places = {str(one.value.get("address")) for one in checked.findings if one.check.startswith("dns-") and one.status in {Status.FAILURE, Status.WARNING}}
    assert places <= {*ODD_ADDRESSES, "None"}


def one_differs(change):
    return {"odd": {BIND.name: change}}


ON_ONE_SERVER = {
    "other NS": (one_differs(lambda text: text.replace(f"@ IN NS {NSD.name}\n", "")), everywhere("delegation-ns-set/servers-differ")),
    "another address of a server": (one_differs(lambda text: text.replace(f"A {KNOT.ipv4}", "A 10.20.128.99")), everywhere("delegation-glue/in-bailiwick-mismatch", "delegation-glue/extra-at-child")),
    "another minimum": (one_differs(lambda text: text.replace(" 604800 3600", " 604800 7200")), everywhere("dns-soa/servers-differ")),
}


@pytest.mark.parametrize("name", ON_ONE_SERVER)
def test_a_zone_that_differs_on_one_server_is_said_of_that_one(ground, name):
    yard, dns = ground
    changes, expected = ON_ONE_SERVER[name]
    whole = dns.zone(ZONE)
    try:
        dns.replace(replace(whole, **changes))
        checked = check(yard, dns)
    finally:
        dns.replace(whole)
    assert told(checked) == expected, [(one.check, one.code, one.subject.part, one.message) for one in checked.findings if one.status not in {Status.OK, Status.NOT_APPLICABLE}]


@pytest.mark.parametrize(("changed", "expected"), [({"ns1": ""}, "no-ptr"), ({"ns2": "other.example."}, "ptr-mismatch")])
def test_an_address_without_its_name_is_said(ground, changed, expected):
    yard, dns = ground
    zone = dns.zone("10.in-addr.arpa")
    try:
        dns.replace(replace(zone, records=reverse(**changed)))
        assert told(check(yard, dns)) == {("delegation-ns-address", expected)}
    finally:
        dns.replace(zone)


def test_a_server_that_is_behind_is_said_of_it(ground):
    yard, dns = ground
    dns.behind(ZONE, BIND.name)
    try:
        assert told(check(yard, dns)) == everywhere("dns-serial/serial-differs", "dns-secondary-lag/undetermined")
    finally:
        dns.heal()


def test_a_zone_that_is_not_delegated_yet_is_judged_on_the_servers_named(ground):
    yard, dns = ground
    given = read_servers([f"{KNOT.name}/{KNOT.ipv4}", f"{KNOT.name}/{KNOT.ipv6}", BIND.name, NSD.name])
    checked = check(yard, dns, servers=given)
    assert {one for one in told(checked) if not one[0].startswith("dnssec-")} == set()
    wrong = check(yard, dns, servers=read_servers([f"{KNOT.name}/{KNOT.ipv4}", f"{KNOT.name}/{KNOT.ipv6}", BIND.name]))
    assert {one for one in told(wrong) if not one[0].startswith("dnssec-")} == {("delegation-ns-set", "extra-at-child")}


@pytest.mark.parametrize(("name", "reason"), [("c0", "too-costly"), ("c30", None), ("round", "too-costly")])
def test_a_chain_of_aliases_is_followed_so_far_and_no_farther(ground, name, reason):
    yard, dns = ground

    async def look():
        async with Asker() as asker:
            return await Walk(asker, read_hints(dns.hints)).host(from_text(f"{name}.jamtnet.example")), asker.queries

    began = time.monotonic()
    host, queries = yard.place.inside(lambda: asyncio.run(look()))
    assert (host.addresses, host.unknown.get("ipv4")) == ((), reason) if reason else (host.addresses, dict(host.unknown)) == (("10.20.1.80",), {})
    assert queries < 40
    assert time.monotonic() - began < 5
