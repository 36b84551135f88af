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
from samdrift.model.restore_job import RestoreJob
from samdrift.operations.build_backup_agent import agent_bytes, build_backup_agent

SYSTEM = "/usr/bin/python3" if Path("/usr/bin/python3").exists() else sys.executable


@pytest.fixture
def agent(tmp_path, program):
    program("restic", "restic")
    assert build_backup_agent(tmp_path / "agent.pyz") is True

    def run(text, *words):
        return subprocess.run([SYSTEM, "-I", "-S", str(tmp_path / "agent.pyz"), *words], input=text, capture_output=True, text=True, timeout=120, check=False, cwd="/")

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


def restored(agent, tmp_path, made, **changes):
    wanted = RestoreJob("bookit", made["run"], (made["facts"]["snapshot"],), str(tmp_path / "back"), (str(tmp_path / "srv"),), 4, str(tmp_path / "repository"), "key-canary", state=str(tmp_path / "other"))
    return agent(json.dumps({**wanted.to_json(), **changes}), "restore")


def test_it_restores_into_an_empty_folder_only_and_writes_down_what_came(agent, tmp_path):
    made = json.loads(agent(json.dumps(job(tmp_path).to_json())).stdout)
    ended = restored(agent, tmp_path, made)
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    there = Path(f"{tmp_path}/back{tmp_path}/srv/a")
    assert (told["restored"], there.read_text()) == (True, "data")
    lines = Path(told["found"]).read_bytes().splitlines(keepends=True)
    source = Path(made["manifest"]).read_bytes().splitlines(keepends=True)
    assert [line for line in lines[1:] if b'"file"' in line] == [line for line in source[1:] if b'"file"' in line]
    there.write_text("ours")
    again = restored(agent, tmp_path, made)
    assert (json.loads(again.stdout)["restored"], there.read_text()) == (False, "ours")
    left = [path for path in (tmp_path / "other").rglob("*") if path.is_file() and b"key-canary" in path.read_bytes()]
    assert (left, "key-canary" in ended.stdout + ended.stderr) == ([], False)


def test_a_restore_that_cannot_be_says_so_and_leaves_the_folder_away(agent, tmp_path):
    made = json.loads(agent(json.dumps(job(tmp_path).to_json())).stdout)
    full = restored(agent, tmp_path, made, size_bytes=10**18)
    assert (full.returncode, "bytes at" in full.stderr, (tmp_path / "back").exists()) == (3, True, False)
    wrong = restored(agent, tmp_path, made, password="another")
    assert (wrong.returncode, "reason wrong-key" in wrong.stderr) == (3, True)
    (tmp_path / "file").touch()
    assert restored(agent, tmp_path, made, to=str(tmp_path / "file")).returncode == 2
    for bad in ("", "[]", "{}", json.dumps({"to": "back"})):
        said = agent(bad, "restore")
        assert (said.returncode, said.stdout, "Traceback" in said.stderr) == (2, "", False)
