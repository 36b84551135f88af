"""A close, a correction and an import killed at any moment: all of it or nothing, and the next run gives the same ledger (costs.md 8)."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.acceptance.cost_ground import agreement, write

SAMDRIFT = str(Path(sys.executable).parent / "samdrift")
SAMPLE = bool(os.environ.get("SAMDRIFT_SAMPLE"))
KILLS = 2 if SAMPLE else 60
SEED = int(os.environ.get("SAMDRIFT_SEED", "20261129"))
LIMIT_S = 120
AT = "2026-06-01T08:00:00+02:00"
ROWS = "document,line,pool,amount,from,to\n" + "".join(f"F{number},1,adm,{number}.37,2026-01-01,2026-02-01\n" for number in range(1, 200))


@pytest.fixture
def house(tmp_path):
    write(tmp_path / "inventory", {"agreements/avtal.yml": agreement()})
    (tmp_path / "rows.csv").write_text(ROWS, encoding="utf-8")
    (tmp_path / "late.csv").write_text("document,line,pool,amount,from,to\nSEN,1,adm,30.01,2026-01-01,2026-02-01\n", encoding="utf-8")
    return tmp_path


def line(house, state, *words):
    return [SAMDRIFT, "--inventory", str(house / "inventory"), "--at", AT, "--store", str(house / state), *words]


def run(house, state, *words):
    return subprocess.run(line(house, state, *words), capture_output=True, text=True, timeout=LIMIT_S, check=False)


def killed(house, state, after_s, *words):
    """Starts the command and kills it a while later; gives whether it had ended by itself."""
    process = subprocess.Popen(line(house, state, *words), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(timeout=after_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=LIMIT_S)
        return False
    return True


def ledger(house, state):
    said = run(house, state, "cost", "verify", "--month", "2026-01", "--output", "json")
    assert said.returncode == 0, said.stdout + said.stderr
    return json.loads(run(house, state, "cost", "compare", "--month", "2026-01", "--key", "jamnt", "--output", "json").stdout)["items"]


def test_a_killed_import_close_or_correction_leaves_all_or_nothing(house):
    words = (["cost", "import", str(house / "rows.csv")], ["cost", "close", "--month", "2026-01", "--yes"])
    began = time.monotonic()
    for each in words:
        assert run(house, "whole", *each).returncode == 0
    whole_s = (time.monotonic() - began) / len(words)
    expected = ledger(house, "whole")
    chance = random.Random(SEED)
    interrupted = 0
    for turn in range(KILLS):
        state = f"turn-{turn}"
        for each in words:
            interrupted += not killed(house, state, chance.uniform(0.3, 1.1) * whole_s, *each)
            again = run(house, state, *each)
            assert again.returncode == 0 or (again.returncode == 1 and "closed already" in again.stderr), f"seed {SEED}, turn {turn}: {again.stderr}"
        assert ledger(house, state) == expected, f"seed {SEED}, turn {turn}"
        assert run(house, state, "cost", "import", str(house / "late.csv")).returncode == 0
        correct = ["cost", "correct", "--month", "2026-01", "--reason", "sen", "--yes"]
        interrupted += not killed(house, state, chance.uniform(0.3, 1.1) * whole_s, *correct)
        assert run(house, state, *correct).returncode == 0
        shown = json.loads(run(house, state, "cost", "preview", "--month", "2026-02", "--output", "json").stdout)
        assert sum(each["amount_ore"] for each in shown["items"] if each["component"] == "correction") == 3001, f"seed {SEED}, turn {turn}"
        assert run(house, state, "audit", "verify").returncode == 0
        assert ledger(house, state) == expected
    assert interrupted, "every command ended before it was killed: the test saw nothing"
