"""What a month's notes and blockings say to people, in both languages; machines keep the English text."""

import re
from pathlib import Path

import pytest

from samdrift.model.cost import Blocking
from samdrift.model.cost_words import NOTES, blocking_words, note_words
from samdrift.model.text import Text, catalogue
from tests.unit.costs.reports_made import MEMBERS

SV, EN = Text("sv"), Text("en")
SPEC = "zero-usage negative-weight minimum-infeasible cap-infeasible empty-part gap undeclared-decrease implausible conflict ambiguous-series estimated-above-limit account-unmapped raw-changed previous-month-open"


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("no reading of energy-it in 2026-10: its usage is unknown, not 0", "inget mätvärde från energy-it i 2026-10: användningen är okänd, inte 0"),
        (
            "hall: are used energy-it on days on which it takes no part; that use does not count",
            "hall: Åre kommun använde energy-it dagar då medlemmen inte deltar; den användningen räknas inte",
        ),
        ("hall: use of rack-units (2700) is above its capacity (2604)", "hall: användningen av rack-units (2700) är över kapaciteten (2604)"),
        ("a note of a later program", "a note of a later program"),
    ],
)
def test_a_note_is_told_in_swedish_with_names(note, said):
    assert note_words(note, MEMBERS, SV) == said
    assert note_words(note, {}, EN) == note


def test_every_note_that_the_rooms_write_has_a_form():
    written = [text for path in sorted(Path("samdrift/costs").rglob("*.py")) for text in re.findall(r'f"([^"]*(?:no reading of|does not count|above its capacity)[^"]*)"', path.read_text(encoding="utf-8"))]
    assert len(written) >= len(NOTES)
    for text in written:
        filled = re.sub(r"\{[^}]*\}", "x", text)
        assert any(form.fullmatch(filled) or form.fullmatch(f"pool: {filled}") for form, _ in NOTES), text


@pytest.mark.parametrize("code", SPEC.split())
def test_each_code_of_the_specification_is_told_in_swedish(code):
    block = Blocking(code, "english", "hall", "are", "energy-it", "pdu-1")
    assert f"cost.block.{code}" in catalogue()
    assert blocking_words(block, SV) not in {"english", blocking_words(block, EN)}


def test_a_meter_never_read_and_an_unknown_code_speak_for_themselves():
    unread = Blocking("estimated-above-limit", "no reading of energy-it in 2026-10", "hall", meter="energy-it")
    assert blocking_words(unread, SV) == "inget mätvärde från energy-it: användningen är okänd, inte 0"
    assert blocking_words(Blocking("pool-cycle", "a goes over b", "a"), SV) == "a goes over b"
