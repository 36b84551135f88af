"""Months from preview to correction by the command line: closed once, verified to the byte, corrected forward, signed where a key is set."""

import csv
import io
import json
import re
import sqlite3
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from fractions import Fraction

import pytest

from samdrift.inventory import loading
from samdrift.model import fields
from samdrift.operations import close_costs, export_makers, ledger_exports
from samdrift.operations.load_inventory import load_inventory
from samdrift.operations.sample_costs import sample
from samdrift.store import open_store
from samdrift.store.location import DATABASE
from tests.acceptance.conftest import start
from tests.acceptance.cost_ground import agreement, write

HEADER = "document,line,pool,amount,from,to,spread,kind,supplier,text\n"
AT = "2026-06-01T08:00:00+02:00"


@pytest.fixture
def house(tmp_path, call):
    """house(*words) runs samdrift on a small inventory of the test's own; house.folder is that inventory."""

    class House:
        folder = write(tmp_path / "inventory", {"agreements/avtal.yml": agreement()})
        files = tmp_path

        def __call__(self, *words, at=AT, **rest):
            return call("--inventory", str(self.folder), "--at", at, *words, **rest)

        def json(self, *words, **rest):
            return json.loads(self(*words, "--output", "json", **rest).out)

        def documents(self, *rows):
            path = self.files / "documents.csv"
            path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
            return str(path)

        def paid(self, month):
            return {line["line"].removeprefix(f"{month}/"): line["amount_ore"] for line in self.json("cost", "preview", "--month", month)["items"]}

    return House()


JANUARY = "F1,1,adm,100.00,2026-01-01,2026-02-01,,invoice,Bolag,"
FEBRUARY = "F2,1,adm,100.00,2026-02-01,2026-03-01,,invoice,Bolag,"


def test_a_document_imports_once_and_a_changed_one_is_refused_with_its_row(house):
    path = house.documents(JANUARY)
    assert house.json("cost", "import", path)["items"] == [{"accepted": 1, "duplicates": 0, "conflicts": 0, "set_aside": 0}]
    assert house.json("cost", "import", path)["items"][0]["accepted"] == 0
    bad = house.documents(JANUARY.replace("100.00", "100.01"), FEBRUARY.replace("adm", "administration"), "F3,1,adm,1.005,2026-02-01,2026-03-01,,,,", "F4,1,adm,10 EUR,2026-02-01,2026-03-01,,,,")
    said = house("cost", "import", bad)
    assert said.code == 2
    for number, code in ((2, "document-changed"), (3, "unknown-pool"), (4, "fraction-of-ore"), (5, "currency")):
        assert f"documents.csv:{number}:1: error[{code}]" in said.err, said.err
    assert house.paid("2026-01") == {"adm/are/key": 3334, "adm/krokom/key": 3333, "adm/region-jh/key": 3333, "hall/are/key": 0, "hall/krokom/key": 0, "hall/region-jh/key": 0}


def test_the_csv_of_a_preview_is_its_items_with_all_their_names(house):
    house("cost", "import", house.documents(JANUARY, JANUARY.replace("F1,1", "F1,2").replace("100.00", "-300.00")))
    items = house.json("cost", "preview", "--month", "2026-01")["items"]
    rows = list(csv.DictReader(io.StringIO(house("cost", "preview", "--month", "2026-01", "--output", "csv").out.decode())))
    assert [list(row) for row in rows] == [list(item) for item in items]
    for row, item in zip(rows, items, strict=True):
        assert json.loads(row["versions"]) == item["versions"]
        assert row["documents"].split() == item["documents"]
        plain = {name: value for name, value in item.items() if name not in {"versions", "documents"}}
        assert {name: row[name] for name in plain} == {name: "" if value is None else str(value) for name, value in plain.items()}
    assert rows[0]["exact_ore"] == "-20000/3"


def test_a_document_on_days_of_no_version_is_an_agreement_gap(house):
    said = house("cost", "import", house.documents(JANUARY.replace("2026", "2024")))
    assert said.code == 2
    assert "documents.csv:2:1: error[agreement-gap]: no version of avtal is valid on 2024-01-01" in said.err


def test_a_slip_in_a_year_or_amount_is_a_bad_row(house):
    bad = house.documents(JANUARY.replace("2026-02-01,", "9999-12-31,days"), FEBRUARY.replace("100.00", "9" * 30), FEBRUARY.replace("F2", "F3").replace("100.00", "-10000000000000.01"))
    said = house("cost", "import", bad)
    assert said.code == 2, said.err
    for number, text in ((2, "from and to lie in 1900 to 2199"), (3, "amount is over 10000000000000 kr"), (4, "amount is over")):
        assert f"documents.csv:{number}:1: error[out-of-range]: {text}" in said.err, said.err


def test_months_close_in_order_once_and_verify_after_a_correction(house):
    house("cost", "import", house.documents(JANUARY, FEBRUARY))
    for way in ("--dry-run", "--yes"):  # the first close leaves no document behind that could then never be paid
        early = house("cost", "close", "--month", "2026-02", way)
        assert (early.code, "previous-month-open" in early.err, "2026-01 of avtal is not closed" in early.err) == (1, True, True), early.err
    assert house("cost", "close", "--month", "2026-01", "--yes").code == 0
    again = house("cost", "close", "--month", "2026-01", "--yes")
    assert (again.code, "closed already" in again.err) == (1, True)
    order = house("cost", "close", "--month", "2026-03", "--yes")
    assert (order.code, "previous-month-open" in order.err) == (1, True)
    assert house("cost", "close", "--month", "2026-03", "--dry-run").code == 1
    assert house("cost", "close", "--month", "2026-06", "--yes").code == 1
    assert house("cost", "verify", "--month", "2026-01").code == 0
    nothing = house("cost", "correct", "--month", "2026-01", "--reason", "inget", "--dry-run")
    assert nothing.code == 0

    late = house.json("cost", "import", house.documents("F9,1,adm,-0.31,2026-01-15,2026-02-01,,credit,Bolag,sen kredit", "F9,2,hall,30.00,2026-01-15,2026-02-01,,invoice,Bolag,sen"))
    assert late["closed_months"] == ["2026-01"]
    dry = house("cost", "correct", "--month", "2026-01", "--reason", "sen kredit", "--dry-run", "--output", "json")
    assert dry.code == 1
    lines = {line["line"]: (line["amount_ore"], line["corrects"]) for line in json.loads(dry.out)["items"]}
    # 9969: 3323 each; 3000: 1000 each
    assert lines == {
        "2026-02/adm/are/correction/2026-01": (-11, "2026-01/adm/are/key"), "2026-02/adm/krokom/correction/2026-01": (-10, "2026-01/adm/krokom/key"),
        "2026-02/adm/region-jh/correction/2026-01": (-10, "2026-01/adm/region-jh/key"), "2026-02/hall/are/correction/2026-01": (1000, "2026-01/hall/are/key"),
        "2026-02/hall/krokom/correction/2026-01": (1000, "2026-01/hall/krokom/key"), "2026-02/hall/region-jh/correction/2026-01": (1000, "2026-01/hall/region-jh/key"),
    }  # fmt: skip
    assert house("cost", "correct", "--month", "2026-01", "--reason", "sen kredit", "--yes").code == 0
    assert house.json("cost", "correct", "--month", "2026-01", "--reason", "igen", "--yes")["items"] == []
    february = house.json("cost", "preview", "--month", "2026-02")
    pools = {each["pool"]: each for each in february["totals"]["pools"]}
    assert pools["adm"]["amount_ore"] == pools["adm"]["allocated_ore"] == 10000 - 31
    assert sum(each["net_ore"] for each in february["totals"]["members"]) == 10000 - 31 + 3000
    # the carried remainder is February's own: the correction is rounded by itself
    assert {line["member"]: line["amount_ore"] for line in february["items"] if line["component"] == "key" and line["pool"] == "adm"} == {"are": 3333, "krokom": 3334, "region-jh": 3333}
    assert house("cost", "close", "--month", "2026-02", "--yes").code == 0
    for month in ("2026-01", "2026-02"):
        assert house("cost", "verify", "--month", month).code == 0, month
    assert house.json("cost", "correct", "--month", "2026-01", "--reason", "igen", "--yes")["items"] == []
    house("cost", "import", house.documents("F10,1,adm,0.03,2026-01-15,2026-02-01,,other,,"))
    third = house.json("cost", "correct", "--month", "2026-01", "--reason", "ännu en", "--yes")
    assert {line["line"]: line["amount_ore"] for line in third["items"]} == {f"2026-03/adm/{each}/correction/2026-01": 1 for each in ("are", "krokom", "region-jh")}


def test_a_version_used_in_a_closed_month_may_end_but_not_change_and_closed_days_need_a_retroactive_one(house):
    house("cost", "import", house.documents(JANUARY))
    house("cost", "close", "--month", "2026-01", "--yes")
    write(house.folder, {"agreements/avtal.yml": agreement(key="vikt")})
    changed = house("cost", "preview", "--month", "2026-02")
    assert changed.code == 2
    assert "agreements/avtal.yml:1:33: error[agreement-changed-after-close]: version 1 was used in a closed month and has changed" in changed.err
    write(house.folder, {"agreements/avtal.yml": agreement(end="2026-02-01"), "agreements/nytt.yml": agreement("2", "2026-02-01", key="vikt")})
    assert house("cost", "preview", "--month", "2026-02").code == 0
    write(house.folder, {"agreements/avtal.yml": agreement(end="2026-01-01"), "agreements/nytt.yml": agreement("2", "2026-01-01", key="vikt")})
    taken = house("cost", "correct", "--month", "2026-01", "--reason", "ny nyckel", "--dry-run")
    assert (taken.code, "is not retroactive" in taken.err) == (2, True)
    write(house.folder, {"agreements/nytt.yml": agreement("2", "2026-01-01", key="vikt", more=", retroactive: true")})
    made = house.json("cost", "correct", "--month", "2026-01", "--reason", "ny nyckel, beslut", "--yes")
    assert {line["member"]: line["amount_ore"] for line in made["items"]} == {"region-jh": 5000 - 3333, "are": 2500 - 3334, "krokom": 2500 - 3333}
    assert house.json("cost", "correct", "--month", "2026-01", "--reason", "igen", "--yes")["items"] == []
    assert house("cost", "verify", "--month", "2026-01").code == 0


def test_a_key_signs_each_close_and_a_forged_signature_is_named(house):
    state = house.files / "state"
    keys = state / "keys"
    house("cost", "import", house.documents(JANUARY))
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(keys / "close-ed25519.pem")], check=True, timeout=60)
    (keys / "close-ed25519.pem").chmod(0o600)
    assert house("cost", "close", "--month", "2026-01", "--yes").code == 0
    verified = house.json("cost", "verify", "--month", "2026-01")
    assert len(verified["signed_by"]) == 64
    with closing(sqlite3.connect(state / DATABASE)) as database, database:
        database.execute("UPDATE month_close SET signature = ?", ("00" * 64,))
    forged = house("cost", "verify", "--month", "2026-01")
    assert (forged.code, "signature of 2026-01 does not fit" in forged.out.decode()) == (1, True)


def upgraded(patch, **versions):
    """From here on the program runs with other versions of libraries, and its PDFs come out as other bytes."""
    real = export_makers.maker_versions
    patch.setattr(export_makers, "maker_versions", lambda: {**real(), **versions})
    patch.setattr(ledger_exports, "render_pdf", lambda _: b"%PDF-1.7 of another day")


def test_after_an_upgrade_verify_names_the_forms_that_it_does_not_compare(house, monkeypatch):
    house("cost", "import", house.documents(JANUARY, FEBRUARY))
    house("cost", "close", "--month", "2026-01", "--yes")
    assert house.json("cost", "verify", "--month", "2026-01")["not_compared"] == []
    with monkeypatch.context() as patch:
        upgraded(patch)  # the same versions: other bytes are a fault
        said = house("cost", "verify", "--month", "2026-01", "--output", "json")
        assert (said.code, [each["fault"] for each in json.loads(said.out)["items"]]) == (1, ["the export avtal-2026-01.pdf of 2026-01 computed anew differs from the closed one"])
    upgraded(monkeypatch, weasyprint="999.0", pyarrow="999.0")
    said = house("cost", "verify", "--month", "2026-01", "--output", "json")
    assert (said.code, json.loads(said.out)["not_compared"]) == (0, ["focus-parquet", "pdf"])
    assert "focus-parquet, pdf" in house("cost", "verify", "--month", "2026-01").err
    monkeypatch.setattr(ledger_exports, "csv_table", lambda _: b"other")
    forms = house.json("cost", "verify", "--month", "2026-01")["items"]
    assert forms, "what hangs on the ledger alone is still compared"
    assert all(each["fault"].startswith("the export avtal-2026-01-") for each in forms)


def test_a_close_from_before_makers_were_kept_compares_what_hangs_on_the_ledger_alone(house, monkeypatch):
    house("cost", "import", house.documents(JANUARY))
    with monkeypatch.context() as patch:
        patch.setattr(export_makers, "makers", dict)
        patch.setattr(close_costs, "makers", dict)
        house("cost", "close", "--month", "2026-01", "--yes")
    said = house.json("cost", "verify", "--month", "2026-01")
    assert (said["whole"], said["not_compared"]) == (True, ["focus-parquet", "xlsx", "pdf"])


def test_a_close_of_an_inventory_that_is_refused_today_still_verifies_and_its_version_may_be_mended(house, monkeypatch):
    written = house.folder / "agreements/avtal.yml"
    good = written.read_text(encoding="utf-8")
    loose = good.replace("decision: beslut", 'decision: " "').replace("adm: {key: jamnt}", "adm: {key: jamnt, minimum: -800.00}")
    written.write_text(loose + "  ledning: {key: vikt, over: {pools: [adm], by: even}}\n", encoding="utf-8")
    house("cost", "import", house.documents(JANUARY))
    then = {name: rule for name, rule in loading.rules().items() if name not in {"pool-shape", "word-given"}}
    with monkeypatch.context() as patch:
        patch.setattr(loading, "rules", lambda: then)
        patch.setattr(fields, "_read_bound", fields._read_ore)
        closed = house("cost", "close", "--month", "2026-01", "--yes")
        assert closed.code == 0, closed.err
    said = house("cost", "preview", "--month", "2026-02")
    assert (said.code, sorted(re.findall(r"error\[(.*?)\]", said.err))) == (2, ["empty-value", "out-of-range"])
    written.write_text(good + "  ledning: {over: {pools: [adm], by: even}}\n", encoding="utf-8")
    assert house("cost", "verify", "--month", "2026-01").code == 0
    house("cost", "import", house.documents(FEBRUARY))
    closed = house("cost", "close", "--month", "2026-02", "--yes")
    assert closed.code == 0, closed.err
    written.write_text(good.replace("adm: {key: jamnt}", "adm: {key: vikt}") + "  ledning: {over: {pools: [adm], by: even}}\n", encoding="utf-8")
    assert "agreement-changed-after-close" in house("cost", "preview", "--month", "2026-03").err


COUNTED = "meter,resource,member,at,from,to,value,unit,quality\n"


def test_a_late_sample_changes_no_report_of_a_closed_month_and_waits_for_a_correction(house):
    def imported(*rows):
        path = house.files / "readings.csv"
        path.write_text(COUNTED + "".join(f"energy-it,{row},,\n" for row in rows), encoding="utf-8")
        return house.json("usage", "import", str(path))["items"][0]["accepted"]

    def report(to, form):
        said = house("report", "member", "--member", "are", "--month", "2026-01", "--format", form, "--out", str(house.files / to))
        assert said.code == 0, said.err
        (path,) = (house.files / to).iterdir()
        return path.read_bytes()

    ends = ("2026-01-01T00:00:00+01:00,,,0", "2026-01-20T00:00:00+01:00,,,1000")
    assert imported(*(f"matare-{member},{member},{end}" for member in ("are", "krokom") for end in ends)) == 4
    house("cost", "import", house.documents(JANUARY.replace("adm", "hall")))
    closed = house("cost", "close", "--month", "2026-01", "--yes", "--accept-estimated", "glesa avläsningar")
    assert closed.code == 0, closed.err
    assert house.paid("2026-01")["hall/are/key"] == 5000
    before = {form: report(f"before-{form}", form) for form in ("html", "json")}
    assert b"matare-are" in before["html"]
    assert imported("matare-are,are,2026-01-25T00:00:00+01:00,,,4000") == 1
    assert house.json("usage", "show", "--month", "2026-01", "--resource", "matare-are")["items"][0]["samples"] == 3
    house("usage", "verify", "--month", "2026-01")
    assert {form: report(f"after-{form}", form) == before[form] for form in before} == {"html": True, "json": True}
    assert house("cost", "verify", "--month", "2026-01").code == 0
    dry = house("cost", "correct", "--month", "2026-01", "--reason", "sen avläsning", "--accept-estimated", "glesa avläsningar", "--dry-run", "--output", "json")
    # 4000 of 5000 Wh is 80.00 of 100.00
    assert (dry.code, {line["member"]: line["amount_ore"] for line in json.loads(dry.out)["items"]}) == (1, {"are": 3000, "krokom": -3000})


def test_two_closes_at_once_close_once(house):
    house("cost", "import", house.documents(JANUARY))
    with ThreadPoolExecutor(4) as pool:
        words = ["--inventory", str(house.folder), "--at", AT, "--store", str(house.files / "state"), "cost", "close", "--month", "2026-01", "--yes"]
        codes = sorted(pool.map(lambda _: start(*words).code, range(4)))
    assert codes[0] == 0
    assert set(codes[1:]) <= {1, 75}
    assert house("cost", "verify", "--month", "2026-01").code == 0


def test_the_daily_watch_estimates_looks_for_corrections_and_proves_the_newest_close(house):
    write(house.folder, {"budgets/all.yml": "budgets:\n  - {id: budget-2026, agreement: avtal, year: 2026, pools: {adm: 160.00}}\n"})
    house("cost", "import", house.documents(JANUARY, FEBRUARY))
    assert house("cost", "close", "--month", "2026-01", "--yes").code == 0
    house("cost", "import", house.documents("F9,1,adm,0.30,2026-01-15,2026-02-01,,other,,"))
    assert house("run", "watch-costs").code == 0
    with open_store(house.files / "state") as store:
        inventory = load_inventory(house.folder)
        found = {(each.metric.removeprefix("samdrift_cost_"), *each.labels.values()): each.value for each in sample(inventory, store, at=datetime.now(UTC))}
    assert found["verify_success", "avtal"] == 1
    assert found["last_closed_month_timestamp_seconds", "avtal"] == datetime(2026, 1, 31, 23, tzinfo=UTC).timestamp()
    assert {member: found["correction_pending_ore", member] for member in ("are", "krokom", "region-jh")} == dict.fromkeys(("are", "krokom", "region-jh"), 10)
    assert found["estimate_ore", "adm", "krokom"] == 3334
    assert found["unallocated_ore", "adm"] == 0
    assert found["budget_spent_ratio", "adm"] == Fraction(200, 160)
    with closing(sqlite3.connect(house.files / "state" / DATABASE)) as database, database:
        database.execute("UPDATE ledger_line SET amount_ore = amount_ore + 1 WHERE payer = 'are'")
    assert house("run", "watch-costs").code == 1
    with open_store(house.files / "state") as store:
        values = {each.metric: each.value for each in sample(inventory, store, at=datetime.now(UTC)) if "verify" in each.metric}
    assert values == {"samdrift_cost_verify_success": 0}
