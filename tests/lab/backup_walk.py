"""A small joint service for backup tests: the example inventory with the hall's target on a real append-only endpoint and the disaster site's a folder of its own."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import yaml

from samdrift.cli.main import run as samdrift
from samdrift.store import open_store
from tests.lab.labkit.waiting import wait_for
from tests.lab.parts.backup import BackupTarget

ROOT = Path(__file__).resolve().parents[2]
OWNER, DEVICE, SITES = "ostersund", "ost-lib-1", ("hall-ostersund", "hall-are")
USERS = {OWNER: "first-canary", "bracke": "second-canary"}


@dataclass
class JointBackup:
    """`source` is bookit's data, `state` the program's state, `disaster` the folder of the disaster site, `path` where programs are looked for."""

    folder: Path
    target: BackupTarget
    secrets: dict[str, str] = field(default_factory=dict)
    path: str | None = None

    def __post_init__(self) -> None:
        self.source, self.state, self.disaster = self.folder / "srv" / "bookit", self.folder / "state", self.folder / "disaster"
        self.inventory, self.secret_folder = self.folder / "inventory", self.folder / "secrets"

    def make(self, source: Path | None = None) -> Self:
        """Inventory, secrets and data; with `source` the data of another walk."""
        shutil.copytree(ROOT / "inventory", self.inventory)
        self.secrets = {"ostersund/backup-key": "hall-key-canary", "ostersund/backup-key-disaster": "are-key-canary"}
        self.secrets |= {"ostersund/backup": self.target.users[OWNER], "disaster/pull": f"pull:{self.target.readers['pull']}"}
        for name, value in self.secrets.items():
            path = self.secret_folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(value)
        shutil.copy(self.target.ca, self.inventory / "files" / "backup-ca.pem")
        ends = {name: self.target._at(end) for name, end in (("url", "write"), ("pull_url", "read"))}
        targets = [
            {"id": "hall", "site": SITES[0], "role": "primary", "kind": "rest", "device": "hall-backup-1", "ca": "file:backup-ca.pem", "path": str(self.target.data),
             **{name: f"https://{at}" for name, at in ends.items()}},
            {"id": "disaster", "site": SITES[1], "role": "disaster", "kind": "local", "path": str(self.disaster), "device": "are-backup-1",
             "pulls_from": "hall", "pull_credential": "file:disaster/pull"},
        ]  # fmt: skip
        (self.inventory / "backup-targets.yml").write_text(yaml.safe_dump({"backup-targets": targets}))
        self.source = source or self.source
        self.edit(sources=[{"path": str(self.source), "sentinel": ".mounted"}])
        if source is None:
            self.fill()
        return self

    def edit(self, **changes: Any) -> None:
        """Change bookit's backup in the inventory."""
        path = self.inventory / "backups" / "ostersund.yml"
        document = yaml.safe_load(path.read_text())
        (bookit,) = [one for one in document["backups"] if one["id"] == "bookit"]
        bookit.update(changes)
        path.write_text(yaml.safe_dump(document, allow_unicode=True))

    def fill(self) -> None:
        """Data with every kind of name that a file may have (F25)."""
        self.source.mkdir(parents=True)
        (self.source / ".mounted").touch()
        for number in range(40):
            (self.source / f"bok-{number:02d}.txt").write_text(f"bok {number}\n" * (number + 1) * 50)
        deep = os.fsencode(self.source) + b"/samling"
        os.mkdir(deep)
        for name in (b"rad\nbrytning", b"\xff\xfe ej utf-8", b"-f --delete", b"l" * 255, "åäö \u2028".encode(), b"[a-z]*?\\", b"tom"):
            with open(deep + b"/" + name, "wb") as opened:
                opened.write(name * 3 if name != b"tom" else b"")
        os.symlink("bok-01.txt", self.source / "lank")
        os.chmod(self.source / "bok-02.txt", 0o4750)

    def run(self, *arguments: str, code: int | None = 0) -> list[dict[str, Any]]:
        """Items of a `samdrift backup` command; the exit code is what the test expects (None: any)."""
        ended = self.here(*arguments)
        assert code is None or ended.returncode == code, f"backup {' '.join(arguments)} ended with {ended.returncode}:\n{ended.stdout}\n{ended.stderr}"
        for name, secret in self.secrets.items():
            assert secret not in ended.stdout + ended.stderr, f"{name} is shown by backup {' '.join(arguments)}"
        return json.loads(ended.stdout)["items"] if ended.stdout.strip() else []

    def here(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The command in this process: a program of its own would spend most of its time on starting."""
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
        kept = dict(os.environ)
        os.environ.update(self.environment())
        try:
            with contextlib.chdir(ROOT), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = samdrift(self.command(*arguments)[3:])
        finally:
            os.environ.clear()
            os.environ.update(kept)
        return subprocess.CompletedProcess(list(arguments), code, *(stream.buffer.getvalue().decode() for stream in (out, err)))

    def start(self, *arguments: str, seconds: int = 300) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.command(*arguments), capture_output=True, text=True, timeout=seconds, check=False, cwd=ROOT, env=self.environment())

    def command(self, *arguments: str) -> list[str]:
        front = ["--inventory", str(self.inventory), "--store", str(self.state), "--output", "json"]
        return [sys.executable, "-m", "samdrift.cli", *front, "backup", *arguments]

    def environment(self) -> dict[str, str]:
        return {**os.environ, "SAMDRIFT_SECRETS": str(self.secret_folder), **({"PATH": self.path} if self.path else {})}

    def enrol(self) -> Self:
        rows = self.run("enrol", OWNER, "--device", DEVICE, code=1)
        assert {row["state"] for row in rows if row["repository"] == f"{OWNER}/asynja-ostersund"} == {"unresolved"}
        assert {row["state"] for row in rows if row["what"] == "repository"} == {"made"}
        return self

    def back_up(self, code: int = 0) -> dict[str, Any]:
        (found,) = self.run("run", "bookit", "--device", DEVICE, code=code)
        return found

    def copy(self, code: int = 0) -> dict[str, Any]:
        (found,) = self.run("copy", "bookit", "--device", "are-backup-1", code=code)
        return found

    def drill(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        (found,) = self.run("drill", "bookit", *arguments, code=code)
        return found

    def check(self, *arguments: str, code: int = 0) -> list[dict[str, Any]]:
        return self.run("check", "bookit", "--device", "are-backup-1", *arguments, code=code)

    def status(self, code: int = 0) -> dict[str, Any]:
        (found,) = self.run("status", "bookit", code=code)
        return found


def enrolled_in(folder: Path) -> Path:
    """The target's data after the owner was enrolled, kept so that each test begins with it."""
    with BackupTarget(folder / "target", users=USERS, readers={"pull": "third-canary"}) as target:
        JointBackup(folder, target).make().enrol()
    return folder / "target" / "data"


def locks(folder: Path) -> set[Path]:
    """Those that stand; what restic still writes bears `-tmp-` in its name."""
    return {path for path in folder.iterdir() if "-tmp-" not in path.name}


def locked_by(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """A restic that has the repository locked and waits for what it shall store; gives it and the lock's name. The lock's file is made an hour old."""
    there = locks(folder)
    line = ["restic", "--no-cache", "-q", "-r", str(folder.parent), "--password-command", "printf hall-key-canary", "backup", "--stdin"]
    process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for("restic has its lock", lambda: locks(folder) - there, 60)
    (lock,) = locks(folder) - there
    os.utime(lock, (lock.stat().st_mtime - 3600,) * 2)
    return process, lock.name


def end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    assert process.stdin is not None
    process.stdin.close()
    process.wait()


def seen_long_ago(joint: JointBackup, lock: str) -> None:
    """The lock has been looked at, and its lease is over."""
    joint.run("locks", "bookit", "--device", "hall-backup-1", code=None)
    with open_store(joint.state) as store, store.write() as connection:
        connection.exec_driver_sql("UPDATE backup_lock SET first_seen_at = first_seen_at - 601 * 1000000 WHERE lock = ?", (lock,))
