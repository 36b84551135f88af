"""The agent that a playbook carries to hosts: the same bytes for the same code, and nothing needed but the host's own Python and restic."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from samdrift.adapters import restic
from samdrift.model.backup_job import BackupJob, JobSource
from samdrift.model.backup_run import RunFacts
from samdrift.operations.build_backup_agent import agent_bytes, build_backup_agent

SYSTEM = "/usr/bin/python3" if Path("/usr/bin/python3").exists() else sys.executable


@pytest.fixture
def agent(tmp_path, program):
    program("restic", "restic")
    assert build_backup_agent(tmp_path / "agent.pyz") is True

    def run(text):
        return subprocess.run([SYSTEM, "-I", "-S", str(tmp_path / "agent.pyz")], input=text, capture_output=True, text=True, timeout=120, check=False, cwd="/")

    return run


def job(tmp_path):
    source = tmp_path / "srv"
    source.mkdir()
    (source / "a").write_text("data")
    restic.init(restic.Access(str(tmp_path / "repository"), "key-canary"))
    return BackupJob("bookit", "K-7Q2D", "ost-lib-1", (JobSource(str(source)),), 60, str(tmp_path / "repository"), "key-canary", None, str(tmp_path / "state"))


def test_it_backs_up_with_the_system_s_python_alone_and_tells_no_secret(agent, tmp_path):
    ended = agent(json.dumps(job(tmp_path).to_json()))
    assert ended.returncode == 0, ended.stderr
    account = json.loads(ended.stdout)
    facts = RunFacts.from_json(account["facts"])
    assert (account["run"], facts.failure, facts.tagged, facts.sources[0].stored_files) == ("K-7Q2D", None, True, 1)
    assert Path(account["manifest"]).is_file()
    assert "key-canary" not in ended.stdout + ended.stderr
    left = [path for path in (tmp_path / "state").rglob("*") if path.is_file() and b"key-canary" in path.read_bytes()]
    assert left == []


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"backup": 1}', "null"])
def test_a_bad_job_is_one_line_and_2(agent, text):
    ended = agent(text)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("error: standard input is no backup job")
    assert "Traceback" not in ended.stderr


def test_the_same_code_gives_the_same_bytes(tmp_path):
    first = agent_bytes()
    assert first == agent_bytes()
    assert build_backup_agent(tmp_path / "a") is True
    assert build_backup_agent(tmp_path / "a") is False
    shutil.rmtree(tmp_path)
