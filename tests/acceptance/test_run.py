"""A job from the command line: alone, interruptible, honest about its end (reliability.md R1, R3, R5)."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time

import pytest

from .conftest import ROOT, environment, start

SLOW = """
import sys, threading
from samdrift.cli import main
from samdrift.model.run import Outcome
from samdrift.operations import jobs
from samdrift.operations.job_work import JobDone

class Slow(jobs.Job):
    __slots__ = ()
    def work(self):
        def wait(work):
            sys.stderr.write("working\\n"); sys.stderr.flush()
            {does}
            return JobDone(Outcome.OK, {{"reports": 11}})
        return wait

jobs.JOBS = (Slow("issue-reports", "Reports", "monthly 2 03:00", "month", 60, "none:none", True),)
main.main(sys.argv[1:])
"""


def begin(store, does, *arguments):
    command = [sys.executable, "-c", SLOW.format(does=does), "run", "issue-reports", "--period", "2026-10", "--store", str(store), "--output", "json", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_working(process):
    assert process.stderr.readline() == "working\n"


def rows(store):
    from samdrift.model.viewer import OPERATIONS
    from samdrift.store import open_store, runs

    with open_store(store) as opened, opened.read() as connection:
        return [(run.outcome and run.outcome.value, tuple(run.reasons)) for run in runs.list_runs(connection, viewer=OPERATIONS)]


def test_of_many_at_once_one_works_and_the_others_name_it(tmp_path):
    store = tmp_path / "state"
    first = begin(store, "threading.Event().wait(60)")
    wait_working(first)
    others = [begin(store, "pass") for _ in range(5)]
    for other in others:
        out, err = other.communicate(timeout=60)
        assert (other.returncode, out) == (75, "")
        assert re.search(rf"error: issue-reports is running: host \S+, process {first.pid}, since 20\d\d-", err), err
    first.send_signal(signal.SIGTERM)
    first.communicate(timeout=15)
    assert first.returncode == 130


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_end_it_leaves_interrupted_and_a_free_lock(tmp_path, sent):
    store = tmp_path / "state"
    process = begin(store, "threading.Event().wait(60)")
    wait_working(process)
    began = time.monotonic()
    process.send_signal(sent)
    out, err = process.communicate(timeout=20)
    assert time.monotonic() - began < 10
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err
    assert rows(store) == [("interrupted", ("interrupted",))]
    again = begin(store, "pass")
    out, err = again.communicate(timeout=60)
    assert again.returncode == 0, err
    item = json.loads(out)["items"][0]
    assert (item["outcome"], item["counts"], item["exit_code"]) == ("ok", {"reports": 11}, 0)
    assert [outcome for outcome, _ in rows(store)] == ["ok", "interrupted"]


def test_killed_outright_the_next_run_closes_its_row_and_works(tmp_path):
    store = tmp_path / "state"
    process = begin(store, "threading.Event().wait(60)")
    wait_working(process)
    process.kill()
    process.communicate(timeout=20)
    again = begin(store, "pass")
    assert again.wait(60) == 0
    again.communicate()
    assert rows(store) == [("ok", ()), ("interrupted", ("killed",))]


def test_a_period_that_is_done_is_nothing_to_do_and_changes_no_row(tmp_path):
    store = tmp_path / "state"
    for expected in ("ok", "nothing-to-do", "nothing-to-do"):
        process = begin(store, "pass")
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        assert json.loads(out)["items"][0]["outcome"] == expected
    assert rows(store) == [("ok", ())]


def test_past_its_deadline_it_is_failed_and_three(tmp_path):
    store = tmp_path / "state"
    process = begin(store, "threading.Event().wait(60)", "--deadline", "1 s")
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 3
    item = json.loads(out)["items"][0]
    assert (item["outcome"], item["reasons"][0]) == ("failed", "deadline")


def test_a_store_that_cannot_be_written_is_two_before_and_names_the_folder(tmp_path):
    (tmp_path / "file").write_text("")
    said = start("run", "read-halls", "--store", str(tmp_path / "file" / "state"))
    assert (said.code, said.out) == (2, b"")
    assert str(tmp_path / "file") in said.err


def test_the_halls_are_read_and_the_run_is_in_the_table_of_jobs(tmp_path):
    store = str(tmp_path / "state")
    done = start("run", "read-halls", "--store", store, "--output", "json")
    assert done.code == 0, done.err
    item = done.json()["items"][0]
    assert item["counts"]["answered"] == item["counts"]["sources"] > 0
    listed = {one["id"]: one for one in start("jobs", "--store", store, "--output", "json").json()["items"]}
    assert listed["read-halls"]["last_run"]["id"] == item["id"]
    assert listed["read-halls"]["missed_periods"] == 0
