"""Knot's conservative algorithm rollover, walked through its steps with a secondary that is one version behind: no failure, no warning (dns.md D11)."""

from __future__ import annotations

import shutil
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from samdrift.model.finding import Status
from samdrift.operations.check_compliance import check_compliance
from samdrift.operations.load_inventory import load_inventory
from samdrift.operations.open_store import open_store
from samdrift.operations.plan_compliance import Wanted, read_names
from samdrift.operations.record_checks import record
from samdrift.operations.registered_checks import choose_checks
from tests.lab.labkit.part import program, write
from tests.lab.labkit.waiting import wait_for
from tests.lab.labkit.yard import Yard
from tests.lab.parts.dns import NameServer, Zone, soa_serial, start_dns
from tests.lab.parts.signers import KnotServer, delegation, zone_text

pytestmark = pytest.mark.level("user")

REPOSITORY = Path(__file__).resolve().parents[2]
ROOT = NameServer("a.root.example.", "10.20.0.1", "2001:db8:20::1")
SERVERS = [["10.20.1.1", "2001:db8:1::1"], ["10.20.1.2", "2001:db8:1::2"]]
ZONE = "krokom.example."
POLICY = "    algorithm: {algorithm}\n    ksk-size: {size}\n    zsk-size: {size}\n    dnskey-ttl: 2\n    zone-max-ttl: 2\n    propagation-delay: 1\n    rrsig-lifetime: 14d\n    rrsig-refresh: 7d\n"
LIMIT_S = 240


def inventory_with_rollover(folder: Path):
    """The example inventory with the rollover declared on the zone."""
    shutil.copytree(REPOSITORY / "inventory", folder)
    path = folder / "zones.yml"
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    row = next(one for one in told["zones"] if one["name"] == ZONE.rstrip("."))
    today = datetime.now(UTC)
    row |= {"rollover": {"kind": "algorithm", "from": 8, "to": 13, "started": f"{today:%Y-%m-%d}", "until": f"{today + timedelta(days=9):%Y-%m-%d}"}, "software": "knot"}
    path.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    return load_inventory(folder)


def keys(knot: KnotServer) -> list[str]:
    """Knot's own list of the zone's keys, a line each."""
    done = subprocess.run([program("keymgr", "knot"), "-c", str(knot.folder / "knot.conf"), ZONE, "list", "-b"], capture_output=True, text=True, timeout=60, check=False)
    return done.stdout.splitlines()


@pytest.mark.slow  # its steps last two seconds; on a busy machine a look can outlast one, and the zone is signed anew in the midst of it
def test_an_algorithm_rollover_gives_no_failure_and_no_warning_at_any_step(tmp_path):
    inventory = inventory_with_rollover(tmp_path / "inventory")
    path = write(tmp_path / "zone", zone_text(ZONE, SERVERS, ttl=2))
    steps: list[tuple[str, set[tuple[str, str]]]] = []
    with (
        Yard(tmp_path / "yard") as yard,
        start_dns([Zone(".", (ROOT,), ttl_s=2), Zone("example.", (ROOT,), ttl_s=2)], tmp_path / "dns", yard.place) as dns,
        KnotServer(tmp_path / "primary", yard.place, addresses=SERVERS[0], zones={ZONE: path}, policy=POLICY.format(algorithm="rsasha256", size=2048), signing=(ZONE,)) as primary,
        KnotServer(tmp_path / "secondary", yard.place, addresses=SERVERS[1], zones={ZONE: None}, primary=SERVERS[0][0]) as secondary,
        open_store(tmp_path / "store", create=True) as store,
    ):
        held = primary.ds(ZONE)
        dns.replace(Zone("example.", (ROOT,), delegation(ZONE, SERVERS, held), ttl_s=2))
        wanted = Wanted(choose_checks((), ("dnssec",)), read_names([ZONE]), hints=dns.hints, trust_anchors=(dns.trust_anchor,))

        def check(step: str) -> None:
            checked = record(store, yard.place.inside(lambda: check_compliance(inventory, wanted, store)))
            bad = [(one.check, one.code, one.message) for one in checked.findings if one.status not in {Status.OK, Status.NOT_APPLICABLE}]
            assert bad == [], (step, bad, keys(primary))
            steps.append((step, {(one.check, one.code) for one in checked.findings if str(one.severity) == "notice"}))

        def serial(one: str) -> int | None:
            return yard.place.inside(lambda: soa_serial(one, ZONE))

        primary.ctl("zone-ksk-submitted", ZONE)
        check("before")
        primary.policy = POLICY.format(algorithm="ecdsap256sha256", size=256)
        primary.configure()
        primary.ctl("reload")
        ends, submitted = time.monotonic() + LIMIT_S, False
        while time.monotonic() < ends:
            behind = serial(SERVERS[0][0]) != serial(SERVERS[1][0])
            check("behind" if behind else "level")
            if behind:
                secondary.ctl("zone-refresh", ZONE)
                wait_for("the secondary has the zone", lambda: serial(SERVERS[0][0]) == serial(SERVERS[1][0]), 10, 0.1)
                check("level")
            told = primary.ds(ZONE)
            if not submitted and any("ready=" in line and "ECDSA" in line for line in keys(primary)):
                dns.replace(Zone("example.", (ROOT,), delegation(ZONE, SERVERS, [one for one in told if one.split()[1] == "13"]), ttl_s=2))
                check("new DS")
                time.sleep(3)  # the DS's TTL: Knot is told of the submission, it does not look
                primary.ctl("zone-ksk-submitted", ZONE)
                submitted = True
            algorithms = {one.split()[1] for one in told}
            if submitted and algorithms == {"13"} and not steps[-1][1]:
                break
        else:
            pytest.fail(f"the rollover did not end: {keys(primary)}")
        check("after")
    seen = {pair for _, codes in steps for pair in codes}
    assert ("dnssec-rollover", "in-progress") in seen
    assert ("dnssec-rrsig-valid", "unknown-key") in seen, "the conservative way signs before it publishes the key"
    assert any(step == "behind" for step, _ in steps)
    assert steps[-1][1] == set()
