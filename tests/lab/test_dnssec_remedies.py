"""Remedies are real: what a finding says to do, done on Knot and BIND, makes the next run well (dns.md D12)."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from samdrift.compliance.zone import ZoneTerms
from samdrift.model.finding import Finding, Status
from samdrift.operations import plan_compliance
from samdrift.operations.check_compliance import check_compliance
from samdrift.operations.plan_compliance import Wanted, read_names
from samdrift.operations.registered_checks import choose_checks
from tests.lab.labkit.part import write
from tests.lab.labkit.waiting import wait_for
from tests.lab.labkit.yard import Yard
from tests.lab.parts.dns import NameServer, Zone, start_dns
from tests.lab.parts.signers import BindServer, KnotServer, delegation, zone_text

pytestmark = [pytest.mark.level("user"), pytest.mark.slow]

ROOT = NameServer("a.root.example.", "10.20.0.1", "2001:db8:20::1")
SERVERS = [["10.20.1.1", "2001:db8:1::1"], ["10.20.1.2", "2001:db8:1::2"]]
NAME = "krokom.example"
ZONE = f"{NAME}."
GOOD = "    rrsig-lifetime: 14d\n    rrsig-refresh: 7d\n    propagation-delay: 10s\n"


class Ground:
    """One zone on one signer, its delegation, and who does what a remedy says: the operator by knotc or rndc, the registrar by the record."""

    def __init__(self, yard, dns, server, folder: Path) -> None:
        self.yard, self.dns, self.server, self.folder = yard, dns, server, folder
        self.ds: list[str] = []
        self.software = "knot" if isinstance(server, KnotServer) else "bind"

    def delegate(self, ds: list[str]) -> None:
        self.ds = ds
        self.dns.replace(Zone("example.", (ROOT,), delegation(ZONE, SERVERS, ds)))

    def findings(self, monkeypatch) -> list[Finding]:
        monkeypatch.setattr(plan_compliance.Plan, "terms", lambda _self, _name: ZoneTerms(software=self.software, dnssec="required"))
        wanted = Wanted(choose_checks((), ("dnssec",)), read_names([NAME]), hints=self.dns.hints, trust_anchors=(self.dns.trust_anchor,))
        checked = self.yard.place.inside(lambda: check_compliance(None, wanted))
        return [one for one in checked.findings if one.status not in {Status.OK, Status.NOT_APPLICABLE}]

    def registrar(self, one: Finding) -> None:
        """Take what the remedy has as record: new DS, or none of those named when it says to remove them."""
        assert one.remedy is not None
        lines = [line.split(" DS ", 1)[1] for line in (one.remedy.record or "").splitlines()]
        assert lines, one.remedy
        if one.remedy.text.startswith("Remove"):
            gone = {line.replace(" ", "").upper() for line in lines}
            self.delegate([line for line in self.ds if line.replace(" ", "").upper() not in gone])
        else:
            self.delegate(lines)

    def operator(self, one: Finding) -> None:
        """Say each command of the remedy to the running server, as it stands."""
        assert one.remedy is not None
        assert one.remedy.command, one.remedy
        for part in one.remedy.command.split(" && "):
            program, *arguments = shlex.split(part)
            assert program == {"knot": "knotc", "bind": "rndc"}[self.software], part
            self.server.ctl(*arguments)


def knot(folder: Path, place, *, policy: str = GOOD, signing: bool = True) -> KnotServer:
    path = write(folder / "zone", zone_text(ZONE, SERVERS))
    return KnotServer(folder / "knot", place, addresses=[*SERVERS[0], *SERVERS[1]], zones={ZONE: path}, policy=policy, signing=(ZONE,) if signing else ())


def bind(folder: Path, place, *, policy: str = "default", blocks: str = "") -> BindServer:
    path = write(folder / "bind" / "zone", zone_text(ZONE, SERVERS))
    return BindServer(folder / "bind", place, addresses=[*SERVERS[0], *SERVERS[1]], zones={ZONE: path}, policy=policy, blocks=blocks)


SHORT = "    rrsig-lifetime: 1d\n    rrsig-refresh: 10m\n    propagation-delay: 10s\n"
BIND_SHORT = "dnssec-policy lab {{ signatures-validity {0}; signatures-validity-dnskey {0}; signatures-refresh {1}; keys {{ csk lifetime unlimited algorithm ecdsap256sha256; }}; }};"
BIND_SALT = "dnssec-policy lab {{ keys {{ csk lifetime unlimited algorithm ecdsap256sha256; }}; nsec3param iterations {0} optout no salt-length {1}; }};"


def right_ds(ground: Ground) -> list[str]:
    return wait_for("the keys", lambda: ground.server.ds(ZONE), 10, 0.2)


def wrong_ds(ground: Ground) -> list[str]:
    tag, algorithm, kind, _ = right_ds(ground)[0].split(maxsplit=3)
    return [f"{tag} {algorithm} {kind} {'00' * 32}"]


def settle_policy(policy: str) -> Callable[[Ground], None]:
    """The setting that the remedy's text names, before its command."""

    def settle(ground: Ground) -> None:
        if isinstance(ground.server, KnotServer):
            ground.server.policy = policy
        else:
            ground.server.blocks = policy
        ground.server.configure()
        ground.server.ctl("reload" if isinstance(ground.server, KnotServer) else "reconfig")

    return settle


def nothing(_ground: Ground) -> None:
    """The remedy needs nothing beside it."""


# name: (server, DS at the parent, the finding whose remedy is done, what its text says to set first)
CASES = {
    "knot: a DS with a wrong digest is replaced": (knot, wrong_ds, ("dnssec-ds-matches", "no-valid-key"), nothing),
    "knot: a DS left behind is removed": (knot, lambda ground: [*right_ds(ground), "4711 13 2 " + "DEADBEEF" * 8], ("dnssec-ds-matches", "stale-ds"), nothing),
    "knot: a signed zone gets its DS": (knot, lambda _: [], ("dnssec-signed", "signed-no-ds"), nothing),
    "knot: a broken chain gets the right DS": (knot, lambda _: ["4711 13 2 " + "DEADBEEF" * 8], ("dnssec-chain", "bogus"), nothing),
    "knot: signatures that end are made anew": (lambda f, p: knot(f, p, policy=SHORT), right_ds, ("dnssec-rrsig-lifetime", "expires-soon"), settle_policy(GOOD)),
    "knot: NSEC3 loses its salt": (lambda f, p: knot(f, p, policy=GOOD + "    nsec3: on\n    nsec3-salt-length: 8\n"), right_ds, ("dnssec-nsec3", "salt"), settle_policy(GOOD + "    nsec3: on\n    nsec3-iterations: 0\n    nsec3-salt-length: 0\n")),
    "knot: NSEC3 loses its iterations": (lambda f, p: knot(f, p, policy=GOOD + "    nsec3: on\n    nsec3-iterations: 9\n    nsec3-salt-length: 0\n"), right_ds, ("dnssec-nsec3", "iterations"), settle_policy(GOOD + "    nsec3: on\n    nsec3-iterations: 0\n    nsec3-salt-length: 0\n")),
    "bind: a DS with a wrong digest is replaced": (bind, wrong_ds, ("dnssec-ds-matches", "digest-mismatch"), nothing),
    "bind: a signed zone gets its DS": (bind, lambda _: [], ("dnssec-signed", "signed-no-ds"), nothing),
    "bind: signatures that end are made anew": (lambda f, p: bind(f, p, policy="lab", blocks=BIND_SHORT.format("P1D", "PT1H")), right_ds, ("dnssec-rrsig-lifetime", "expires-soon"), settle_policy(BIND_SHORT.format("P14D", "P9D"))),
    "bind: NSEC3 loses its salt": (lambda f, p: bind(f, p, policy="lab", blocks=BIND_SALT.format(0, 8)), right_ds, ("dnssec-nsec3", "salt"), settle_policy(BIND_SALT.format(0, 0))),
    "bind: NSEC3 loses its iterations": (lambda f, p: bind(f, p, policy="lab", blocks=BIND_SALT.format(5, 0)), right_ds, ("dnssec-nsec3", "iterations"), settle_policy(BIND_SALT.format(0, 0))),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_the_remedy_says_makes_the_next_run_well(name, tmp_path, monkeypatch):
    make, ds, wanted, settle = CASES[name]
    with Yard(tmp_path / "yard") as yard, start_dns([Zone(".", (ROOT,)), Zone("example.", (ROOT,))], tmp_path / "dns", yard.place) as dns, make(tmp_path, yard.place) as server:
        ground = Ground(yard, dns, server, tmp_path)
        right_ds(ground)
        ground.delegate(ds(ground))
        found = ground.findings(monkeypatch)
        (one, *_) = [one for one in found if (one.check, one.code) == wanted] or [None]
        assert one is not None, [(each.check, each.code, each.message) for each in found]
        settle(ground)
        if one.remedy.by == "registrar":
            ground.registrar(one)
        else:
            ground.operator(one)
        left = wait_for("all is well", lambda: not (ground.findings(monkeypatch)) or None, 20, 0.5)
        assert left


def test_an_unsigned_zone_is_signed_and_gets_its_ds_by_two_remedies(tmp_path, monkeypatch):
    with Yard(tmp_path / "yard") as yard, start_dns([Zone(".", (ROOT,)), Zone("example.", (ROOT,))], tmp_path / "dns", yard.place) as dns, knot(tmp_path, yard.place, signing=False) as server:
        ground = Ground(yard, dns, server, tmp_path)
        ground.delegate([])
        (one,) = ground.findings(monkeypatch)
        assert one.code == "not-signed"
        ground.operator(one)
        (two,) = wait_for("the zone is signed", lambda: [each for each in ground.findings(monkeypatch) if each.code == "signed-no-ds"], 15, 0.5)
        ground.registrar(two)
        assert ground.findings(monkeypatch) == []


def test_a_secondary_that_kept_an_unsigned_version_fetches_anew(tmp_path, monkeypatch):
    path = write(tmp_path / "zone", zone_text(ZONE, SERVERS))
    with (
        Yard(tmp_path / "yard") as yard,
        start_dns([Zone(".", (ROOT,)), Zone("example.", (ROOT,))], tmp_path / "dns", yard.place) as dns,
        KnotServer(tmp_path / "primary", yard.place, addresses=SERVERS[0], zones={ZONE: path}, policy=GOOD) as primary,
        KnotServer(tmp_path / "secondary", yard.place, addresses=SERVERS[1], zones={ZONE: None}, primary=SERVERS[0][0]) as secondary,
    ):
        primary.signing = (ZONE,)
        primary.configure()
        primary.ctl("reload")
        ground = Ground(yard, dns, primary, tmp_path)
        ground.delegate(right_ds(ground))
        found = wait_for("the primary is signed", lambda: [each for each in ground.findings(monkeypatch) if (each.check, each.code) == ("dnssec-signed", "servers-differ")], 15, 0.5)
        assert {each.value["address"] for each in found} == set(SERVERS[1])
        ground.server = secondary
        ground.operator(found[0])
        assert wait_for("all is well", lambda: not ground.findings(monkeypatch) or None, 20, 0.5)
