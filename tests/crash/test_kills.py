"""SIGKILL at any moment: acknowledged rows are there once, the chain is whole, a migration leaves the old or the new (reliability.md S1, S4)."""

from __future__ import annotations

import json
import os
import random
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

SAMDRIFT = str(Path(sys.executable).parent / "samdrift")
WRITER = Path(__file__).parent / "writer.py"
SAMPLE = bool(os.environ.get("SAMDRIFT_SAMPLE"))
KILLS = 12 if SAMPLE else 500
MIGRATION_KILLS = 8 if SAMPLE else 40
SEED = int(os.environ.get("SAMDRIFT_SEED", "20261124"))
LIMIT_S = 60


def samdrift(*arguments: str):
    return subprocess.run([SAMDRIFT, *arguments], capture_output=True, text=True, timeout=LIMIT_S, check=False)


@pytest.fixture
def state(tmp_path):
    folder = tmp_path / "state"
    made = samdrift("store", "migrate", "--store", str(folder))
    assert made.returncode == 0, made.stderr
    return folder


def acknowledged_until_killed(state: Path, first: int, after_s: float) -> list[int]:
    """Starts the writer, waits for its first word, kills it a while later; gives every number that it acknowledged."""
    process = subprocess.Popen([sys.executable, str(WRITER), str(state), str(first)], stdout=subprocess.PIPE, text=True)
    ready, _, _ = select.select([process.stdout], [], [], LIMIT_S)
    assert ready, "the writer wrote nothing"
    until = time.monotonic() + after_s
    while (left := until - time.monotonic()) > 0:
        select.select([], [], [], left)
    process.kill()
    said, _ = process.communicate(timeout=LIMIT_S)
    return [int(line) for line in said.splitlines() if line.isdigit()]


def test_what_was_acknowledged_survives_sigkill_and_nothing_is_doubled(state):
    chance = random.Random(SEED)
    said: list[int] = []
    for _ in range(KILLS):
        said += acknowledged_until_killed(state, said[-1] + 2 if said else 1, chance.uniform(0.0, 0.03))
    export = json.loads(samdrift("audit", "export", "--store", str(state), "--output", "json").stdout)
    stored = [int(number) for number in re.findall(r'"n:(\d+)"', json.dumps(export))]
    lost, doubled = sorted(set(said) - set(stored)), sorted({number for number in stored if stored.count(number) > 1})
    assert not lost, f"seed {SEED}: acknowledged and lost {lost}"
    assert not doubled, f"seed {SEED}: stored twice {doubled}"
    verdict = samdrift("audit", "verify", "--store", str(state))
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr


def test_a_killed_migration_leaves_the_old_or_the_new(tmp_path):
    began = time.monotonic()
    assert samdrift("store", "migrate", "--store", str(tmp_path / "whole")).returncode == 0
    whole_s = time.monotonic() - began
    chance = random.Random(SEED)
    for turn in range(MIGRATION_KILLS):
        folder = tmp_path / f"turn-{turn}"
        process = subprocess.Popen(
            [SAMDRIFT, "store", "migrate", "--store", str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            process.wait(timeout=chance.uniform(0.2, 1.0) * whole_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=LIMIT_S)
        again = samdrift("store", "migrate", "--store", str(folder))
        assert again.returncode == 0, f"seed {SEED}, turn {turn}: {again.stderr}"
        verdict = samdrift("audit", "verify", "--store", str(folder))
        assert verdict.returncode == 0, f"seed {SEED}, turn {turn}: {verdict.stdout}{verdict.stderr}"
