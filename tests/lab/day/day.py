"""Day: the folder, the seed, the lab and the programs that every step uses, and how a step says what it saw."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from tests.lab.labkit.testing import TestLab
from tests.lab.labkit.waiting import NotReadyError

ROOT = Path(__file__).resolve().parents[3]
BIN = ROOT / ".venv" / "bin"
LEVELS = ("bare", "user", "plain", "full")
MONTH = "2026-10"
READINGS = ROOT / "tests" / "acceptance" / "data" / f"readings-{MONTH}.csv"
State = Literal["ok", "failed", "left-out"]


class NotAsExpected(Exception):
    """What was seen instead, in one line."""


class LeftOut(Exception):
    """Why, in one line."""


@dataclass
class Seen:
    """What a step saw: one line, and what it counts for the last lines (`checked`, `replayed`, `simulated` …)."""

    line: str
    says: dict[str, str] = field(default_factory=dict)
    replayed: int = 0
    simulated: int = 0


@dataclass(frozen=True)
class Step:
    """One step: what is done, what is expected, the level it needs, the steps it rests on and those it makes use of where they can be taken.

    `missing` says why it cannot be there yet.
    """

    number: int
    what: str
    expected: str
    run: Callable[[Day], Seen] | None
    level: str = "bare"
    needs: tuple[int, ...] = ()
    missing: str = ""
    uses: tuple[int, ...] = ()


@dataclass
class Result:
    """How a step ended."""

    step: Step
    state: State
    seen: str
    seconds: float
    says: dict[str, str] = field(default_factory=dict)
    replayed: int = 0
    simulated: int = 0


class Day:
    """One walk through the day. Everything it leaves lies below `folder`."""

    def __init__(self, folder: Path, level: str, seed: int) -> None:
        self.folder, self.level, self.seed = folder, level, seed
        self.random = random.Random(seed)
        self.lab = TestLab(f"run-{os.getpid()}")
        self.state = folder / "state"
        self.lab_is_up = False
        self.cleanups: list[Callable[[], None]] = []
        folder.mkdir(parents=True, exist_ok=True)

    def can(self, level: str) -> bool:
        """Whether the machine's level is enough."""
        return LEVELS.index(self.level) >= LEVELS.index(level)

    def copy_of_inventory(self, name: str) -> Path:
        """A copy of the example inventory that a step may change."""
        target = self.folder / "work" / name
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(ROOT / "inventory", target)
        return target

    def samdrift(
        self,
        *arguments: str,
        code: int | Sequence[int] = 0,
        env: dict[str, str] | None = None,
        inside: str | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run the program as a user does, on this day's store; NotAsExpected when it ends otherwise. `inside`: the lab's site whose controller runs it, or `world`."""
        codes = (code,) if isinstance(code, int) else tuple(code)
        command = [str(BIN / "python"), "-m", "samdrift.cli", *arguments]
        surroundings = {
            "SAMDRIFT_STORE": str(self.state),
            "SAMDRIFT_INVENTORY": str(ROOT / "inventory"),
            "LANG": "C.UTF-8",
            **(env or {}),
        }
        if inside is not None:
            command = ["env", *(f"{name}={value}" for name, value in surroundings.items()), *command]
            done = (
                self.lab.host("world", *command, check=False)
                if inside == "world"
                else self.lab.ctl(*command, site=inside, check=False)
            )
        else:
            done = subprocess.run(
                command,
                capture_output=True,
                text=True,
                check=False,
                cwd=ROOT,
                env={**os.environ, **surroundings},
                timeout=300,
            )
        if done.returncode not in codes:
            raise NotAsExpected(
                f"`samdrift {' '.join(arguments)}` ended with {done.returncode}: {last_line(done.stderr) or last_line(done.stdout)}"
            )
        return done

    def json(self, *arguments: str, code: int | Sequence[int] = 0, **more: Any) -> dict[str, Any]:
        """As samdrift, with --output json, read."""
        done = self.samdrift(*arguments, "--output", "json", code=code, **more)
        return dict(json.loads(done.stdout))

    def play(
        self, playbook: str, *arguments: str, site: str = "", code: int = 0, env: dict[str, str] | None = None
    ) -> str:
        """Run a playbook by plain ansible-playbook from a hall's controller; its whole output is kept under playbooks/."""
        ssh = self.lab.directory / "ssh"
        surroundings = {
            "SAMDRIFT_STORE": str(self.state),
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "ANSIBLE_FORCE_COLOR": "0",
            "ANSIBLE_SSH_CONTROL_PATH_DIR": str(self.lab.directory / "cp"),
            "ANSIBLE_SSH_ARGS": f"-o ControlMaster=auto -o ControlPersist=30s -o StrictHostKeyChecking=yes -o UserKnownHostsFile={ssh / 'known_hosts'}",
            **(env or {}),
        }
        command = ["env", *(f"{name}={value}" for name, value in surroundings.items()), str(BIN / "ansible-playbook")]
        command += [
            "-i",
            str(self.lab.inventory / "samdrift.yml"),
            f"--private-key={ssh / 'id_ed25519'}",
            str(ROOT / "playbooks" / playbook),
            *arguments,
        ]
        done = self.lab.ctl(*command, site=site, check=False)
        kept = self.folder / "playbooks"
        kept.mkdir(exist_ok=True)
        (kept / f"{len(list(kept.iterdir())) + 1:02d}-{Path(playbook).stem}.txt").write_text(
            done.stdout + done.stderr, encoding="utf-8"
        )
        if done.returncode != code:
            raise NotAsExpected(
                f"{playbook} ended with {done.returncode}: {last_line(done.stderr) or last_line(done.stdout)}"
            )
        return done.stdout

    def do(self, step: Step) -> Result:
        """Carry out one step; whatever goes wrong is this step's result, not the end of the day."""
        began = time.monotonic()
        if step.run is None:
            return Result(step, "left-out", step.missing, 0.0)
        if not self.can(step.level):
            return Result(step, "left-out", f"needs level {step.level}, this machine gives {self.level}", 0.0)
        try:
            seen = step.run(self)
        except LeftOut as reason:
            return Result(step, "left-out", str(reason), time.monotonic() - began)
        except (
            NotAsExpected,
            AssertionError,
            OSError,
            ValueError,
            LookupError,
            NotReadyError,
            TimeoutError,
            subprocess.SubprocessError,
        ) as error:
            line = next((each for each in str(error).splitlines() if each.strip()), type(error).__name__)
            return Result(step, "failed", line, time.monotonic() - began)
        return Result(step, "ok", seen.line, time.monotonic() - began, seen.says, seen.replayed, seen.simulated)

    def clean_up(self, *, keep: bool) -> None:
        """Take down what was started, newest first."""
        if keep:
            return
        for cleanup in reversed(self.cleanups):
            cleanup()
        self.cleanups.clear()


def expect(condition: object, otherwise: str) -> None:
    """NotAsExpected with `otherwise` unless the condition holds."""
    if not condition:
        raise NotAsExpected(otherwise)


def last_line(text: str) -> str:
    """The last line with words in it."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else ""


def told(line: str) -> None:
    """A line for whoever watches."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
