"""The four outputs carry the same data; text from outside is shown as text everywhere."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samdrift.cli.frame.table import lines
from samdrift.cli.frame.terminal import Terminal, look, width_of
from samdrift.cli.output import Document, Tally, as_csv, as_json, as_lines, as_markdown, as_table
from samdrift.model.errors import SamdriftError
from samdrift.model.section import Column
from samdrift.model.text import Text

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
PIPE = Terminal(is_terminal=False, colour=False, symbols=True)
SCREEN = Terminal(is_terminal=True, colour=True, symbols=True, width=80)
COLUMNS = (
    Column("id", "Id", "id"),
    Column("name", "Namn"),
    Column("status", "Läge", "state"),
    Column("amount_ore", "Belopp", "money"),
    Column("size_bytes", "Storlek", "bytes"),
    Column("age_seconds", "Ålder", "duration"),
    Column("seen_at", "Sedd", "instant"),
    Column("share", "Del", "quantity"),
)
ITEM = {"id": "w3d3", "name": "Ärenden", "status": "failure", "amount_ore": 123450, "size_bytes": 3 * 2**30, "age_seconds": 200, "seen_at": "2026-11-22T06:00:00Z", "share": "1/3"}
HOSTILE = ["<script>alert(1)</script>", "\x1b[31mröd", "a\u202eb", "=cmd()", "+1", "-x", "@y", "tab\there", "line\nbreak", "a|b", "\x00", "\x9b31m", "\ud800"]


def document(*items, columns=COLUMNS):
    return Document("samdrift/x", 1, items, columns, NOW, {})


def test_people_read_swedish_forms_and_unknown_is_a_dash():
    (_, row, unknown) = as_lines(document(ITEM, {"id": "b"}), Text("sv"), PIPE)
    assert row.rstrip("\n").replace("\u00a0", " ").split("\t") == ["w3d3", "Ärenden", "✗ FEL", "1 234,50 kr", "3,00 GiB", "3 min 20 s", "2026-11-22 07:00 CET (v. 47)", "0,333"]
    assert unknown == "b" + "\t–" * 7 + "\n"


def test_english_is_english_all_through():
    (_, row) = as_lines(document({**ITEM, "seen_at": "2026-11-23T06:00:00Z"}), Text("en"), PIPE)
    assert row.rstrip("\n").replace("\u00a0", " ").split("\t")[2:] == ["✗ FAILURE", "SEK 1,234.50", "3.00 GiB", "3 min 20 s", "2026-11-23 07:00 CET (w. 48), 1 h ago", "0.333"]


def test_json_is_sorted_as_given_with_schema_version_and_instant():
    envelope = json.loads(as_json(document(ITEM)))
    assert list(envelope) == ["schema", "version", "generated_at", "items"]
    assert envelope["generated_at"] == "2026-11-23T07:00:00Z"
    assert envelope["items"] == [ITEM]


@pytest.mark.parametrize("value", [Fraction(1, 3), object(), b"x"])
def test_what_has_no_json_form_is_an_own_fault_not_a_guess(value):
    with pytest.raises(TypeError, match="has no JSON form"):
        as_json(document({"id": value}))


def test_nan_is_refused():
    with pytest.raises(ValueError, match="not JSON compliant"):
        as_json(document({"id": float("nan")}))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_harmless_in_every_form(text):
    columns = COLUMNS[:2]
    one = document({"id": "a", "name": text}, columns=columns)
    forms = [as_json(one), b"".join(as_csv(one)), *("".join(form).encode("utf-8", "backslashreplace") for form in (as_markdown(one, Text("sv"), PIPE), as_lines(one, Text("sv"), PIPE), as_table(one, Text("sv"), Terminal(True, False, True))))]
    for form in forms:
        assert b"\x1b" not in form
        assert b"\x00" not in form
        decoded = form.decode()
        assert "\u202e" not in decoded or form is forms[0]
        assert "\x9b" not in decoded or form is forms[0]
    assert len(forms[3].splitlines()) == 2
    assert json.loads(forms[0].decode("utf-8"))["items"][0]["name"] in {text, "\\ud800"}
    assert "<script>" not in forms[2].decode()


@pytest.mark.parametrize(("given_text", "cell"), [("=1+1", "'=1+1"), ("+46", "'+46"), ("-x", "'-x"), ("@a", "'@a"), ("-1.5", "-1.5"), ("-12", "-12"), ("a=b", "a=b")])
def test_cells_like_formulas_are_defused_and_numbers_stay(given_text, cell):
    rows = list(csv.reader(io.StringIO(b"".join(as_csv(document({"id": given_text}, columns=COLUMNS[:1]))).decode(), newline="")))
    assert rows == [["id"], [cell]]


def test_a_negative_integer_stays_a_number_in_csv():
    assert b"".join(as_csv(document({"id": -5}, columns=COLUMNS[:1]))) == b"id\r\n-5\r\n"


@given(st.lists(st.fixed_dictionaries({"id": st.text(max_size=300), "name": st.text(max_size=300), "status": st.sampled_from(["ok", "failure", "odd"])}), max_size=5), st.integers(20, 200))
def test_a_table_never_is_wider_than_the_terminal_but_for_what_is_never_cut(items, width):
    columns = COLUMNS[:3]
    terminal = Terminal(True, False, True, width)
    for line in "".join(as_table(document(*items, columns=columns), Text("sv"), terminal)).split("\n"):
        whole = [str(item["id"]) for item in items]
        assert width_of(line) <= width or any(width_of(text) > width - 40 for text in whole) or width < 40, line


def test_ids_and_states_are_never_cut_and_long_text_wraps():
    name = "en mycket lång text utan plats på raden " * 5
    shown = "".join(as_table(document({"id": "x" * 41, "name": name, "status": "not-applicable"}, columns=COLUMNS[:3]), Text("sv"), Terminal(True, False, True, 80)))
    assert "x" * 41 in shown
    assert "– EJ TILLÄMPLIGT" in shown
    assert all(width_of(line) <= 80 for line in shown.splitlines())
    assert " ".join(shown.split()).count("plats") == 5


def test_at_width_20_a_row_becomes_lines_of_heading_and_value():
    shown = "".join(as_table(document({"id": "a" * 41, "name": "b " * 30, "status": "failure"}, columns=COLUMNS[:3]), Text("sv"), Terminal(True, False, True, 20)))
    assert "Läge: ✗ FEL" in shown


def test_states_are_told_apart_without_colour_and_without_symbols():
    from samdrift.cli.frame.states import LOOKS, words

    plain = Terminal(False, False, symbols=False)
    seen = {state: words(state, Text(language), plain) for language in ("sv", "en") for state in LOOKS}
    assert all(word.isascii() or language for word in seen.values() for language in ("sv",))
    assert all(len(word.split(" ", 1)) == 2 for word in seen.values())


def test_colour_is_only_around_states():
    shown = "".join(as_table(document({"id": "a", "name": "n", "status": "ok"}, columns=COLUMNS[:3]), Text("sv"), SCREEN))
    assert "\x1b[34m✓ OK\x1b[0m" in shown
    assert shown.count("\x1b[") == 2


def test_the_summary_has_the_count_and_the_worst_state():
    tally, one = Tally(), document({"status": "ok"}, {"status": "failure"}, {"status": "undetermined"})
    assert len(list(tally.watch(one))) == 3
    assert tally.line(one, Text("sv"), PIPE) == "3 rader; värst: ✗ FEL"


@pytest.mark.parametrize(
    ("environment", "terminal", "colour"),
    [({}, True, True), ({}, False, False), ({"NO_COLOR": "1"}, True, False), ({"NO_COLOR": ""}, True, True), ({"TERM": "dumb"}, True, False), ({"CLICOLOR_FORCE": "1"}, False, True), ({"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, False, False)],
)
def test_colour_follows_the_terminal_and_the_variables(environment, terminal, colour):
    class Stream(io.TextIOWrapper):
        def isatty(self):
            return terminal

    assert look(Stream(io.BytesIO(), encoding="utf-8"), environment).colour is colour
    assert look(Stream(io.BytesIO(), encoding="ascii"), environment).symbols is False


def test_a_table_in_a_pipe_begins_before_its_last_row_is_made():
    def rows():
        yield {"id": "first"}
        raise SamdriftError("not asked for yet")

    begun = as_lines(document(columns=COLUMNS[:1]).__class__("samdrift/x", 1, rows(), COLUMNS[:1], NOW, {}), Text("sv"), PIPE)
    assert [next(begun), next(begun)] == ["Id\n", "first\n"]


def test_numbers_are_right_aligned():
    shown = list(lines((Column("id", "Id", "id"), Column("n", "Antal", "integer")), [(("a", "5"), (None, None)), (("b", "1 234"), (None, None))], Terminal(True, False, True)))
    assert shown[2].endswith("    5")
    assert shown[3].endswith("1 234")


def test_an_encoding_without_swedish_letters_gets_plain_spaces_and_escapes():
    from samdrift.cli.output import fitting

    assert fitting("Åre 1\u00a0234", "ascii") == "\\xc5re 1 234"
    assert fitting("Åre 1\u00a0234", "latin-1") == "Åre 1\u00a0234"
    assert fitting("✓ \ud800", "utf-8") == "✓ \\ud800"
