"""`--nagios`: one line with figures, and Nagios' own codes, of every command that has it (interface.md U2)."""

from __future__ import annotations

import re
import shutil

from .conftest import ROOT

LINE = re.compile(r"SAMDRIFT (OK|WARNING|CRITICAL|UNKNOWN) - ([^|\n]+) \| ([a-z_]+=[0-9]+( [a-z_]+=[0-9]+)*)\n")
CODES = {"OK": 0, "WARNING": 1, "CRITICAL": 2, "UNKNOWN": 3}
AT = ("--at", "2026-11-23T08:00:00+01:00")


def told(said) -> tuple[str, str, dict[str, int]]:
    """(word, text, figures) of the one line, whose word fits the code."""
    found = LINE.fullmatch(said.out.decode())
    assert found is not None, (said.out, said.err)
    assert CODES[found[1]] == said.code
    return found[1], found[2], {name: int(value) for name, value in (one.split("=") for one in found[3].split())}


def test_an_inventory_that_is_well(call):
    word, text, figures = told(call(*AT, "inventory", "validate", "--nagios"))
    assert (word, figures["failure"], figures["warning"]) == ("OK", 0, 0)
    assert figures["objects"] > 100
    assert text.endswith("0 not well")


def test_an_inventory_with_an_error_names_it_and_is_critical(call, tmp_path):
    shutil.copytree(ROOT / "inventory", tmp_path / "copy")
    zones = tmp_path / "copy" / "zones.yml"
    zones.write_text(zones.read_text().replace("owner: berg\n", "owner: nobody\n", 1))
    word, text, figures = told(call(*AT, "--inventory", str(tmp_path / "copy"), "inventory", "validate", "--nagios"))
    assert (word, figures["failure"]) == ("CRITICAL", 1)
    assert "unknown-reference" in text
    assert "zones.yml:" in text


def test_backups_of_which_nothing_is_known_are_not_ok(call, tmp_path):
    assert call(*AT, "--store", str(tmp_path / "state"), "run", "read-halls").code in {0, 3}
    word, text, figures = told(call(*AT, "--store", str(tmp_path / "state"), "backup", "status", "--nagios"))
    assert word in {"WARNING", "CRITICAL", "UNKNOWN"}
    assert figures["backups"] > 0
    assert figures["failure"] + figures["warning"] + figures["undetermined"] > 0
    assert ": " in text


def test_a_hall_polled_at_once_says_how_many_readings_are_simulated(call):
    word, text, figures = told(call(*AT, "hall", "status", "--now", "--nagios"))
    assert (word, text) == ("OK", f"{figures['readings']} readings, 0 not well")
    assert 0 < figures["simulated"] <= figures["readings"]


def test_a_hall_reading_that_has_grown_old_is_unknown_and_named(call, tmp_path):
    store = ("--store", str(tmp_path / "state"))
    assert call(*AT, *store, "run", "read-halls").code in {0, 3}
    word, text, figures = told(call("--at", "2026-11-30T08:00:00+01:00", *store, "hall", "status", "--nagios"))
    assert (word, figures["undetermined"]) == ("UNKNOWN", figures["readings"])
    assert figures["readings"] > 0
    assert "not well; " in text
