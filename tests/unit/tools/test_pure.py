"""A planted float, round() or floor division near money makes `make layers` fail and is named (costs.md X1)."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
BREACHES = {
    "a float literal": ("RATE = 0.25", "the float 0.25"),
    "an annotation": ("def ore(kronor: float) -> int:\n    return int(kronor)", "float; money"),
    "round": ("def ore(value: int) -> int:\n    return round(value)", "round; money"),
    "a floor division": ("def half(ore: int) -> int:\n    return ore // 2", "// or divmod of what may be negative"),
    "a floor division in place": ("def half(ore: int) -> int:\n    ore //= 2\n    return ore", "// or divmod"),
    "divmod": ("def half(ore: int) -> tuple[int, int]:\n    return divmod(ore, 2)", "// or divmod"),
    "a method that gives a float": (
        "def hours(span):\n    return span.total_seconds()",
        ".total_seconds gives a float",
    ),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tree")
    for inside in ("samdrift/costs", "samdrift/model"):
        shutil.copytree(ROOT / inside, folder / inside)
    return folder


def looked(folder):
    return subprocess.run(
        [sys.executable, ROOT / "tools" / "pure.py", folder], capture_output=True, text=True, check=False, timeout=60
    )


def test_the_tree_as_it_is_has_no_breach():
    done = looked(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("file", ["samdrift/costs/planted.py", "samdrift/model/money.py"])
@pytest.mark.parametrize(("text", "words"), BREACHES.values(), ids=BREACHES)
def test_a_planted_breach_is_named_with_its_line(copy, file, text, words):
    path = copy / file
    before = path.read_text(encoding="utf-8") if path.exists() else '"""Planted."""\n'
    path.write_text(f"{before}\n{text}\n", encoding="utf-8")
    try:
        done = looked(copy)
    finally:
        path.write_text(before, encoding="utf-8")
    assert done.returncode == 1
    assert any(line.startswith(f"{file}:") and words in line for line in done.stdout.splitlines()), done.stdout
