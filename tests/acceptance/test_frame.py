"""The frame as a user meets it: options anywhere, honest ends, the four outputs, no escape byte."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from .conftest import FAULT, ROOT, environment, start


def test_global_options_stand_before_or_after_the_noun(call):
    before = call("--output", "json", "--at", "2026-11-23T08:00:00+01:00", "jobs")
    after = call("jobs", "--output=json", "--at=2026-11-23T08:00:00+01:00")
    assert before.code == after.code == 0
    assert before.out == after.out
    assert before.json()["generated_at"] == "2026-11-23T07:00:00Z"


def test_the_command_line_wins_over_the_variable(call):
    assert call("jobs", SAMDRIFT_OUTPUT="json").out.startswith(b"{")
    assert not call("jobs", "--output", "csv", SAMDRIFT_OUTPUT="json").out.startswith(b"{")


@pytest.mark.parametrize(
    ("arguments", "error", "help_line"),
    [
        (["jbos"], "unknown command 'jbos'", "did you mean 'jobs'?"),
        (["jobs", "--outptu", "json"], "samdrift jobs has no option --outptu", "did you mean --output?"),
        (["jobs", "--output", "jsn"], "--output: 'jsn' is none of table, json, csv, md", "did you mean 'json'?"),
        (["jobs", "--at", "yesterday"], "--at: 'yesterday' is no time", None),
        (["jobs", "--at", "0001-01-01T00:00:00+14:00"], "--at: '0001-01-01T00:00:00+14:00' is no time", None),
        (["jobs", "--at", "9999-12-31T23:59:59Z"], "--at: '9999-12-31T23:59:59Z' is not in 1900 to 2199", None),
        (["cost", "preview", "--month", "9999-12"], "--month: '9999-12' is no month of 1900 to 2199", "for example --month 2026-10"),
        (["run"], "Missing argument 'JOB'", "samdrift run --help"),
        ([], "samdrift needs a command", "samdrift --help"),
        (["run", "no-such-job", "--inventory", "/nowhere"], "unknown job 'no-such-job'", "list them: samdrift jobs"),
    ],
)
def test_wrong_use_is_two_with_what_and_what_to_do(call, arguments, error, help_line):
    said = call(*arguments)
    assert (said.code, said.out) == (2, b"")
    assert f"error: {error}" in said.err
    assert help_line is None or f"help: {help_line}" in said.err


def test_a_member_or_viewer_that_is_none_names_the_nearest(call):
    said = call("run", "no-job", "--member", "bergg")
    assert said.code == 2
    said = call("hall", "status", "--member", "bergg")
    assert said.code == 2
    assert "unknown member 'bergg'" in said.err
    assert "did you mean 'berg'?" in said.err


def test_a_pipe_closed_early_ends_quietly_with_141():
    program = 'import samdrift.cli.main as m, samdrift.cli.output as o; m.root = lambda: [o.write("x" * 10**6) for _ in range(200)]; m.main([])'
    command = f"{sys.executable} -c '{program}'"
    done = subprocess.run(["bash", "-c", f"{command} | head -c 1 >/dev/null; echo ${{PIPESTATUS[0]}}"], cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "141"
    assert done.stderr == ""


def test_a_full_disk_under_stdout_is_three_with_one_line(tmp_path):
    with open("/dev/full", "wb") as full:
        done = subprocess.run([sys.executable, "-m", "samdrift.cli", "jobs", "--output", "json"], cwd=ROOT, env=environment(XDG_STATE_HOME=str(tmp_path)), stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert done.returncode == 3
    assert done.stderr == "error: cannot write the output: no space left on device\n"


def test_stdout_closed_is_three_and_stderr_closed_stops_nothing(tmp_path):
    program = f"exec {sys.executable} -m samdrift.cli --version"
    assert subprocess.run(["bash", "-c", f"{program} >&-"], cwd=ROOT, env=environment(), capture_output=True, timeout=60).returncode == 3
    done = subprocess.run(["bash", "-c", f"{program} 2>&-"], cwd=ROOT, env=environment(), capture_output=True, timeout=60)
    assert (done.returncode, done.stdout[:8]) == (0, b"samdrift")


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 130)])
def test_interrupted_is_130_without_a_traceback(sent, code):
    program = "import sys, time, samdrift.cli.main as m\nm.root = lambda: (sys.stderr.write('on\\n'), sys.stderr.flush(), time.sleep(60))\nm.main(['x'])"
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, env=environment(), stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr.readline() == "on\n"
        running.send_signal(sent)
        rest = running.stderr.read()
    assert running.returncode == code
    assert "Traceback" not in rest


def test_an_own_fault_is_one_line_and_three_with_the_record_s_place(tmp_path):
    program = "import samdrift.cli.main as m\ndef broken(): raise RuntimeError('canary-value')\nm.root = broken\nm.main(['jobs', '--store', {store!r}{more}])"
    (tmp_path / "state").mkdir()
    plain = program.format(store=str(tmp_path / "state"), more="")
    done = subprocess.run([sys.executable, "-c", plain], cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=60)
    assert done.returncode == 3
    assert done.stderr.startswith(f"error: {FAULT}: RuntimeError; record: {tmp_path}/state/faults/")
    assert len(done.stderr.splitlines()) == 1
    (record,) = (tmp_path / "state" / "faults").iterdir()
    assert record.stat().st_mode & 0o777 == 0o600
    assert "broken" in record.read_text()
    loud = subprocess.run([sys.executable, "-c", program.format(store=str(tmp_path / "state"), more=", '-vvv'")], cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=60)
    assert "Traceback" in loud.stderr


def test_a_terminal_gets_colour_and_a_dumb_one_gets_ascii_words():
    """`script` gives the program a terminal; the table has state words in both."""
    import shutil

    if not shutil.which("script"):
        pytest.skip("script is not installed: apt-get install bsdutils")
    program = (
        "from datetime import UTC, datetime; from samdrift.cli.context import make_context; from samdrift.model.section import Column; "
        "make_context({}).emit(kind='samdrift/x', items=[{'id': 'a', 's': 'failure'}, {'id': 'b', 's': 'ok'}], columns=[Column('id', 'Id', 'id'), Column('s', 'Läge', 'state')])"
    )
    for term, more, wanted, unwanted in (("xterm", {}, "\x1b[31;1m✗ FEL", "x FEL"), ("dumb", {}, "x FEL", "\x1b["), ("xterm", {"NO_COLOR": "1"}, "✗ FEL", "\x1b[31")):
        shown = subprocess.run(["script", "-qec", f'{sys.executable} -c "{program}"', "/dev/null"], cwd=ROOT, env=environment(TERM=term, **more), capture_output=True, timeout=60, stdin=subprocess.DEVNULL)
        text = shown.stdout.decode()
        assert wanted in text, text
        assert unwanted not in text
        assert "värst: " in text


def test_help_and_version_are_quick():
    """Within thrice what a bare Python takes here, and under a generous limit; the bench has the figures."""
    def best(command):
        times = []
        for _ in range(3):
            began = time.monotonic()
            subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, check=True, timeout=60)
            times.append(time.monotonic() - began)
        return min(times)

    bare = best([sys.executable, "-c", "pass"])
    assert best([sys.executable, "-m", "samdrift.cli", "--help"]) < max(0.15, 12 * bare)


def test_json_on_stdout_is_a_whole_document_or_nothing(tmp_path):
    said = start("jobs", "--output", "json", "--store", str(tmp_path / "nowhere"))
    assert said.code == 2
    assert said.out == b""


def test_language_follows_option_variable_and_lang(call):
    assert call("jobs").out.decode().startswith("Jobb\t")
    assert call("jobs", "--lang", "en").out.decode().startswith("Job\t")
    assert call("jobs", SAMDRIFT_LANG="en").out.decode().startswith("Job\t")
    assert call("jobs", SAMDRIFT_LANG="", LANG="en_GB.UTF-8").out.decode().startswith("Job\t")


def test_quiet_leaves_the_data_and_drops_the_summary(call):
    loud, quiet = call("jobs"), call("jobs", "--quiet")
    assert loud.out == quiet.out
    assert quiet.err == ""


def test_every_committed_schema_is_one():
    import jsonschema

    from .conftest import SCHEMAS

    for path in sorted(SCHEMAS.glob("*.json")):
        schema = json.loads(path.read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["properties"]["schema"]["const"] == f"samdrift/{path.stem}", path
    assert os.listdir(SCHEMAS)
