"""The doctor says what the machine allows, changes nothing, and names each cure."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.lab.labkit.roof import LAB
from tests.lab.labkit.testing import checkout

LEVELS = ["bare", "user", "plain", "full"]


def doctor(*arguments: str, as_user: int | None = None, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    change = ["setpriv", f"--reuid={as_user}", f"--regid={as_user}", "--clear-groups"] if as_user else []
    env = {**os.environ, **({"LAB_DIR": str(folder)} if folder else {})}
    lab = checkout(folder) / "tests" / "lab" / "lab" if as_user and folder else LAB
    return subprocess.run([*change, str(lab), "doctor", *arguments], capture_output=True, text=True, timeout=60, check=False, env=env, cwd=folder)


@pytest.mark.level("bare")
def test_the_level_is_one_of_four_and_every_missing_ability_has_a_cure() -> None:
    told = json.loads(doctor("--output", "json").stdout)
    assert told["level"] in LEVELS
    assert all(item["there"] or item["cure"] for item in told["items"])


@pytest.mark.level("bare")
def test_any_level_is_exit_0_and_below_the_required_one_is_exit_1() -> None:
    level = json.loads(doctor("--output", "json").stdout)["level"]
    assert [doctor("--require", x).returncode for x in LEVELS] == [int(LEVELS.index(x) > LEVELS.index(level)) for x in LEVELS]


@pytest.mark.level("plain")
def test_without_root_the_level_is_at_most_user_and_the_cure_is_named() -> None:
    with tempfile.TemporaryDirectory() as made:
        os.chmod(made, 0o777)
        told = json.loads(doctor("--output", "json", as_user=65534, folder=Path(made)).stdout)
    assert told["level"] in ("bare", "user")
    assert [i["cure"] for i in told["items"] if i["ability"] == "root"] == ["run as root, with CAP_SYS_ADMIN"]


@pytest.mark.level("plain")
def test_the_doctor_changes_nothing(tmp_path: Path) -> None:
    def seen() -> list[str]:
        links = subprocess.run(["ip", "-brief", "link"], capture_output=True, text=True, check=True, timeout=20).stdout
        return [links, Path("/proc/self/mounts").read_text(), *sorted(str(p) for p in tmp_path.rglob("*"))]

    before = seen()
    doctor(folder=tmp_path)
    assert seen() == before


@pytest.mark.level("bare")
def test_install_prints_one_apt_command_and_runs_nothing() -> None:
    done = subprocess.run([str(LAB), "install"], capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout.count("\n")) == (0, 1)
    assert done.stdout.startswith("apt-get install --yes --no-install-recommends ")
    assert "systemd-container" in done.stdout.split()


@pytest.mark.level("bare")
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("up", "--hosts", "3"), 1, "--hosts 3: from 4 to 12"),
        (("up", "--hosts", "4", "--from", "no-such-layer"), 1, "no layer no-such-layer"),
        (("part", "no-such-part", "start"), 2, "invalid choice"),
        (("fault", "no-such-fault"), 2, "invalid choice"),
        (("status",), 1, "is not up"),
        (("in", "ost-lib-1", "true"), 1, "is not up"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line_without_a_traceback(tmp_path: Path, words: tuple[str, ...], code: int, said: str) -> None:
    env = {**os.environ, "LAB_NAME": "no-such-lab", "LAB_DIR": str(tmp_path)}
    done = subprocess.run([str(LAB), *words], capture_output=True, text=True, timeout=60, check=False, env=env)
    assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (code, True, False), done.stderr


@pytest.mark.level("bare")
def test_a_name_that_does_not_fit_is_refused() -> None:
    done = subprocess.run([str(LAB), "down"], capture_output=True, text=True, timeout=30, check=False, env={**os.environ, "LAB_NAME": "../x"})
    assert (done.returncode, "at most 15" in done.stderr) == (1, True)
