"""Where the store lies: a state folder of one's own, or PostgreSQL by URL beside it (common.md 8, reliability.md S7)."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from samdrift.model.errors import NoStore, UnwritableStore, WrongUse

SYSTEM_STATE = Path("/var/lib/samdrift")
DATABASE = "samdrift.sqlite"
REFUSALS = frozenset({errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT})
"""What the system says where no folder may be made."""
NETWORK_FILE_SYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "fuse.sshfs", "fuse.glusterfs", "lustre"})


@dataclass(frozen=True, slots=True)
class Location:
    """`state_dir` holds keys, locks and raw readings, and the database where `url` is None; `name` is what errors say."""

    state_dir: Path
    url: URL | None = None

    @property
    def database(self) -> Path:
        return self.state_dir / DATABASE

    @property
    def name(self) -> str:
        return str(self.database) if self.url is None else self.url.render_as_string(hide_password=True)


def default_state_dir() -> Path:
    """/var/lib/samdrift for root or where it can be written, else the user's XDG state folder."""
    if os.geteuid() == 0 or os.access(SYSTEM_STATE, os.W_OK):
        return SYSTEM_STATE
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "samdrift"


def locate(location: str | Path | None, state_dir: Path | None = None) -> Location:
    """What `--store DIR|URL` means; WrongUse for a password in the URL or another database."""
    if location is None:
        return Location(state_dir or default_state_dir())
    if "://" not in str(location):
        return Location(Path(location).absolute())
    try:
        url = make_url(str(location))
    except (ArgumentError, ValueError):
        raise WrongUse("--store is no URL", help="write postgresql://USER@HOST/DATABASE, or a folder") from None
    if url.password is not None or "password" in url.query:
        raise WrongUse("the store's URL holds a password", help="leave it out; libpq reads it from the file that PGPASSFILE names (mode 0600)")
    if url.get_backend_name() != "postgresql":
        raise WrongUse(f"the store cannot be {url.drivername}", help="write postgresql://USER@HOST/DATABASE, or a folder")
    return Location(state_dir or default_state_dir(), url.set(drivername="postgresql+psycopg"))


def require_private_folder(folder: Path, *, create: bool, writable: bool) -> None:
    """WrongUse unless `folder` is there, ours alone (0700 or stricter), on a local file system and, where wanted, can be written."""
    try:
        if create and not folder.exists():
            folder.mkdir(parents=True, mode=0o700)
        found = folder.stat()
    except OSError as error:
        kind_of = NoStore if isinstance(error, FileNotFoundError) else UnwritableStore if create and error.errno in REFUSALS else WrongUse
        raise kind_of(f"state folder {folder}: {(error.strerror or str(error)).lower()}", help="name another with --store DIR, or make it: samdrift store migrate") from error
    if not stat.S_ISDIR(found.st_mode):
        raise WrongUse(f"state folder {folder} is no folder", help="name another with --store DIR")
    if found.st_mode & 0o077:
        raise WrongUse(f"others may look into the state folder {folder} (mode {stat.S_IMODE(found.st_mode):04o})", help=f"chmod 700 {folder}")
    if writable and not os.access(folder, os.W_OK | os.X_OK, effective_ids=True):
        raise UnwritableStore(f"state folder {folder} cannot be written", help="see its owner and mode, and whether its file system is read-only")
    if (kind := file_system(folder)) in NETWORK_FILE_SYSTEMS:
        raise WrongUse(f"state folder {folder} lies on a network file system ({kind})", help="use a local disk, or PostgreSQL by URL")


def file_system(folder: Path, mounts: Path = Path("/proc/self/mounts")) -> str:
    """The type of the file system under `folder`, or `unknown` where the kernel does not tell."""
    try:
        lines = [line.split(" ") for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines()]
    except OSError:
        return "unknown"
    real = folder.resolve()
    best = max(((len(point), index, kind) for index, (_, point, kind, *_) in enumerate(lines) if real.is_relative_to(point.replace("\\040", " "))), default=None)
    return best[2] if best else "unknown"
