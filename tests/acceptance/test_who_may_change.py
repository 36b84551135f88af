"""Who may change what is everybody's: operations; a viewer of one member reads, and nobody dates the record of changes back."""

import os
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from samdrift.store.location import DATABASE

READINGS = "tests/acceptance/data/readings-2026-10.csv"
CHANGES = {
    "usage import": ["usage", "import", READINGS],
    "cost close": ["cost", "close", "--month", "2026-10", "--yes"],
    "cost import": ["cost", "import", "inventory/cost-pools/2026-10.csv"],
    "cost correct": ["cost", "correct", "--month", "2026-10", "--reason", "x", "--yes"],
    "check run": ["check", "run", "--check", "contract-ends"],
    "run": ["run", "read-halls"],
    "store migrate": ["store", "migrate"],
    "monitor render": ["monitor", "render", "--check"],
}


@pytest.mark.parametrize("words", CHANGES)
@pytest.mark.parametrize("viewer", ["are", "prometheus"])
def test_a_viewer_who_only_reads_changes_nothing(call, words, viewer):
    said = call("--as", viewer, *CHANGES[words])
    assert (said.code, said.out) == (2, b"")
    assert f"viewer '{viewer}' reads and changes nothing" in said.err
    assert call("audit", "export", "--output", "json").json()["items"] == []


@pytest.mark.parametrize("words", ["advance", "settle"])
@pytest.mark.parametrize("viewer", ["are", "prometheus"])
def test_a_viewer_reads_what_is_booked_for_it_and_books_nothing(call, words, viewer):
    said = call("--as", viewer, "cost", words, "--year", "2026", "--yes", "--output", "json")
    assert (said.code, said.json()["items"]) == (0, [])
    assert call("audit", "export", "--output", "json").json()["items"] == []
    assert call("cost", words, "--year", "2026", "--dry-run", "--output", "json").code in {0, 1}


def test_the_record_of_changes_holds_the_real_instant_whatever_at_says(call):
    before = datetime.now(UTC).isoformat()
    assert call("--at", "2026-12-31T00:00:00Z", "usage", "import", READINGS).code == 0
    (entry,) = call("audit", "export", "--output", "json").json()["items"]
    assert before[:19] <= entry["at"][:19] <= datetime.now(UTC).isoformat()[:19]


def test_a_preview_counts_the_stored_readings_as_the_close_does(call):
    assert call("usage", "import", READINGS).code == 0
    preview = call("cost", "preview", "--month", "2026-10", "--output", "json")
    dry = call("cost", "close", "--month", "2026-10", "--dry-run", "--output", "json")
    assert "no reading of" not in preview.err
    assert preview.json()["items"] == dry.json()["items"]
    given = call("cost", "preview", "--month", "2026-10", "--readings", READINGS, "--output", "json")
    assert given.json()["totals"] == preview.json()["totals"]


def test_no_report_is_made_of_a_closed_ledger_that_was_touched(call, tmp_path):
    assert call("usage", "import", READINGS).code == 0
    assert call("cost", "close", "--month", "2026-10", "--yes").code == 0
    with closing(sqlite3.connect(Path(os.environ["SAMDRIFT_STORE"]) / DATABASE)) as opened, opened:
        opened.execute("UPDATE ledger_line SET amount_ore = amount_ore + 1 WHERE rowid = 3")
    said = call("report", "member", "--month", "2026-10", "--out", str(tmp_path / "reports"))
    assert (said.code, "is not what was frozen" in said.err) == (3, True)
    assert call("cost", "verify", "--month", "2026-10").code == 1


@pytest.mark.parametrize(("language", "word", "sentence"), [("sv", "saknar data", "inget mätvärde från {} i 2026-10: användningen är okänd, inte 0"), ("en", "no data", "no reading of {} in 2026-10: its usage is unknown, not 0")])
def test_use_that_nobody_measured_is_never_shown_as_0(call, tmp_path, language, word, sentence):
    assert call("store", "migrate").code == 0
    for words in (("--as", "are", "report", "member"), ("report", "board")):
        done = call("--lang", language, *words, "--month", "2026-10", "--draft", "--format", "html", "--out", str(tmp_path / words[-1]))
        assert done.code == 0, done.err
    (mine,) = (path.read_text(encoding="utf-8") for path in (tmp_path / "member").glob("*are*.html"))
    assert mine.count(f">{word}<") >= 2
    assert sentence.format("energy-it") in mine
    assert "kWh" in mine
    assert not re.search(r"<td[^>]*>0[.,]000</td>\s*<td[^>]*>kWh", mine)
    (board,) = (path.read_text(encoding="utf-8") for path in (tmp_path / "board").glob("*.html"))
    assert sentence.partition(" i 2026")[0].partition(" in 2026")[0].format("energy-it") in board
    assert not any(each in board for each in ("Inget avviker denna månad", "Nothing is out of the ordinary this month"))
    week = {"sv": "v.", "en": "w."}
    assert f"({week.pop(language)}\u00a0" in mine
    assert f"({week.popitem()[1]}\u00a0" not in mine + board
