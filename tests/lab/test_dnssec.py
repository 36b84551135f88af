"""DNSSEC checks against real servers: nothing on zones that Knot, BIND and dnssec-signzone sign, and of each subtle fault exactly its codes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import dns.rdatatype
import pytest

from samdrift.model.finding import Status
from samdrift.operations.check_compliance import check_compliance
from samdrift.operations.plan_compliance import Wanted, read_names
from samdrift.operations.registered_checks import choose_checks
from tests.lab.labkit.hand_signed import HandKey, HandSigned, Plan
from tests.lab.labkit.part import write
from tests.lab.labkit.waiting import wait_for
from tests.lab.labkit.yard import Yard
from tests.lab.parts.dns import NameServer, Zone, start_dns
from tests.lab.parts.signers import BindServer, KnotServer, delegation, zone_text

pytestmark = pytest.mark.level("user")

ROOTS = (NameServer("a.root.example.", "10.20.0.1", "2001:db8:20::1"), NameServer("b.root.example.", "10.20.0.2", "2001:db8:20::2"))
TOPS = (NameServer("a.nic.example.", "10.20.0.11", "2001:db8:20::11"), NameServer("b.nic.example.", "10.20.0.12", "2001:db8:20::12"))
"""The servers of `example`, others than the root's."""
MOST, ONE = ["10.20.1.1", "2001:db8:1::1", "10.20.1.2"], "2001:db8:1::2"
"""Three addresses that serve the first version of a zone, and the fourth that serves the second."""
SERVERS = [MOST[:2], [MOST[2], ONE]]
Codes = set[tuple[str, str]]


@dataclass
class Case:
    """A zone to be: what makes its files (all servers, and the fourth), its DS, and the codes that must be found and no other."""

    name: str
    make: Callable[[HandSigned, Path], tuple[Path, Path | None]]
    codes: Codes
    keys: Callable[[], Sequence[HandKey]] = lambda: [HandKey.make("ksk"), HandKey.make("zsk")]
    ds: Callable[[HandSigned], Sequence[str]] = lambda zone: zone.ds()
    text: str = ""


def all_by(plan: Plan, more: str = ""):
    return lambda zone, folder: (zone.write(folder / "all", plan, more=more), None)


def one_by(plan: Plan, first: Plan | None = None, more: str = "", more_one: str | None = None):
    return lambda zone, folder: (zone.write(folder / "all", first or Plan(), more=more), zone.write(folder / "one", plan, more=more if more_one is None else more_one))


def one_of_other_keys(zone: HandSigned, folder: Path):
    return zone.write(folder / "all"), zone.write(folder / "one", keys=[*zone.keys, HandKey.make("other")])


def by_a_stranger(zone: HandSigned, folder: Path):
    return zone.write(folder / "all", Plan(by={("@", "NS"): ["other"]}), keys=zone.keys[:2]), None


def unsigned(zone: HandSigned, folder: Path):
    return write(folder / "all", zone.text), None


def one_unsigned(zone: HandSigned, folder: Path):
    return zone.write(folder / "all"), write(folder / "one", zone.text)


def without(*kinds: str):
    return lambda types: types - {int(dns.rdatatype.from_text(kind)) for kind in kinds}


def two_algorithms() -> list[HandKey]:
    return [HandKey.make("ksk"), HandKey.make("zsk"), HandKey.make("ksk", 14), HandKey.make("zsk", 14)]


def cds(zone_keys: HandSigned, role: str) -> str:
    key = next(one for one in zone_keys.keys if one.role == role)
    return f"@ IN CDS {zone_keys.ds(role)[0]}\n@ IN CDNSKEY {key.dnskey.to_text()}\n"


def with_cds(role: str, plan: Plan, *, cdnskey: bool = True):
    def make(zone: HandSigned, folder: Path):
        text = cds(zone, role)
        return zone.write(folder / "all", plan, more=text if cdnskey else text.splitlines()[0] + "\n"), None

    return make


VALID, LIFE, CHAIN, DENIAL, NSEC3, DS, SIGNED = (f"dnssec-{one}" for one in ("rrsig-valid", "rrsig-lifetime", "chain", "denial", "nsec3", "ds-matches", "signed"))
OLD = (-30, -2)
CASES = [
    Case("well", all_by(Plan()), set()),
    Case("well3", all_by(Plan(nsec3=(0, "", 0))), set()),
    Case("well2alg", all_by(Plan()), set(), keys=two_algorithms),
    Case("wellrsa", all_by(Plan()), set(), keys=lambda: [HandKey.make("ksk", 8), HandKey.make("zsk", 8)]),
    Case("wild", all_by(Plan()), set(), text="* IN A 10.20.9.9"),
    Case("wild3", all_by(Plan(nsec3=(0, "", 0))), set(), text="* IN A 10.20.9.9"),
    Case("wildtxt", all_by(Plan()), set(), text="* IN TXT nothing"),
    Case("wildtxt3", all_by(Plan(nsec3=(0, "", 0))), set(), text="* IN TXT nothing"),
    Case("wildalias", all_by(Plan()), set(), text="* IN CNAME www"),
    Case("cuts3", all_by(Plan(nsec3=(0, "", 0))), set(), text="sub IN NS ns.sub\nns.sub IN A 10.20.77.1\nsafe IN NS ns.safe\nns.safe IN A 10.20.77.2\nsafe IN DS 1 13 2 " + "AB" * 32),
    Case("onesig", one_by(Plan(days=OLD)), {(VALID, "expired"), (CHAIN, "bogus")}),
    Case("onesoa", one_by(Plan(spot_days={("@", "SOA"): OLD})), {(VALID, "expired"), (CHAIN, "bogus")}),
    Case("onea", one_by(Plan(spot_days={("@", "A"): OLD})), {(VALID, "expired")}),
    Case("future", all_by(Plan(spot_days={("@", "NS"): (1, 9)})), {(VALID, "not-yet-valid")}),
    Case("soabroken", all_by(Plan(broken=[("@", "SOA")])), {(VALID, "bad-signature"), (CHAIN, "bogus")}),
    Case("nomissing", one_by(Plan(unsigned=[("@", "A")])), {(VALID, "missing")}),
    Case("stranger", by_a_stranger, {(VALID, "unknown-key")}, keys=lambda: [HandKey.make("ksk"), HandKey.make("zsk"), HandKey.make("other")]),
    Case("onealg", all_by(Plan(by={("@", "NS"): ["zsk"]})), {("dnssec-all-algorithms", "algorithm-missing")}, keys=lambda: [HandKey.make("ksk"), HandKey.make("zsk"), HandKey.make("ksk", 14), HandKey.make("zsk14", 14)]),
    Case("outlived", all_by(Plan(days=(-1, 6.5))), {(LIFE, "below-soa-expire")}),
    Case("nsends", all_by(Plan(spot_days={("@", "NS"): (-10, 1.5)})), {(LIFE, "expires-soon")}),
    Case("onlynsec", all_by(Plan(spot_days={("*", "NSEC"): (-10, 4)})), {(LIFE, "expires")}),
    Case("half", all_by(Plan(spot_days={("@", "DNSKEY"): (-1, 200)})), {(LIFE, "long")}),
    Case("noproof", all_by(Plan(without_proof=["@"])), {(DENIAL, "no-proof")}),
    Case("noproof3", one_by(Plan(nsec3=(0, "", 0), without_proof=["@"]), Plan(nsec3=(0, "", 0))), {(DENIAL, "no-proof")}),
    Case("wrongtypes", all_by(Plan(types={"@": without("A")})), {(DENIAL, "wrong-types")}),
    Case("wrongtypes3", one_by(Plan(nsec3=(0, "", 0), types={"@": without("DNSKEY")}), Plan(nsec3=(0, "", 0))), {(DENIAL, "wrong-types")}),
    Case("unverified", one_by(Plan(unsigned=[("*", "NSEC")])), {(DENIAL, "unverified")}),
    Case("kinds", one_by(Plan(nsec3=(0, "", 0))), {(DENIAL, "servers-differ")}),
    Case("salted", all_by(Plan(nsec3=(10, "aabb", 0))), {(NSEC3, "iterations"), (NSEC3, "salt")}),
    Case("onesalt", one_by(Plan(nsec3=(0, "aa", 0)), Plan(nsec3=(0, "", 0))), {(NSEC3, "salt"), (NSEC3, "servers-differ")}),
    Case("costly", all_by(Plan(nsec3=(400, "", 0))), {(NSEC3, "iterations"), (DENIAL, "undetermined")}),
    Case("optout", all_by(Plan(nsec3=(0, "", 1))), {(NSEC3, "opt-out")}),
    Case("zskonly", all_by(Plan(by={("@", "DNSKEY"): ["zsk"]})), {(DS, "ds-key-silent"), (DS, "not-signed-by-ds"), (CHAIN, "bogus")}),
    Case("dszsk", all_by(Plan(by={("@", "DNSKEY"): ["ksk", "zsk"]})), {(DS, "not-sep")}, ds=lambda zone: zone.ds("zsk")),
    Case("dszskbad", all_by(Plan()), {(DS, "not-sep"), (DS, "ds-key-silent"), (DS, "not-signed-by-ds"), (CHAIN, "bogus")}, ds=lambda zone: zone.ds("zsk")),
    Case("sha1", all_by(Plan()), {("dnssec-ds-digest", "digest-deprecated")}, ds=lambda zone: [*zone.ds(), *zone.ds(digest="SHA1")]),
    Case("sha1only", all_by(Plan()), {("dnssec-ds-digest", "digest-deprecated"), ("dnssec-ds-digest", "no-sha256")}, ds=lambda zone: zone.ds(digest="SHA1")),
    Case("small", all_by(Plan()), {("dnssec-key-size", "small")}, keys=lambda: [HandKey.make("ksk", 8), HandKey.make("zsk", 8, 1024)]),
    Case("alg5", all_by(Plan()), {("dnssec-algorithm", "deprecated")}, keys=lambda: [HandKey.make("ksk", 5), HandKey.make("zsk", 5)]),
    Case("alg10", all_by(Plan()), {("dnssec-algorithm", "not-recommended")}, keys=lambda: [HandKey.make("ksk", 10), HandKey.make("zsk", 10)]),
    Case("oneplain", one_unsigned, {(SIGNED, "servers-differ"), (VALID, "missing"), (CHAIN, "bogus")}),
    Case("onekeys", one_of_other_keys, {(SIGNED, "keys-differ"), ("dnssec-rollover", "undetermined")}),
    Case("plain", unsigned, {(SIGNED, "ds-not-signed"), (DS, "stale-ds"), (DS, "no-valid-key"), (CHAIN, "bogus")}),
    Case("nods", all_by(Plan()), {(SIGNED, "signed-no-ds"), (CHAIN, "insecure")}, ds=lambda _: []),
    Case("nothing", unsigned, {(SIGNED, "not-signed"), (CHAIN, "insecure")}, ds=lambda _: []),
    Case("cdswell", with_cds("ksk", Plan()), set()),
    Case("cdsonly", with_cds("ksk", Plan(), cdnskey=False), {("dnssec-cds-same", "only-cds")}),
    Case("cdsunsigned", with_cds("ksk", Plan(unsigned=[("@", "CDS")])), {("dnssec-cds-valid", "unsigned"), (VALID, "missing")}),
    Case("cdszsk", with_cds("zsk", Plan()), {("dnssec-cds-se", "would-be-refused")}),
    Case("cdsdenied", with_cds("ksk", Plan(types={"@": without("CDS", "CDNSKEY")})), {(DENIAL, "wrong-types")}),
    Case("cdsby", with_cds("ksk", Plan(by={("@", "CDS"): ["zsk"]})), {("dnssec-cds-same", "not-by-ds-key")}),
]


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dnssec")
    most, one, keys, told = {}, {}, {}, ""
    for case in CASES:
        name = f"{case.name}.example."
        zone = HandSigned(name, zone_text(name, SERVERS, serial=2026112901, more=case.text), case.keys())
        keys[case.name] = zone.keys
        first, second = case.make(zone, folder / case.name)
        most[name], one[name] = first, second or first
        told += delegation(name, SERVERS, case.ds(zone))
    with (
        Yard(folder / "yard") as yard,
        start_dns([Zone(".", ROOTS), Zone("example.", TOPS, told)], folder / "dns", yard.place) as dns,
        KnotServer(folder / "most", yard.place, addresses=MOST, zones=most),
        KnotServer(folder / "one", yard.place, addresses=[ONE], zones=one),
    ):
        wanted = Wanted(choose_checks((), ("dnssec",)), read_names([f"{case.name}.example" for case in CASES]), hints=dns.hints, trust_anchors=(dns.trust_anchor,))
        checked = yard.place.inside(lambda: check_compliance(None, wanted))
        island = next(key.dnskey for key in keys["nods"] if key.role == "ksk")
        anchor = write(folder / "island.key", f"; an island\nnods.example. 3600 IN DNSKEY {island.to_text()}\n")
        by_anchor = replace(wanted, names=read_names(["nods.example", "well.example"]), trust_anchors=(anchor,))
        without = replace(by_anchor, trust_anchors=())
        yield checked, *(yard.place.inside(lambda one=one: check_compliance(None, one)) for one in (by_anchor, without))


def open_codes(checked, zone: str) -> dict[tuple[str, str], str]:
    """(check, code) of all that is not well, notices too, with what was said."""
    well = {Status.OK, Status.NOT_APPLICABLE}
    return {(one.check, one.code): one.message for one in checked.findings if one.subject.id == zone and (one.status not in well or str(one.severity) == "notice")}


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_zone_gives_its_codes_and_no_other(ground, case):
    found = open_codes(ground[0], f"{case.name}.example")
    assert set(found) == case.codes, found


def test_a_fault_on_one_address_names_that_address_alone(ground):
    zones = {"onesig.example", "onesoa.example", "onea.example", "nomissing.example", "noproof3.example", "wrongtypes3.example", "oneplain.example"}
    told = {one.value.get("address") for one in ground[0].findings if one.subject.id in zones and one.status is Status.FAILURE}
    assert told == {ONE}


def test_an_island_is_secure_by_its_own_anchor_and_nobody_else_is_trusted(ground):
    _, by_anchor, without = ground
    assert open_codes(by_anchor, "nods.example") == {}
    assert {(one.check, one.reason) for one in by_anchor.findings if one.subject.id == "well.example" and one.status is Status.UNDETERMINED} == {(CHAIN, "no-trust-anchor")}
    assert {(one.subject.id, one.check, one.reason) for one in without.findings if one.status is Status.UNDETERMINED} == {(name, CHAIN, "no-trust-anchor") for name in ("nods.example", "well.example")}


def test_zones_that_knot_and_bind_sign_by_themselves_give_nothing(tmp_path):
    """Knot: NSEC, NSEC3, one key for all, RSA. BIND: its default policy, and NSEC3 with two keys."""
    knots = {
        "knot.example.": "", "knot3.example.": "    nsec3: on\n    nsec3-salt-length: 0\n", "csk.example.": "    single-type-signing: on\n    cds-cdnskey-publish: always\n",
        "rsa.example.": "    algorithm: rsasha256\n    ksk-size: 2048\n    zsk-size: 2048\n",
    }  # fmt: skip
    block = "dnssec-policy n3 { keys { ksk lifetime unlimited algorithm ecdsap256sha256; zsk lifetime unlimited algorithm ecdsap256sha256; }; nsec3param iterations 0 optout no salt-length 0; };"
    binds = {"bind.example.": ("default", ""), "bind3.example.": ("n3", block)}
    more = "*.wild IN A 10.20.9.9\nsub IN NS ns.sub\nns.sub IN A 10.20.77.1\n"
    parts, told = [], ""
    with Yard(tmp_path / "yard") as yard, start_dns([Zone(".", ROOTS), Zone("example.", ROOTS)], tmp_path / "dns", yard.place) as dns:
        try:
            for number, (zone, policy) in enumerate({**knots, **binds}.items(), 11):
                servers = [[f"10.20.{number}.1", f"2001:db8:{number}::1"], [f"10.20.{number}.2", f"2001:db8:{number}::2"]]
                folder = tmp_path / zone
                path = write(folder / "zone", zone_text(zone, servers, more=more))
                if zone in knots:
                    signing = f"{policy}    rrsig-lifetime: 14d\n    rrsig-refresh: 7d\n    propagation-delay: 10s\n"
                    part = KnotServer(folder, yard.place, addresses=[*servers[0], *servers[1]], zones={zone: path}, policy=signing, signing=(zone,))
                else:
                    part = BindServer(folder, yard.place, addresses=[*servers[0], *servers[1]], zones={zone: path}, policy=policy[0], blocks=policy[1])
                parts.append(part.start())
                told += delegation(zone, servers, wait_for(f"keys of {zone}", lambda part=part, zone=zone: part.ds(zone), 10, 0.2))
            dns.replace(Zone("example.", ROOTS, told))
            wanted = Wanted(choose_checks((), ("dnssec",)), read_names([*knots, *binds, "example", "."]), hints=dns.hints, trust_anchors=(dns.trust_anchor,))
            checked = yard.place.inside(lambda: check_compliance(None, wanted))
        finally:
            for part in parts:
                part.stop()
    for zone in (*knots, *binds, "example.", "."):
        assert open_codes(checked, zone.rstrip(".") or ".") == {}
    assert {one.message for one in checked.findings if one.check == CHAIN and one.subject.id == "bind3.example"} == {"secure from the anchor of . down to bind3.example"}
    assert {one.message for one in checked.findings if one.check == DENIAL and one.subject.id in {"knot3.example", "bind3.example"}} == {"absence is proven by NSEC3"}
