"""The import contracts hold, and fail on a planted breach with its line named."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contracts.folders import ROOT

LINT_IMPORTS = Path(sys.executable).parent / "lint-imports"
BREACHES = [
    pytest.param("compliance", "import samdrift.adapters.dns", "samdrift.adapters", id="a room reaches an adapter"),
    pytest.param(
        "costs", "from samdrift.metering import aggregation", "samdrift.metering", id="a room reaches its sibling"
    ),
    pytest.param("model", "import samdrift.store", "samdrift.store", id="the model reaches the store"),
    pytest.param("halls", "import socket", "socket", id="a room reaches a socket"),
    pytest.param("alerting", "from time import time", "time", id="a room reaches the clock"),
    pytest.param(
        "daemon", "import samdrift.store", "samdrift.store", id="the daemon has a door of its own to the store"
    ),
    pytest.param("operations", "import samdrift.cli", "samdrift.cli", id="an operation reaches the command line"),
]


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(ROOT / "samdrift", tmp_path / "samdrift", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    return tmp_path


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"}
    return subprocess.run(
        [str(LINT_IMPORTS), "--no-cache", "--no-logo"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(("room", "line", "reached"), BREACHES)
def test_a_planted_import_over_a_wall_is_found_and_its_line_named(copy, room, line, reached):
    if line.startswith("import samdrift.adapters.dns"):
        (copy / "samdrift" / "adapters" / "dns.py").touch()
    if "aggregation" in line:
        (copy / "samdrift" / "metering" / "aggregation.py").touch()
    planted = copy / "samdrift" / room / "planted.py"
    planted.write_text(f'"""Planted."""\n\n{line}\n', encoding="utf-8")
    told = lint(copy)
    assert told.returncode == 1, (
        f"planted `{line}` in {room}: lint-imports ended with {told.returncode}\n{told.stdout}{told.stderr}"
    )
    found = [
        text
        for text in told.stdout.splitlines()
        if f"samdrift.{room}.planted" in text and reached in text and "l.3" in text
    ]
    assert found, f"planted `{line}` in samdrift/{room}/planted.py line 3 is not named:\n{told.stdout[-3000:]}"


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("compliance", "when = datetime.now(UTC)"),
        ("metering", "data = Path('x').read_text()"),
        ("costs", "price = 0.1"),
        ("costs", "price = float('1')"),
        ("model", "data = open('x')"),
    ],
)
def test_what_imports_do_not_show_is_found_and_its_line_named(copy, room, line):
    (copy / "samdrift" / room / "planted.py").write_text(f'"""Planted."""\n\n{line}\n', encoding="utf-8")
    told = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "pure.py"), str(copy)], capture_output=True, text=True, check=False
    )
    assert told.returncode == 1, told.stdout
    assert f"samdrift/{room}/planted.py:3:" in told.stdout, told.stdout
