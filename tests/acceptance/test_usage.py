"""Usage from the command line: collected, shown by days, and verified against what was stored."""

from __future__ import annotations

import shutil

import pytest

from .conftest import ROOT, start

READINGS = ROOT / "tests" / "acceptance" / "data" / "readings-2026-10.csv"


@pytest.fixture
def store(tmp_path):
    return tmp_path / "state"


def usage(store, *arguments):
    return start("usage", *arguments, "--store", str(store), "--output", "json")


def test_collecting_twice_adds_nothing_and_a_window_of_duty_can_be_filled(store):
    first = usage(store, "collect", "--at", "2026-10-20T10:00:00Z")
    assert first.code == 0, first.err
    assert {item["meter"] for item in first.json()["items"]} == {"rack-units", "vcpu", "memory", "devices", "zones", "endpoints", "oncall-time", "energy-it"}
    again = usage(store, "collect", "--at", "2026-10-20T10:00:00Z").json()["items"]
    assert {item["accepted"] for item in again} == {0}
    filled = usage(store, "collect", "--meter", "oncall-time", "--from", "2026-10-24", "--to", "2026-10-27", "--at", "2026-10-28T00:00:00Z").json()["items"]
    assert [item["accepted"] for item in filled] == [8]  # two layers, three days, and a hand-over on Monday the 26th
    shown = usage(store, "show", "--from", "2026-10-24", "--to", "2026-10-27", "--meter", "oncall-time").json()["items"]
    assert {(item["resource"], item["quantity"]) for item in shown} == {("rota:drift/primary", "73"), ("rota:drift/secondary", "73")}


def test_wrong_days_are_said_in_one_line(store):
    for arguments, said in ((["--from", "2026-10-24"], "both needed"), (["--from", "2026-10-24", "--to", "2026-10-24"], "does not come before"), ([], "wants a month or days"), (["--month", "2026-10", "--from", "2026-10-01", "--to", "2026-10-02"], "wants a month or days")):
        done = start("usage", "show", *arguments, "--store", str(store))
        assert (done.code, said in done.err) == (2, True), done.err
    done = start("usage", "collect", "--meter", "energi-it", "--store", str(store))
    assert (done.code, "energy-it" in done.err) == (2, True)


def test_a_flipped_byte_in_a_raw_part_is_named_and_nothing_is_rolled_up_from_it(store):
    assert usage(store, "import", str(READINGS), "--source", "replayed-2026-10").code == 0
    whole = usage(store, "verify", "--month", "2026-10")
    assert (whole.code, whole.json()["items"]) == (0, [])
    assert whole.json()["totals"]["parts"] > 60
    part = sorted((store / "raw" / "energy-it").rglob("*.parquet"))[5]
    data = bytearray(part.read_bytes())
    data[len(data) // 2] ^= 1
    part.write_bytes(bytes(data))
    broken = usage(store, "verify")
    assert (broken.code, broken.json()["items"]) == (1, [{"code": "raw-changed", "what": part.relative_to(store / "raw").as_posix()}])
    assert usage(store, "show", "--month", "2026-10").code == 3


def test_a_closed_months_owner_stays_when_the_inventory_changes(store, tmp_path):
    assert usage(store, "import", str(READINGS), "--source", "replayed-2026-10").code == 0
    folder = tmp_path / "inventory"
    shutil.copytree(ROOT / "inventory", folder)
    moved = folder / "devices" / "krokom.yml"
    text = moved.read_text().replace("owner: krokom", "owner: berg")
    moved.unlink()
    (folder / "devices" / "berg.yml").write_text(text)

    def owners(inventory):
        items = start("usage", "show", "--month", "2026-10", "--meter", "energy-it", "--resource", "kro-webb-1", "--store", str(store), "--inventory", str(inventory), "--output", "json").json()["items"]
        return {item["member"] for item in items}

    assert start("inventory", "show", "kro-webb-1", "--inventory", str(folder), "--output", "json").json()["items"][0]["members"][0]["id"] == "berg"
    assert owners(ROOT / "inventory") == owners(folder) == {"krokom"}


def test_the_hourly_job_rolls_the_open_month_up_and_its_state_is_exported(store):
    from samdrift.model.period import read_instant
    from samdrift.operations.load_inventory import load_inventory
    from samdrift.operations.open_store import open_store
    from samdrift.operations.sample_usage import sample

    assert usage(store, "import", str(READINGS), "--source", "replayed-2026-10").code == 0
    done = start("run", "collect-usage", "--at", "2026-10-20T10:00:00Z", "--store", str(store), "--output", "json")
    assert done.code == 0, done.err
    at = read_instant("2026-10-20T11:00:00Z")
    with open_store(str(store), create=False) as opened:
        found = {(one.metric.removeprefix("samdrift_usage_"), one.labels.get("meter"), one.labels["member"], one.labels.get("outcome")): one.value for one in sample(load_inventory(ROOT / "inventory"), opened, at=at)}
    assert found["estimated_ratio", "backup-volume", "bracke", None] > 0  # the gap of 14 October
    assert found["estimated_ratio", "backup-volume", "krokom", None] == 0
    assert found["samples_total", "backup-volume", "krokom", "conflict"] == 0
    assert found["max_gap_seconds", "energy-it", "are", None] == 7200
    assert found["collected_until_timestamp_seconds", None, "shared", None] > 0
    assert usage(store, "verify", "--month", "2026-10").json() | {"generated_at": ""} == {
        "schema": "samdrift/usage-verification", "version": 1, "generated_at": "", "items": [], "totals": usage(store, "verify", "--month", "2026-10").json()["totals"],
    }  # fmt: skip


def test_intervals_that_overlap_are_refused_with_their_place_and_nothing_is_stored(store, tmp_path):
    file = tmp_path / "duty.csv"
    head = "meter,resource,from,to,value,unit\n"
    file.write_text(head + "oncall-time,extra,2026-10-01T08:00:00Z,2026-10-01T12:00:00Z,4,h\noncall-time,extra,2026-10-01T11:00:00Z,2026-10-01T13:00:00Z,2,h\noncall-time,extra,2026-10-01T14:00:00Z,2026-10-01T14:00:00Z,0,h\n")
    done = usage(store, "import", str(file))
    assert done.code == 2
    assert "duty.csv:3:" in done.err
    assert "error[overlap]: oncall-time of extra has another interval until 2026-10-01T12:00:00+00:00" in done.err
    assert "error[out-of-range]: an interval ends after it begins" in done.err
    file.write_text(head + "oncall-time,extra,2026-10-01T08:00:00Z,2026-10-01T12:00:00Z,4,h\n")
    assert usage(store, "import", str(file)).json()["items"][0]["accepted"] == 1
    assert usage(store, "import", str(file)).json()["items"][0]["accepted"] == 0
    file.write_text(head + "oncall-time,extra,2026-10-01T10:00:00Z,2026-10-01T15:00:00Z,5,h\n")
    again = usage(store, "import", str(file))
    assert (again.code, "overlaps what is stored" in again.err) == (2, True)


def test_two_members_for_a_resource_and_day_are_refused_in_any_order(store, tmp_path):
    file = tmp_path / "tickets.csv"
    head = "meter,resource,member,at,value\n"
    rows = ["tickets,desk,are,2026-10-05T08:00:00Z,3\n", "tickets,desk,berg,2026-10-05T09:00:00Z,2\n", "tickets,desk,berg,2026-10-06T09:00:00Z,2\n"]
    for order in (rows[:2], rows[1::-1]):
        file.write_text(head + "".join(order))
        done = usage(store, "import", str(file))
        assert (done.code, "error[owner-mismatch]: desk is given to are and berg on 2026-10-05" in done.err) == (2, True), done.err
    for order in (rows[::2], rows[::-2]):  # another day may be another member's, also in a preview
        file.write_text(head + "".join(order))
        assert usage(store, "import", str(file)).code == 0
    shown = usage(store, "show", "--month", "2026-10", "--meter", "tickets").json()["items"]
    assert {(item["member"], item["quantity"]) for item in shown} == {("are", "3"), ("berg", "2")}


def test_what_a_file_calls_shared_is_kept_as_shared(store, tmp_path):
    file = tmp_path / "tickets.csv"
    file.write_text("meter,resource,member,at,value\ntickets,desk,shared,2026-10-05T08:00:00Z,3\ntickets,hall,,2026-10-05T08:00:00Z,2\n")
    assert [usage(store, "import", str(file)).code for _ in range(2)] == [0, 0]
    shown = usage(store, "show", "--month", "2026-10", "--meter", "tickets").json()["items"]
    assert {(item["resource"], item["member"], item["quantity"]) for item in shown} == {("desk", "shared", "3"), ("hall", "unassigned", "2")}


def test_a_time_that_no_calendar_holds_is_a_bad_row(store, tmp_path):
    file = tmp_path / "tickets.csv"
    file.write_text("meter,resource,member,at,value\ntickets,desk,are,0001-01-01T00:00:00+14:00,3\ntickets,desk,are,9999-12-31T23:00:00-14:00,3\n")
    done = usage(store, "import", str(file))
    assert (done.code, done.err.count("error[naive-time]: at: ")) == (2, 2), done.err


def test_readings_stored_as_one_members_do_not_move_to_another(store, tmp_path):
    file = tmp_path / "tickets.csv"

    def add(*rows):
        file.write_text("meter,resource,member,at,value\n" + "".join(f"tickets,desk,{member},2026-10-{day}T08:00:00Z,{value}\n" for member, day, value in rows))
        return usage(store, "import", str(file))

    def shown():
        return {(item["member"], item["quantity"]) for item in usage(store, "show", "--month", "2026-10", "--meter", "tickets").json()["items"]}

    assert add(("are", "05", 3), ("are", "12", 4)).code == 0
    for rows, line in (([("berg", "05", 3)], 2), ([("berg", "05", 1)], 2), ([("are", "05", 3), ("berg", "07", 1)], 3), ([("berg", "12", 4)], 2)):
        done = add(*rows)
        assert (done.code, f"{file}:{line}:1: error[owner-mismatch]: desk is stored as are's on 2026-10-" in done.err) == (2, True), done.err
        assert shown() == {("are", "7")}
    assert add(("shared", "07", 1)).code == 2
    assert add(("berg", "04", 5)).code == 0  # before and after what is stored another member may have it
    assert add(("berg", "13", 2), ("are", "14", 1)).code == 0
    assert shown() == {("are", "8"), ("berg", "7")}
    entries = [entry["after"] for entry in start("audit", "export", "--store", str(store), "--output", "json").json()["items"] if entry["verb"] == "usage-import"]
    assert [(each["owners_put"], each["owners_changed"]) for each in entries] == [
        (1, []),
        (1, []),
        (2, [{"resource": "desk", "day": day, "member": to, "from": was} for day, to, was in (("2026-10-13", "berg", "are"), ("2026-10-14", "are", "berg"))]),
    ]


def test_an_import_that_adds_nothing_but_an_owner_is_in_the_audit(store, tmp_path):
    file = tmp_path / "tickets.csv"
    for member, accepted in (("", 1), ("are", 0)):
        file.write_text(f"meter,resource,member,at,value\ntickets,desk,{member},2026-10-05T08:00:00Z,3\n")
        assert usage(store, "import", str(file)).json()["items"][0]["accepted"] == accepted
    entries = [entry["after"] for entry in start("audit", "export", "--store", str(store), "--output", "json").json()["items"] if entry["verb"] == "usage-import"]
    assert [(each["accepted"], each["owners_put"]) for each in entries] == [(1, 0), (0, 1)]


def test_a_byte_order_mark_is_refused_with_what_to_do(store, tmp_path):
    file = tmp_path / "tickets.csv"
    file.write_text("meter,resource,member,at,value\ntickets,desk,are,2026-10-05T08:00:00Z,3\n", encoding="utf-8-sig")
    done = usage(store, "import", str(file))
    assert (done.code, done.out) == (2, b"" if isinstance(done.out, bytes) else "")
    assert f"{file}:1:1: error[byte-order-mark]: the file begins with a byte order mark\nhelp: save it as UTF-8 without one" in done.err
