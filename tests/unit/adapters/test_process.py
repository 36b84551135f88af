"""A program is run without a shell, within its limit, and leaves nothing."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from samdrift.adapters.process import clean_environment, end_children, run
from samdrift.model.errors import MissingProgram


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except OSError:
        return False


def test_output_code_and_input_come_through():
    ended = run([sys.executable, "-c", "import sys; sys.stdout.write(sys.stdin.read().upper()); sys.stderr.write('said'); sys.exit(4)"], limit_seconds=20, stdin="åäö".encode())
    assert (ended.code, ended.stdout.decode(), ended.said, ended.timed_out) == (4, "ÅÄÖ", "said", False)


def test_a_missing_program_names_its_package():
    with pytest.raises(MissingProgram) as caught:
        run(["no-such-program-here"], limit_seconds=1)
    assert caught.value.lines() == ["error: no-such-program-here is not installed", "help: apt-get install no-such-program-here"]


def test_at_its_limit_the_program_and_its_child_are_gone(tmp_path):
    script = f"import subprocess, sys, time; c = subprocess.Popen(['sleep', '99']); open({str(tmp_path / 'pid')!r}, 'w').write(str(c.pid)); time.sleep(99)"
    began = time.monotonic()
    ended = run([sys.executable, "-c", script], limit_seconds=1.0)
    assert ended.timed_out
    assert time.monotonic() - began < 5
    assert not alive((tmp_path / "pid").read_text())


def test_a_program_deaf_to_the_signal_is_killed(monkeypatch):
    monkeypatch.setattr("samdrift.adapters.process.GRACE_S", 0.3)
    ended = run([sys.executable, "-c", "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); time.sleep(99)"], limit_seconds=1, stop_signal=signal.SIGINT)
    assert ended.timed_out
    assert ended.code == -signal.SIGKILL


def test_a_child_left_behind_by_a_good_program_is_ended(tmp_path):
    script = f"import subprocess; c = subprocess.Popen(['sleep', '99'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL); open({str(tmp_path / 'pid')!r}, 'w').write(str(c.pid))"
    assert run([sys.executable, "-c", script], limit_seconds=20).code == 0
    assert not alive((tmp_path / "pid").read_text())


def test_more_output_than_the_limit_is_cut_and_said():
    ended = run([sys.executable, "-c", "print('x' * 100_000)"], limit_seconds=20, limit_bytes=1000)
    assert ended.cut
    assert len(ended.stdout) == 1000


def test_the_environment_holds_nothing_of_ours(monkeypatch):
    monkeypatch.setenv("SAMDRIFT_STORE", "here")
    monkeypatch.setenv("SOME_TOKEN", "canary")
    assert not {"SAMDRIFT_STORE", "SOME_TOKEN"} & set(clean_environment())
    assert clean_environment({"A": "b"})["A"] == "b"


def test_a_line_of_errors_may_end_the_program():
    script = "import sys, time; print('retrying', file=sys.stderr, flush=True); time.sleep(99)"
    ended = run([sys.executable, "-c", script], limit_seconds=60, give_up=lambda line: "retrying" in line)
    assert not ended.timed_out
    assert ended.code == -signal.SIGTERM


def test_what_other_threads_wait_for_can_be_ended():
    found = []
    thread = threading.Thread(target=lambda: found.append(run(["sleep", "99"], limit_seconds=90)))
    thread.start()
    while thread.is_alive():
        end_children()
        thread.join(0.1)
    assert found[0].code == -signal.SIGINT


def test_lines_come_while_the_program_runs():
    seen = []
    run([sys.executable, "-uc", "print('one'); print('two')"], limit_seconds=20, on_line=seen.append)
    assert seen == ["one", "two"]


def test_file_descriptors_are_handed_over():
    read, write = os.pipe()
    os.write(write, b"through the pipe")
    os.close(write)
    try:
        assert run(["cat", f"/dev/fd/{read}"], limit_seconds=10, pass_fds=(read,)).stdout == b"through the pipe"
    finally:
        os.close(read)


def test_a_call_is_told_with_its_time_to_whoever_listens_and_not_otherwise(caplog):
    run(["true"], limit_seconds=5)
    assert not caplog.records
    with caplog.at_level("DEBUG", logger="samdrift.calls"):
        run(["true"], limit_seconds=5)
    assert [record.getMessage().split(" (")[0] for record in caplog.records] == ["true: exit 0"]
