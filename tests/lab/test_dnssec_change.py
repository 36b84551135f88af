"""A change is judged before it is live: zone file, DS and CDS, with nothing sent to the zone's servers and nothing recorded."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.lab.labkit.hand_signed import HandKey, HandSigned, Plan
from tests.lab.labkit.part import write
from tests.lab.labkit.yard import Yard
from tests.lab.parts.dns import NameServer, Zone, start_dns
from tests.lab.parts.signers import KnotServer, delegation, zone_text

pytestmark = pytest.mark.level("user")

ROOT = NameServer("a.root.example.", "10.20.0.1", "2001:db8:20::1")
SERVERS = [["10.20.1.1", "2001:db8:1::1"], ["10.20.1.2", "2001:db8:1::2"]]
NAME = "krokom.example"
BAD_DMARC, GOOD_DMARC = "p=refuse", "p=reject"
MAIL = f'@ IN MX 10 mx\nmx IN A 10.20.9.25\nmx IN AAAA 2001:db8:9::25\n@ IN TXT "v=spf1 mx -all"\n_dmarc IN TXT "v=DMARC1; {BAD_DMARC}"\n'
DNSSEC = ("--category", "dnssec")
OTHERS = ("delegation-ns-count", "delegation-ns-set", "delegation-ns-name", "delegation-glue", "delegation-diversity", "ipv6-ns-count", "dns-soa", "dns-names", "mail-mx", "mail-spf", "mail-spf-policy", "mail-dmarc", "mail-dmarc-policy")
WHOLE = (*DNSSEC, *(word for one in OTHERS for word in ("--check", one)))


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    folder = tmp_path_factory.mktemp("change")
    zone = HandSigned(f"{NAME}.", zone_text(f"{NAME}.", SERVERS, more=MAIL))
    path = zone.write(folder / "live")
    with (
        Yard(folder / "yard") as yard,
        start_dns([Zone(".", (ROOT,)), Zone("example.", (ROOT,), delegation(f"{NAME}.", SERVERS, zone.ds()))], folder / "dns", yard.place) as dns,
        KnotServer(folder / "knot", yard.place, addresses=[*SERVERS[0], *SERVERS[1]], zones={f"{NAME}.": path}) as knot,
    ):
        call = [str(Path(sys.executable).parent / "samdrift"), "--store", str(folder / "store"), "--inventory", str(folder / "none"), "check", "run", NAME]
        call += ["--hints", str(dns.hints), "--trust-anchor", str(dns.trust_anchor), "--output", "json"]
        for checks in (DNSSEC, WHOLE):
            first = yard.run([*call, *checks])
            assert first.returncode == (0 if checks is DNSSEC else 1), first.stdout + first.stderr
        knot.stop()  # whatever is sent to the zone's servers from now on is lost, and would show
        yield zone, path, lambda *more, checks=DNSSEC: yard.run([*call, *checks, *more])


def told(done) -> tuple[int, dict[tuple[str, str], str]]:
    """Exit code, and (check, code) → change of all but what is well as before."""
    assert done.stdout, done.stderr
    return done.returncode, {(item["check"], item["code"]): item["change"] for item in json.loads(done.stdout)["items"] if item["code"] not in {"ok", "not-applicable"}}


def test_what_is_live_changes_nothing(ground):
    zone, path, run = ground
    assert told(run("--zonefile", str(path))) == (0, {})
    assert told(run("--ds", zone.ds()[0])) == (0, {})
    assert {item["change"] for item in json.loads(run("--zonefile", str(path)).stdout)["items"]} == {"same"}


def test_a_ds_that_would_break_validation_is_a_failure_before_it_is_live(ground):
    zone, path, run = ground
    tag, algorithm, kind, digest = zone.ds()[0].split(maxsplit=3)
    wrong = f"{tag},{algorithm},{kind},{'00' * 32}"
    for more in ((), ("--zonefile", str(path))):
        code, found = told(run("--ds", wrong, *more))
        assert code == 1
        assert found == {("dnssec-ds-matches", "digest-mismatch"): "appears", ("dnssec-ds-matches", "no-valid-key"): "appears", ("dnssec-chain", "bogus"): "appears"}
    code, found = told(run("--ds", f"{tag} {algorithm} 0 00", "--ds", f"{tag} {algorithm} 2 {digest}", "--ds", f"{tag} {algorithm} 2 AB"))
    assert (code, found) == (1, {("dnssec-ds-digest", "digest-not-ds"): "appears", ("dnssec-ds-digest", "digest-length"): "appears"})


def test_a_key_taken_away_too_early_is_a_failure_before_it_is_live(ground, tmp_path):
    zone, _, run = ground
    other = HandSigned(f"{NAME}.", zone.text, [zone.keys[0], HandKey.make("zsk")])
    code, found = told(run("--zonefile", str(other.write(tmp_path / "new"))))
    assert code == 1
    assert found[("dnssec-rollover", "retired-too-early")] == "appears"


def test_a_key_added_beside_the_old_ones_is_no_failure(ground, tmp_path):
    zone, _, run = ground
    code, found = told(run("--zonefile", str(zone.write(tmp_path / "new", keys=[*zone.keys, HandKey.make("zsk")]))))
    assert (code, found) == (0, {("dnssec-rollover", "undeclared"): "appears"})


def test_an_unsigned_zone_under_its_ds_is_a_failure_before_it_is_live(ground, tmp_path):
    zone, _, run = ground
    code, found = told(run("--zonefile", str(write(tmp_path / "new", zone.text))))
    assert code == 1
    assert {check for check, _ in found} >= {"dnssec-signed", "dnssec-ds-matches", "dnssec-chain"}


def test_a_zone_file_signed_badly_says_what_would_be_wrong(ground, tmp_path):
    zone, _, run = ground
    code, found = told(run("--zonefile", str(zone.write(tmp_path / "new", Plan(nsec3=(5, "aa", 0), without_proof=["@"])))))
    assert code == 1
    assert set(found) == {("dnssec-nsec3", "iterations"), ("dnssec-nsec3", "salt"), ("dnssec-denial", "no-proof")}


def test_a_signature_below_the_apex_that_has_ended_is_found_in_the_file(ground, tmp_path):
    zone, _, run = ground
    code, found = told(run("--zonefile", str(zone.write(tmp_path / "new", Plan(spot_days={("www", "A"): (-30, -2)})))))
    assert (code, found) == (1, {("dnssec-rrsig-valid", "expired"): "appears"})


def changed(zone: HandSigned, folder: Path, *pairs: tuple[str, str]) -> str:
    """The zone's file with pieces of its text replaced, signed by the same keys."""
    text = zone.text
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return str(HandSigned(f"{NAME}.", text, zone.keys).write(folder / "new"))


def test_servers_names_and_mail_are_judged_by_the_file(ground, tmp_path):
    zone, path, run = ground
    code, found = told(run("--zonefile", str(path), checks=WHOLE))
    assert (code, set(found.values())) == (1, {"same"}), found
    one_server = next(line for line in zone.text.splitlines() if "NS ns2" in line) + "\n"
    file = changed(zone, tmp_path, (one_server, ""), ("v=spf1 mx -all", "v=spf1 mx ?all"), (BAD_DMARC, "p=none"), ("@ IN MX 10 mx\n", "@ IN MX 10 mx\n@ IN MX 20 lost_mx\n"))
    code, found = told(run("--zonefile", file, checks=WHOLE))
    appears = {name for name, change in found.items() if change == "appears"}
    assert code == 1
    assert appears == {
        ("delegation-ns-count", "too-few-ns"), ("delegation-ns-count", "one-ipv4"), ("delegation-ns-set", "extra-at-parent"), ("ipv6-ns-count", "one"), ("mail-spf-policy", "too-open"),
        ("mail-mx", "mx-unresolvable"), ("dns-names", "bad-character"),
    }  # fmt: skip


def test_what_a_change_mends_goes(ground, tmp_path):
    zone, _, run = ground
    code, found = told(run("--zonefile", changed(zone, tmp_path, (BAD_DMARC, GOOD_DMARC)), checks=WHOLE))
    assert code == 0, found
    assert found.pop(("mail-dmarc", "syntax")) == "goes"
    assert found.pop(("mail-dmarc-policy", "policy-none"), "goes") == "goes"
    assert set(found.values()) <= {"same"}, "nothing else moves"


def test_a_cds_that_the_registry_would_refuse_is_told(ground):
    zone, _, run = ground
    assert told(run("--cds", zone.ds()[0])) == (0, {("dnssec-cds-same", "only-cds"): "appears"})
    code, found = told(run("--cds", zone.ds("zsk")[0]))
    assert code == 1
    assert found[("dnssec-cds-se", "would-be-refused")] == "appears"


def test_without_history_the_zone_file_alone_is_judged(ground):
    _, path, run = ground
    code, found = told(run("--zonefile", str(path), "--no-store"))
    assert (code, found) == (0, {})
    assert told(run("--zonefile", str(path), "--no-store", "--ds", "1 13 2 " + "00" * 32))[0] == 1


def test_nothing_is_recorded(ground):
    _, path, run = ground
    assert json.loads(run("--zonefile", str(path)).stdout)["run"]["id"] is None


def test_a_bad_zone_file_is_told_line_by_line(ground, tmp_path):
    done = ground[2]("--zonefile", str(write(tmp_path / "bad", "@ IN SOA a b 1 2 3 4 5\nwww IN A 1.2.3\nx HUH y\n")))
    assert done.returncode == 2
    assert [line for line in done.stderr.splitlines() if ":2: A:" in line or ":3: HUH is no record type" in line].__len__() == 2, done.stderr
    assert "Traceback" not in done.stderr
    bad = ground[2]("--ds", "what")
    assert (bad.returncode, "--ds 'what'" in bad.stderr) == (2, True)

