"""PostgreSQL 15 as user postgres on a unix socket (and loopback TCP), from initdb to a clean end."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.lab.labkit.part import Part, program
from tests.lab.labkit.process import Process

BIN = "/usr/lib/postgresql/15/bin"


class Postgresql(Part):
    """A cluster of its own in `folder`/data; `url` serves SQLAlchemy and psycopg alike (`postgresql://…`)."""

    name = "postgresql"
    limit_s = 40.0

    @property
    def socket(self) -> Path:
        """Folder of the unix socket."""
        return self.folder / "run"

    @property
    def url(self) -> str:
        """TCP on loopback, user postgres, trust (nobody else's namespace or a test's machine only)."""
        return f"postgresql://postgres@{self.place.ipv4}:{self.port('pg', 5432)}/postgres"

    @property
    def user(self) -> str | None:
        """Whom the server runs as: postgres when we are root, else ourselves."""
        return "postgres" if os.geteuid() == 0 else None

    def prepare(self) -> None:
        """initdb once."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for parent in (self.folder, *self.folder.parents):
            if self.user and not os.stat(parent).st_mode & 0o001:
                parent.chmod(parent.stat().st_mode | 0o001)  # postgres walks through; only folders of the test's own can refuse
        for folder in (self.folder / "data", self.socket):
            folder.mkdir(exist_ok=True, mode=0o700)
            if self.user:
                shutil.chown(folder, self.user, self.user)
        if not (self.folder / "data" / "PG_VERSION").exists():
            initdb = program("initdb", "postgresql", BIN)
            self._as_user([initdb, "-D", f"{self.folder}/data", "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"])

    def programs(self) -> Sequence[Process]:
        """The server in the foreground."""
        server = program("postgres", "postgresql", BIN)
        settings = ["-c", f"listen_addresses={self.place.ipv4}", "-c", f"unix_socket_directories={self.socket}", "-c", "fsync=off"]
        command = [server, "-D", f"{self.folder}/data", "-p", str(self.port("pg", 5432)), *settings]
        return [self.process("postgres", command, user=self.user, cwd=self.folder / "data")]

    def ready(self) -> bool:
        """It answers a statement."""
        return self.sql("select 1").strip() == "1"

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run a statement as postgres and give its bare output; raise OSError with psql's words when it fails."""
        command = [program("psql", "postgresql-client"), "-h", str(self.socket), "-p", str(self.port("pg", 5432)), "-U", "postgres",
                   "-v", "ON_ERROR_STOP=1", "-Atc", statement, database]  # fmt: skip
        return self._as_user(command)

    def _as_user(self, command: Sequence[str]) -> str:
        change = ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--init-groups"] if self.user else []
        done = subprocess.run([*change, *command], capture_output=True, text=True, timeout=60, check=False, cwd="/")
        if done.returncode != 0:
            raise OSError(f"{Path(command[0]).name}: {done.stderr.strip()}")
        return done.stdout
