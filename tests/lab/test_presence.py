"""Mail and web met for real: nothing on a zone that is well, of each fault exactly its codes, in time, and judged again from what was kept."""

from __future__ import annotations

import time

import pytest

from samdrift.model.finding import Status
from samdrift.model.finding_item import finding_item
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.check_compliance import check_compliance
from samdrift.operations.open_store import open_store
from samdrift.operations.plan_compliance import Wanted, read_names
from samdrift.operations.record_checks import record
from samdrift.operations.registered_checks import registered_checks
from samdrift.operations.rejudge_checks import rejudge_checks
from samdrift.store import findings
from tests.lab.labkit.addresses import silence
from tests.lab.labkit.process import Process
from tests.lab.labkit.yard import Yard
from tests.lab.parts.dns import start_dns
from tests.lab.parts.web import Web
from tests.lab.presence_ground import CASES, PRIVATE, addresses, endpoints, zones

pytestmark = pytest.mark.level("user")
LISTENER = "import socket; s = socket.create_server(('{address}', 80)); s.accept(); print('MET', flush=True)"


def presence_checks():
    return tuple(check for check in registered_checks().values() if check.needs[0] == "presence")


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    folder = tmp_path_factory.mktemp("presence")
    with Yard(folder / "yard") as yard:
        yard.add_address(PRIVATE)
        guard = Process("guard", folder, ["python3", "-c", LISTENER.format(address=PRIVATE)], place=yard.place)
        guard.start()
        with Web(folder / "web", yard.place, endpoints=endpoints()) as web, start_dns(zones(web), folder / "dns", yard.place) as dns:
            for place, case in enumerate(CASES, 1):
                if case.silent:
                    silence(yard.place, addresses(place)[1], on=True)
            yield yard, dns, web, guard
        guard.kill()


@pytest.fixture(scope="module")
def checked(ground):
    """All zones in one run; the slowest is the mail server that waits 15 s."""
    yard, dns, web, _ = ground
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(web.ca))
        began = time.monotonic()
        names = read_names([f"{case.name}.example" for case in CASES])
        found = yard.place.inside(lambda: check_compliance(None, Wanted(presence_checks(), names, hints=dns.hints, trust_anchors=(dns.trust_anchor,))))
        return found, time.monotonic() - began


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_zone_gives_its_codes_and_no_other(checked, case):
    well = {Status.OK, Status.NOT_APPLICABLE}
    mine = [one for one in checked[0].findings if one.subject.id == f"{case.name}.example"]
    found = {(one.check, one.code) for one in mine if one.status not in well or str(one.severity) == "notice"}
    assert found == case.wanted, [(one.check, one.code, one.reason, one.message) for one in mine if one.status not in well or str(one.severity) == "notice"]


def test_every_fault_says_what_to_do(checked):
    silent = [(str(one.subject), one.check, one.code) for one in checked[0].findings if one.status in {Status.FAILURE, Status.WARNING} and one.remedy is None]
    assert not silent


def test_the_run_ends_in_time_and_knows_from_where_it_looked(checked):
    assert checked[1] < 45, f"{checked[1]:.0f} s"
    assert checked[0].vantage == {"ipv4": "proven", "ipv6": "proven", "smtp": "proven"}
    assert checked[0].complete


def test_without_port_25_of_our_own_nothing_turns_red(ground):
    yard, dns, _, _ = ground
    place = next(at for at, case in enumerate(CASES, 1) if case.name == "well")
    for address in addresses(place)[2:]:
        silence(yard.place, address, on=True)
    try:
        mail = tuple(check for check in presence_checks() if check.id in {"ipv6-mx", "mail-starttls", "tls-dane"})
        found = yard.place.inside(lambda: check_compliance(None, Wanted(mail, read_names(["well.example"]), hints=dns.hints, trust_anchors=(dns.trust_anchor,))))
    finally:
        for address in addresses(place)[2:]:
            silence(yard.place, address, on=False)
    assert {(one.check, one.reason) for one in found.findings} == {(check.id, "no-vantage-smtp") for check in mail}
    assert found.vantage["smtp"] == "lost"


def test_no_redirect_was_followed_into_private_addresses(ground, checked):
    assert ground[3].pid is not None  # it ends at the first connection
    assert "MET" not in ground[3].log.read_text()


def test_the_remedy_of_a_tlsa_that_fits_nothing_is_the_live_record(ground, checked):
    from tests.lab.presence_ground import live

    found = next(one for one in checked[0].findings if (one.subject.id, one.code) == ("tlsa.example", "mismatch"))
    assert found.remedy is not None
    assert found.remedy.record == f"_25._tcp.mx.tlsa.example. IN TLSA {live(ground[2], 'mx.tlsa.example')}"


def test_what_was_seen_is_judged_again_without_the_network(checked, tmp_path):
    with open_store(tmp_path / "store", create=True) as store:
        kept = record(store, checked[0])
        assert kept.run
        again = rejudge_checks(store, None, kept.run.id, viewer=OPERATIONS)
        with store.read() as connection:
            before = findings.of_run(connection, kept.run.id, viewer=OPERATIONS)
    assert [finding_item(one) for one in again] == [finding_item(one) for one in before]
    assert len(again) > len(CASES)
