"""A job that records is killed and meets a full disk: nothing acknowledged is lost, nothing doubled, and the next run goes on (reliability.md S1, S2, R3)."""

from __future__ import annotations

import os
import random
import select
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from samdrift.model.viewer import OPERATIONS
from samdrift.store import audit, open_store, raw
from samdrift.store.health import health
from samdrift.store.runs import list_runs
from tests.crash.recorder import PER_BATCH, readings

ROOT = Path(__file__).resolve().parents[2]
RECORDER = [sys.executable, "-m", "tests.crash.recorder"]
SAMPLE = bool(os.environ.get("SAMDRIFT_SAMPLE"))
KILLS = 20 if SAMPLE else 200
SEED = int(os.environ.get("SAMDRIFT_SEED", "20261124"))
LIMIT_S = 120


def start(state, **environment):
    return subprocess.Popen([*RECORDER, str(state)], cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def acknowledged(state, lines):
    """Runs until it has said so many batches, kills it then, and gives how many it said in all."""
    process = start(state)
    said = 0
    while said < lines:
        ready, _, _ = select.select([process.stdout], [], [], LIMIT_S)
        assert ready, "the recorder said nothing"
        if not process.stdout.readline():
            break
        said += 1
    process.kill()
    rest, _ = process.communicate(timeout=LIMIT_S)
    return said + len(rest.splitlines())


def kept(store):
    with store.read() as connection:
        assert raw.changed_parts(connection) == []
        found = raw.readings(connection, "energy-it", viewer=OPERATIONS, first=date(2026, 9, 30), last=date(2026, 12, 1))
        verdict = audit.verify(connection)
        assert verdict.whole, verdict.fault
        rows = connection.exec_driver_sql("SELECT count(*) FROM finding").scalar()
    assert health(store, viewer=OPERATIONS).integrity == "ok"
    assert rows == verdict.entries, "a finding and its audit entry are of one transaction"
    return found, verdict.entries


def test_no_acknowledged_row_is_lost_or_doubled_by_kills(tmp_path):
    chance = random.Random(SEED)
    state = tmp_path / "state"
    most = 0
    for _ in range(KILLS):
        most = max(most, acknowledged(state, chance.randrange(1, 40)))
        with open_store(state) as store:
            found, entries = kept(store)
        wanted = [reading for batch in range(entries) for reading in readings(batch)]
        assert entries >= most, f"{most} batches were acknowledged, {entries} are there (seed {SEED})"
        assert Counter(map(repr, found)) == Counter(map(repr, wanted))
    with open_store(state) as store, store.read() as connection:
        runs = list_runs(connection, viewer=OPERATIONS, limit=KILLS + 1)
    assert len(runs) == KILLS
    assert {str(run.outcome) for run in runs[1:]} == {"interrupted"}


@pytest.mark.level("plain")
def test_a_disk_of_two_mebibytes_fills_up_and_is_said_in_one_line(tmp_path):
    disk, after = tmp_path / "small", tmp_path / "copy"
    disk.mkdir()
    script = f"mount -t tmpfs -o size=2m tmpfs {disk} && {' '.join(RECORDER)} {disk}/state; code=$?; cp -a {disk}/state {after}; exit $code"
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script], cwd=ROOT, env=os.environ | {"PADDING": "4000", "BATCHES": "5000"}, capture_output=True, text=True, timeout=LIMIT_S
    )
    said = len(done.stdout.splitlines())
    assert done.returncode == 3, done.stderr
    errors = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert len(errors) == 1, done.stderr
    assert str(disk / "state") in errors[0]
    assert "Traceback" not in done.stderr
    assert said > 5
    with open_store(after) as store:
        found, entries = kept(store)
    assert entries == said, "what was acknowledged is there, and nothing else"
    assert len(found) == said * PER_BATCH


@pytest.mark.parametrize(("calls", "error"), [("fsync,fdatasync", "EIO"), ("pwrite64,write", "ENOSPC"), ("pwrite64", "EIO")])
def test_a_disk_that_fails_at_any_call_ends_0_only_when_all_is_stored(tmp_path, program, calls, error):
    strace = program("strace", "strace")
    ends = Counter()
    for number in range(1, 51, 12 if SAMPLE else 1):
        state = tmp_path / f"{error}-{number}"
        open_store(state, create=True).close()
        trace = [strace, "-f", "-qq", "-o", os.devnull, "-e", f"trace={calls}", "-P", str(state / "samdrift.sqlite"), "-P", str(state / "samdrift.sqlite-wal")]
        inject = ["-e", f"inject={calls}:error={error}:when={number}"]
        done = subprocess.run([*trace, *inject, *RECORDER, str(state)], cwd=ROOT, env=os.environ | {"BATCHES": "6"}, capture_output=True, text=True, timeout=LIMIT_S)
        why = f"{error} at call {number} of {calls}: exit {done.returncode}: {done.stderr[-400:]}"
        assert done.returncode in {0, 3}, why
        assert "Traceback" not in done.stderr, why
        said = len(done.stdout.splitlines())
        if done.returncode:
            assert len([line for line in done.stderr.splitlines() if line.startswith("error: ") and str(state) in line]) == 1, why
        with open_store(state) as store:
            _, entries = kept(store)
        assert entries >= said, f"{why}: {said} batches acknowledged, {entries} there"
        assert done.returncode or entries == 6, why
        ends[done.returncode] += 1
    assert ends[3], f"no injected {error} reached the store: {ends}"
