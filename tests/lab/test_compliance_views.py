"""A zone in two views: its hidden primary, private addresses and transfers count inside, and nothing of that outside (dns.md D4)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from samdrift.model.dns.names import from_text
from samdrift.model.finding import Status
from samdrift.operations.check_compliance import check_compliance
from samdrift.operations.load_inventory import load_inventory
from samdrift.operations.plan_compliance import Wanted
from samdrift.operations.registered_checks import choose_checks
from tests.lab.labkit.yard import Yard
from tests.lab.parts.dns import NameServer, Zone, start_dns

pytestmark = pytest.mark.level("user")

REPOSITORY = Path(__file__).resolve().parents[2]
ZONE = "krokom.example"
ROOT = NameServer("a.root.example.", "10.20.0.1", "2001:db8:20::1")
HIDDEN = NameServer("ns0.jamtnet.example.", "10.20.0.53", "2001:db8:20::53", software="bind open")
FIRST = NameServer("ns1.jamtnet.example.", "10.20.128.53", "2001:db8:22::53")
SECOND = NameServer("ns2.jamtnet.example.", "10.20.144.53", "2001:db8:23::53", software="nsd")
CHECKS = ("delegation-ns-address", "delegation-ns-count", "delegation-diversity", "dns-serial", "dns-transfer", "dns-udp", "dnssec-chain")


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    folder = tmp_path_factory.mktemp("views")
    both = (FIRST, SECOND)
    tree = [Zone(".", (ROOT,)), Zone("example.", (ROOT,)), Zone("jamtnet.example.", both), Zone(f"{ZONE}.", both, hidden=(HIDDEN,))]
    with Yard(folder / "yard") as yard, start_dns(tree, folder / "dns", yard.place) as dns:
        yield yard, dns


@pytest.fixture(scope="module")
def inventory(ground, tmp_path_factory):
    """The repository's, with the lab's roots and anchor for `inside`, and the zone seen there with its hidden primary."""
    folder = tmp_path_factory.mktemp("inventory") / "inventory"
    shutil.copytree(REPOSITORY / "inventory", folder)
    dns = ground[1]
    (folder / "files/inside.hints").write_text(dns.hints.read_text())
    (folder / "files/inside.key").write_text(dns.trust_anchor.read_text())
    views = folder / "views.yml"
    views.write_text(views.read_text().replace("hints: files/inside.hints\n", "hints: files/inside.hints\n    trust_anchors: files/inside.key\n").replace("[10.20.0.0/22, ", "[10.20.0.0/16, ").replace("2001:db8:20::/60", "2001:db8:20::/44"))
    zones = folder / "zones.yml"
    servers = f"servers: {{inside: [{{name: ns0.jamtnet.example, addresses: [{HIDDEN.ipv4}, '{HIDDEN.ipv6}'], role: primary, site: hall-ostersund}}]}}"
    text = zones.read_text()
    zones.write_text(text.replace("owner: krokom\n    views: [public]\n", f"owner: krokom\n    views: [public, inside]\n    {servers}\n"))
    return load_inventory(folder)


def check(ground, inventory, **rest):
    yard, _ = ground
    wanted = Wanted(choose_checks(CHECKS, ()), (from_text(ZONE),), rate_per_s=2000, **rest)
    return yard.place.inside(lambda: check_compliance(inventory, wanted))


def told(checked) -> set[tuple[str, str, str | None]]:
    """(check, code, address) of all that is not well."""
    return {(one.check, one.code, one.value.get("address")) for one in checked.findings if one.status not in {Status.OK, Status.NOT_APPLICABLE}}


def test_inside_the_hidden_primary_is_asked_and_transfers_are_due(ground, inventory):
    checked = check(ground, inventory, view="inside")
    closed = {("dns-transfer", "axfr-closed", address) for server in (FIRST, SECOND) for address in server.addresses}
    assert told(checked) == closed, [one.message for one in checked.findings]
    said = {one.check: one for one in checked.findings}
    assert said["dns-udp"].message == "6 addresses answer over UDP"
    assert said["dnssec-chain"].code == "ok"
    assert said["delegation-ns-address"].status is Status.NOT_APPLICABLE


def test_a_secondary_behind_the_hidden_primary_is_seen_inside(ground, inventory):
    dns = ground[1]
    dns.behind(ZONE, FIRST.name)
    try:
        checked = check(ground, inventory, view="inside")
    finally:
        dns.heal()
    assert {(check, address) for check, code, address in told(checked) if code == "serial-differs"} == {("dns-serial", address) for address in FIRST.addresses}


def test_outside_nothing_of_it_is_asked_and_transfers_are_not_due(ground, inventory):
    checked = check(ground, inventory, hints=ground[1].hints, trust_anchors=(ground[1].trust_anchor,))
    assert told(checked) == set()
    assert {one.check: one.message for one in checked.findings}["dns-udp"] == "4 addresses answer over UDP"


def test_the_zone_is_judged_once_in_each_view(ground, inventory):
    yard, _ = ground
    views = {one.view for one in yard.place.inside(lambda: check_compliance(inventory, Wanted(choose_checks(("dns-udp",), ()), (from_text(ZONE),), rate_per_s=2000, deadline_seconds=20))).findings}
    assert views == {"public", "inside"}
