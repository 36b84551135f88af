"""drill-restore.yml without hosts: a stale copy and a corrupt one each fail it (playbooks.md P5)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lab.backup_walk import ROOT, USERS, JointBackup
from tests.lab.parts.backup import BackupTarget, flip

pytestmark = [pytest.mark.network, pytest.mark.level("user"), pytest.mark.slow]


@pytest.fixture(scope="module")
def joint(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drill")
    with BackupTarget(folder / "target", users=USERS, readers={"pull": "third-canary"}) as target:
        made = JointBackup(folder, target).make().enrol()
        made.back_up()
        made.copy()
    return made


def drill(joint, *front):
    """The playbook's exit code and words; `front` are global options of the program."""
    program = [sys.executable, "-m", "samdrift.cli", "--inventory", str(joint.inventory), *front, "--output", "json", "backup"]
    given = json.dumps({"samdrift_members": "ostersund,krokom", "drill_samdrift": program, "drill_inventory": str(joint.inventory)})
    environment = {**joint.environment(), "SAMDRIFT_STORE": str(joint.state), "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "HOME": str(joint.folder)}
    command = [str(Path(sys.executable).parent / "ansible-playbook"), "-i", str(joint.inventory / "samdrift.yml"), str(ROOT / "playbooks" / "drill-restore.yml"), "-e", given]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, cwd=ROOT, env=environment)
    return ended.returncode, ended.stdout + ended.stderr


def test_a_stale_copy_fails_it_though_it_restores_and_a_corrupt_one_does_not_restore(joint):
    code, said = drill(joint)
    assert code == 0, said[-3000:]
    code, said = drill(joint, "--at", "2031-01-01T00:00:00Z")
    assert (code, "older than its recovery point objective allows: bookit" in said) == (2, True), said[-3000:]
    for pack in (path for path in joint.disaster.rglob("data/*/*") if path.is_file()):
        flip(pack)
    code, said = drill(joint)
    assert code == 2, said[-3000:]
    assert "Restore each into scratch, compare and prove" in said
