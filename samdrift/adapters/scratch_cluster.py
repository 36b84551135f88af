"""Scratch cluster: a PostgreSQL of a drill's own, reached by a socket in its own folder alone; it ends with us, and is wiped."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from samdrift.adapters.limits import SIZES
from samdrift.adapters.process import Ended, Kept, clean_environment, end_group, run
from samdrift.model.errors import CouldNotObserve, MissingProgram

PARENT = Path("/var/tmp")  # noqa: S108 - the server's user must be able to walk there; the folder itself is made by mkdtemp, 0700 and the server's own
HEAD = "samdrift-drill-"
SERVER = "postgres"
START_S = 60
SETTINGS = ("listen_addresses=", "fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_wal_size=4GB", "logging_collector=off")


@dataclass(frozen=True, slots=True)
class Cluster:
    """`socket` is the folder by which it is reached, `user` its superuser; no port of the machine is open."""

    folder: Path
    socket: str
    user: str = SERVER

    def create(self, database: str) -> None:
        """Make an empty database; CouldNotObserve with the server's words when it is not made."""
        ended = self.client(["createdb", "--template=template0", "--encoding=UTF8", database], limit_seconds=START_S)
        if ended.code != 0:
            raise CouldNotObserve(f"the scratch cluster makes no database: {ended.said}")

    def restore(self, database: str, dump: Path, limit_seconds: float) -> Ended:
        """pg_restore of a custom dump, ending at the first error; who owned what is not restored, for the roles are not there."""
        return self.client(["pg_restore", "--exit-on-error", "--no-owner", "--no-privileges", f"--dbname={database}", str(dump)], limit_seconds=limit_seconds)

    def client(self, argv: Sequence[str], *, limit_seconds: float) -> Ended:
        """A client program on this cluster."""
        where = ["--host", self.socket, "--username", self.user, "--no-password"]
        return run([argv[0], *where, *argv[1:]], limit_seconds=limit_seconds, cwd=Path("/"))


@contextmanager
def scratch_cluster() -> Iterator[Cluster]:
    """A running cluster, gone with its data when the block ends; those of drills that were killed are ended and wiped first."""
    programs = _programs()
    wipe_left()
    folder = Path(mkdtemp(dir=PARENT, prefix=f"{HEAD}{os.getpid()}-"))
    account = _account()
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)
    change = [] if account is None else [f"--reuid={account.pw_name}", f"--regid={account.pw_gid}", "--init-groups"]
    prefix = ["setpriv", *change, "--pdeathsig=QUIT", "--"]  # immediate end when we die, however we die
    data, server = folder / "data", None
    try:
        made = run([*prefix, f"{programs}/initdb", f"--pgdata={data}", "--auth=trust", f"--username={SERVER}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"], limit_seconds=START_S, cwd=Path("/"))
        if made.code != 0:
            raise CouldNotObserve(f"the scratch cluster could not be made: {made.said}")
        options = [word for setting in (*SETTINGS, f"unix_socket_directories={folder}") for word in ("-c", setting)]
        server = subprocess.Popen(
            [*prefix, f"{programs}/postgres", "-D", str(data), *options], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            env=clean_environment(), cwd="/", start_new_session=True,
        )  # fmt: skip
        cluster = Cluster(folder, str(folder))
        _wait(cluster, server, Kept(server.stderr, SIZES["device-text"], None))
        yield cluster
    finally:
        if server is not None:
            end_group(server, signal.SIGQUIT)
        shutil.rmtree(folder, ignore_errors=False)


def _wait(cluster: Cluster, server: subprocess.Popen[bytes], said: Kept) -> None:
    until = time.monotonic() + START_S
    while run(["pg_isready", "--quiet", "--host", cluster.socket], limit_seconds=10).code != 0:
        if server.poll() is not None or time.monotonic() > until:
            said.join(1)
            raise CouldNotObserve(f"the scratch cluster does not start: {said.kept.decode(errors='replace').strip()[-300:]}")
        time.sleep(0.1)


def wipe_left() -> None:
    """End and wipe what drills left behind that were killed: only folders of our name whose maker is gone."""
    for left in PARENT.glob(f"{HEAD}*"):
        maker = left.name.removeprefix(HEAD).partition("-")[0]
        if left.is_symlink() or not maker.isdigit() or Path("/proc", maker).exists():
            continue
        with contextlib.suppress(OSError, ValueError, IndexError):
            pid = int((left / "data" / "postmaster.pid").read_text().splitlines()[0])
            if str(left).encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                os.kill(pid, signal.SIGQUIT)
                time.sleep(0.5)
        shutil.rmtree(left, ignore_errors=True)


def _programs() -> Path:
    """The newest server's folder; MissingProgram names the Debian package."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise MissingProgram("initdb", "postgresql-15")
    return found[-1].parent


def _account() -> pwd.struct_passwd | None:
    """Whom the server runs as when we are root, which it refuses to be."""
    return pwd.getpwnam(SERVER) if os.geteuid() == 0 else None


def room_bytes() -> int:
    """Bytes free where scratch clusters lie."""
    return shutil.disk_usage(PARENT).free
