"""What checks remember, at the command line: changes, scores, waivers that nothing needs, one line for Nagios, names from a file, forms for programs."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from samdrift.model.finding import Finding, Severity, Status, Subject
from samdrift.model.run import Outcome
from samdrift.store import findings, open_store
from samdrift.store.location import DATABASE
from samdrift.store.runs import end_run, start_run

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
NOW = "2026-11-24T12:00:00Z"
CONTRACTS = ["check", "run", "--check", "contract-ends", "--no-store"]


def keep(at, *found):
    with open_store(os.environ["SAMDRIFT_STORE"], create=True) as store, store.write() as connection:
        run = start_run(connection, job="check-dns", subject="all", at=at)
        findings.record(connection, run.id, found)
        end_run(connection, run.id, at=at + timedelta(minutes=1), outcome=Outcome.OK)
    return run.id


def finding(status, at, member="are", check="dnssec-ds-matches", waiver=None):
    code = {Status.OK: "ok"}.get(status, "no-valid-key")
    severity = Severity.INFO if status is Status.OK else Severity.FAILURE
    return Finding(check, code, Subject("zone", f"{member}.example"), status, severity, "m", at, member=member, waiver=waiver)


def test_diff_ends_with_one_when_something_is_worse(call):
    first = keep(AT - timedelta(days=1), finding(Status.OK, AT - timedelta(days=1)), finding(Status.FAILURE, AT - timedelta(days=1), "berg"))
    keep(AT, finding(Status.FAILURE, AT), finding(Status.OK, AT, "berg"))
    said = call("check", "diff", "--output", "json")
    assert said.code == 1
    assert [(item["zone"], item["change"], item["status"]) for item in said.json()["items"]] == [("are.example", "new", "failure"), ("berg.example", "gone", "failure")]
    assert call("check", "diff", "--since", first, "--output", "json").json()["items"] == said.json()["items"]
    assert call("check", "diff", "--since", "2026-11-24", "--output", "json").json()["items"] == said.json()["items"]
    assert call("check", "diff", "--since", "2026-11-24T03:00:00Z", "--output", "json").json()["items"] == []
    berg = call("--as", "berg", "check", "diff", "--output", "json")
    assert (berg.code, [item["zone"] for item in berg.json()["items"]]) == (0, ["berg.example"])


def test_diff_of_an_unknown_run_names_the_form(call):
    keep(AT, finding(Status.OK, AT))
    said = call("check", "diff", "--since", "K-0000")
    assert (said.code, said.out) == (2, b"")
    assert "unknown run 'K-0000'" in said.err


def test_a_score_is_of_the_month_and_a_member_reads_its_own(call):
    members = ("are", "berg", "krokom", "ragunda")
    keep(AT, *(finding(Status.FAILURE if member == "berg" else Status.OK, AT, member) for member in members))
    said = call("check", "score", "--month", "2026-11", "--output", "json").json()["items"]
    assert {(item["member"], item["score_permille"]) for item in said if item["category"] == "dnssec"} == {("are", 1000), ("berg", 0), ("krokom", 1000), ("ragunda", 1000)}
    assert {item["score_permille"] for item in said if item["member"] == "stromsund"} == {None}, "nothing was judged of it"
    assert said[0]["quartiles"] == {"first_permille": 750, "median_permille": 1000, "third_permille": 1000}
    own = call("--as", "berg", "check", "score", "--output", "json")
    assert {item["member"] for item in own.json()["items"]} == {"berg"}
    assert b"krokom" not in own.out
    assert {item["score_permille"] for item in call("check", "score", "--month", "2026-10", "--output", "json").json()["items"]} == {None}


def test_without_runs_nothing_is_said_of_a_waiver_s_use(call):
    waived = call("check", "waivers", "--output", "json").json()["items"]
    assert {item["unused"] for item in waived} == {None}


@pytest.mark.parametrize(("used", "expected"), [(True, False), (False, True)])
def test_use_of_a_waiver_is_read_from_the_runs(call, used, expected, tmp_path):
    folder = tmp_path / "inventory"
    shutil.copytree(Path("inventory").resolve(), folder)
    row = "  - {id: w-1, subject: zone:are-example, check: dnssec-ds-matches, reason: r, owner: harjedalen-it-manager, from: 2026-09-01, until: 2027-06-30}\n"
    (folder / "waivers.yml").write_text((folder / "waivers.yml").read_text() + row)
    for days in range(40, 0, -5):
        at = AT - timedelta(days=days)
        keep(at, finding(Status.WAIVED if used and days == 10 else Status.OK, at, waiver="w-1" if used and days == 10 else None))
    said = call("--at", NOW, "--inventory", str(folder), "check", "waivers", "--output", "json").json()["items"]
    assert {item["id"]: item["unused"] for item in said}["w-1"] is expected


def test_one_line_for_nagios_with_its_own_codes(call):
    said = call("--at", NOW, "--lang", "en", *CONTRACTS, "--nagios")
    assert said.code in {0, 1, 2}
    assert said.out.decode().startswith(f"SAMDRIFT {('OK', 'WARNING', 'CRITICAL')[said.code]} - ")
    assert " | failure=" in said.out.decode()
    assert said.out.count(b"\n") == 1


def test_every_bad_name_of_a_file_is_told_with_its_line(call, tmp_path):
    path = tmp_path / "names.txt"
    path.write_text("krokom.example\n  a..b\n# nothing\n" + "x" * 64 + ".example\n")
    said = call("check", "run", "--names", str(path), "--no-store")
    assert (said.code, said.out) == (2, b"")
    assert f"{path}:2:3: error[bad-name]" in said.err
    assert f"{path}:4:1: error[bad-name]" in said.err
    assert "has 2 errors" in said.err


def test_junit_and_sarif_are_of_check_run_alone(call):
    cases = fromstring(call("--at", NOW, *CONTRACTS, "--output", "junit").out)
    assert {case.attrib["name"] for case in cases.iter("testcase")} == {"contract-ends"}
    log = call("--at", NOW, *CONTRACTS, "--output", "sarif").json()
    assert log["version"] == "2.1.0"
    assert {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in log["runs"][0]["results"]} == {"inventory/contracts.yml"}
    for words in (["check", "list"], ["inventory", "list", "members"]):
        said = call(*words, "--output", "sarif")
        assert (said.code, said.out) == (2, b"")
        assert "--output sarif is for check run" in said.err


def test_a_run_shows_the_verdicts_of_its_day(call):
    run = keep(AT, finding(Status.FAILURE, AT))
    said = call("check", "rejudge", run, "--rules", "then", "--output", "json")
    assert (said.code, [item["code"] for item in said.json()["items"]]) == (1, ["no-valid-key"])


def test_findings_that_the_store_does_not_take_are_shown_all_the_same(call):
    with closing(sqlite3.connect(Path(os.environ["SAMDRIFT_STORE"]) / DATABASE)) as opened, opened:
        opened.execute("ALTER TABLE finding RENAME TO lost")
    said = call("--at", NOW, "check", "run", "--check", "contract-ends", "--output", "json")
    assert said.code == 3
    assert said.json()["items"]
    assert said.json()["run"]["id"] is None
    assert "error: cannot write" in said.err


def test_every_zone_has_an_item_of_every_chosen_check(call):
    items = call("--at", NOW, "check", "run", "--check", "ipv6-service-parity", "--check", "contract-ends", "--deadline", "1", "--hints", "inventory/files/inside.hints", "--no-store", "--output", "json").json()["items"]
    zones = {zone["id"] for zone in call("inventory", "list", "zones", "--output", "json").json()["items"]}
    assert len({item["zone"] for item in items if item["check"] == "ipv6-service-parity" and item["zone"]}) >= len(zones)
    assert {item["zone"] for item in items if item["check"] == "contract-ends"} == {None}
