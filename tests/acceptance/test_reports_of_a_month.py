"""A closed month's reports by the command line: every form, nothing of another member in any of them, the same bytes twice (costs.md E2, E3)."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).resolve().parents[2]
READINGS = Path(__file__).parent / "data" / "readings-2026-10.csv"
SCHEMAS = ROOT / "docs" / "reference" / "schemas"
AT = "2026-11-24T12:00:00Z"
PLANTED = ("krokom", "are", "rtj")


def token(member):
    return "q" + hashlib.sha256(f"planted {member}".encode()).hexdigest()[:11]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A store with October closed, from an inventory in which a device of each planted member bears a word that stands nowhere else."""
    from samdrift.cli.main import run
    from samdrift.operations.load_inventory import load_inventory

    folder = tmp_path_factory.mktemp("month")
    shutil.copytree(ROOT / "inventory", folder / "inventory")
    inventory = load_inventory(ROOT / "inventory")
    names = {
        device.id: f"{device.id}-{token(owner)}" for device in inventory.devices.values() if (owner := inventory.ownership(device).sole) in PLANTED
    }
    pattern = re.compile(r"(?<![\w.-])(" + "|".join(map(re.escape, sorted(names, key=len, reverse=True))) + r")(?![\w-])")
    for path in (folder / "inventory").rglob("*.yml"):
        path.write_text(pattern.sub(lambda found: names[found[1]], path.read_text(encoding="utf-8")), encoding="utf-8")
    readings = folder / "readings.csv"
    readings.write_text(pattern.sub(lambda found: names[found[1]], READINGS.read_text(encoding="utf-8")), encoding="utf-8")

    def samdrift(*arguments):
        given = ("--inventory", str(folder / "inventory"), "--store", str(folder / "state"), "--at", AT, *arguments)
        return run(given)

    assert samdrift("store", "migrate") == 0
    assert samdrift("usage", "import", str(readings)) == 0
    assert samdrift("cost", "close", "--month", "2026-10", "--yes", "--accept-simulated", "ett prov", "--accept-estimated", "ett prov") == 0
    return samdrift, folder


def text_of(path):
    """Everything that a reader or a program can read out of a file."""
    if path.suffix == ".pdf":
        return subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True, timeout=60).stdout.decode()
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            return "\n".join(book.read(name).decode() for name in book.namelist())
    return path.read_bytes().decode()


def write(world, out, *arguments):
    samdrift, folder = world
    assert samdrift(*arguments, str(folder / out)) == 0
    return sorted((folder / out).iterdir())


@pytest.mark.parametrize("form", ["html", "csv", "json", "xlsx", "pdf"])
def test_a_members_report_holds_its_own_words_and_nobody_elses(world, form):
    for member in PLANTED[:2]:
        files = write(world, f"member-{form}", "--as", member, "report", "member", "--month", "2026-10", "--format", form, "--out")
        own = [path for path in files if f"2026-10-{member}" in path.name]
        assert own == [path for path in own if path.stat().st_size]
        said = "".join(map(text_of, own)).replace("\n", "")
        if form != "pdf":  # where a long id is broken over lines
            assert token(member) in said, f"{member} reads nothing of its own"
        assert not [other for other in PLANTED if other != member and token(other) in said]


@pytest.mark.parametrize("form", ["csv", "json", "focus-csv", "xlsx", "pdf"])
def test_a_members_export_holds_no_line_of_another(world, form):
    files = write(world, f"export-{form}", "--as", "are", "cost", "export", "--month", "2026-10", "--format", form, "--to")
    said = "".join(map(text_of, files))
    assert "/are/" in said
    assert not re.findall(r"2026-10/[a-z-]+/(?!are/)[a-z-]+/", said)
    assert not [other for other in PLANTED if other != "are" and token(other) in said]


def test_a_member_cannot_export_the_hosts_bookkeeping(world):
    samdrift, folder = world
    assert samdrift("--as", "are", "cost", "export", "--month", "2026-10", "--format", "sie", "--to", str(folder / "sie")) == 2
    assert not (folder / "sie").exists()


@pytest.mark.parametrize("form", ["html", "pdf"])
def test_a_report_made_again_is_the_same_bytes(world, form):
    for words in (("report", "member", "--member", "are"), ("report", "board")):
        line = (*words, "--month", "2026-10", "--format", form, "--out")
        first, again = write(world, f"first-{form}-{words[1]}", *line), write(world, f"again-{form}-{words[1]}", *line)
        assert [path.name for path in first] == [path.name for path in again]
        assert [path.name for path, other in zip(first, again, strict=True) if path.read_bytes() != other.read_bytes()] == []


def test_swedish_and_english_have_the_same_numbers(world):
    told = {}
    for language in ("sv", "en"):
        (path,) = write(world, f"lang-{language}", "--lang", language, "report", "member", "--member", "are", "--month", "2026-10", "--format", "json", "--out")
        told[language] = json.loads(path.read_text(encoding="utf-8"))
        jsonschema.validate(told[language], json.loads((SCHEMAS / "member-report.json").read_text(encoding="utf-8")))
    for one, other in zip(told["sv"]["items"], told["en"]["items"], strict=True):
        for swedish, english in zip(one["tables"], other["tables"], strict=True):
            assert [{key: cell for key, cell in row.items() if isinstance(cell, int)} for row in swedish["rows"]] == [
                {key: cell for key, cell in row.items() if isinstance(cell, int)} for row in english["rows"]
            ], swedish["id"]
    assert "SEK\u00a0" in told["en"]["says"]
    assert "\u00a0kr" in told["sv"]["says"]


def test_the_report_has_all_that_a_member_is_to_read(world):
    (path,) = write(world, "whole", "report", "member", "--member", "bracke", "--month", "2026-10", "--format", "json", "--out")
    sections = {each["id"]: each for each in json.loads(path.read_text(encoding="utf-8"))["items"]}
    assert {"cost", "year", "corrections", "savings", "everybody", "usage", "backup", "compliance", "objection"} <= set(sections)
    tables = {table["id"]: table for each in sections.values() for table in each["tables"]}
    assert {"cost-lines", "cost-keys", "cost-pools", "cost-members", "months", "year-pools", "year-balance", "usage"} <= set(tables)
    assert len(tables["months"]["rows"]) == 12
    assert any("saknar värden" in each for each in sections["usage"]["missing"]), "the gap that the readings have is said"


def test_every_export_of_the_program_passes_its_schema(world):
    (path,) = write(world, "schema", "cost", "export", "--month", "2026-10", "--format", "json", "--to")
    jsonschema.validate(json.loads(path.read_text(encoding="utf-8")), json.loads((SCHEMAS / "cost-export.json").read_text(encoding="utf-8")))


def test_an_open_month_is_refused_and_a_draft_says_what_it_is(world):
    samdrift, folder = world
    assert samdrift("report", "member", "--month", "2026-11", "--out", str(folder / "open")) == 1
    assert samdrift("cost", "export", "--month", "2026-11", "--format", "csv", "--to", str(folder / "open")) == 1
    assert not (folder / "open").exists()
    (path,) = write(world, "draft", "report", "member", "--member", "are", "--month", "2026-11", "--draft", "--out")
    assert "UTKAST" in path.read_text(encoding="utf-8")
    (path,) = write(world, "draft-json", "cost", "export", "--month", "2026-11", "--format", "json", "--draft", "--to")
    assert json.loads(path.read_text(encoding="utf-8"))["draft"] is True
    assert path.name.endswith("-draft.json")


def test_a_closed_months_report_keeps_the_names_of_its_time(world):
    """The inventory changes after the close; the report of the closed month does not (E2: names as valid in the period)."""
    _, folder = world
    line = ("report", "member", "--member", "are", "--month", "2026-10", "--format", "html", "--out")
    (before,) = write(world, "before", *line)
    members = folder / "inventory" / "members.yml"
    kept = members.read_text(encoding="utf-8")
    try:
        members.write_text(kept.replace("name: Åre kommun", "name: Nya Åre kommun"), encoding="utf-8")
        (after,) = write(world, "after", *line)
    finally:
        members.write_text(kept, encoding="utf-8")
    assert before.read_bytes() == after.read_bytes()
