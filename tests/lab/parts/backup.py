"""Backup target: rclone serving restic repositories append-only over TLS, and a second, read-only endpoint."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.lab.labkit.authority import Authority
from tests.lab.labkit.part import Part, program, write
from tests.lab.labkit.place import LOOPBACK, Place
from tests.lab.labkit.process import Process


class BackupTarget(Part):
    """`write` endpoint: each user appends below his own name. `read` endpoint: anyone of `readers` reads all.

    rclone 1.60 knows no user without write right for restic, so the read endpoint serves a read-only bind mount
    of the same folder: whatever would write is answered with 500.
    """

    name = "backup"

    def __init__(
        self, folder: Path, place: Place = LOOPBACK, *, users: Mapping[str, str], readers: Mapping[str, str] | None = None,
        data: Path | None = None, tied: bool = True,
    ) -> None:  # fmt: skip
        super().__init__(folder, place, tied=tied)
        self.users, self.readers = dict(users), dict(readers or {})
        self.data = (data or self.folder / "data").absolute()
        self.authority = Authority(self.folder / "tls")

    @property
    def ca(self) -> Path:
        """Certificate of the lab's own authority (restic --cacert, RESTIC_CACERT)."""
        return self.authority.certificate

    def url(self, user: str, repository: str = "") -> str:
        """Append-only repository URL with the user's password; private repositories lie below the user's name."""
        return self._url("write", user, self.users[user], repository)

    def read_url(self, reader: str, owner: str, repository: str = "") -> str:
        """Read-only repository URL of someone else's repository."""
        path = f"{owner}/{repository}" if repository else owner
        return f"rest:https://{reader}:{self.readers[reader]}@{self._at('read')}/{path}"

    def prepare(self) -> None:
        """Certificates, password files, data folder (not readable to others)."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.authority.make()
        self.authority.issue("target", ["localhost", self.place.ipv4, self.place.ipv6])
        write(self.folder / "write.htpasswd", _htpasswd(self.users), 0o600)
        write(self.folder / "read.htpasswd", _htpasswd(self.readers), 0o600)

    def programs(self) -> Sequence[Process]:
        """The append-only server, and the read-only one when there are readers."""
        served = [self.process("write", self._serve("write", self.data, "--append-only", "--private-repos"))]
        if self.readers:
            served.append(self.process("read", [*OWN_MOUNTS, "sh", "-c", READ_ONLY_VIEW, str(self.data), *self._serve("read", self.data)]))
        return served

    def ready(self) -> bool:
        """Each endpoint accepts."""
        return all(self.place.answers(self.port(end, usual)) for end, usual in self._ends().items())

    def files(self, kind: str) -> list[Path]:
        """Files of one kind (data, snapshots, index, keys, locks, config) over all repositories, sorted."""
        return sorted(p for p in self.data.rglob("*") if p.is_file() and (kind in p.relative_to(self.data).parts or p.name == kind))

    def flip_bytes(self, count: int = 3) -> Path:
        """Change bytes in the middle of the largest pack, as a failing disk would; gives the pack."""
        pack = max(self.files("data"), key=lambda p: (p.stat().st_size, p.name))
        flip(pack, count)
        return pack

    def _ends(self) -> dict[str, int]:
        return {"write": 8000, "read": 8001} if self.readers else {"write": 8000}

    def _at(self, end: str) -> str:
        return f"{self.place.ipv4}:{self.port(end, {'write': 8000, 'read': 8001}[end])}"

    def _url(self, end: str, user: str, password: str, repository: str) -> str:
        path = f"{user}/{repository}" if repository else user
        return f"rest:https://{user}:{password}@{self._at(end)}/{path}/"

    def _serve(self, end: str, data: Path, *flags: str) -> list[str]:
        pair = self.authority.folder / "target"
        return [
            program("rclone", "rclone"), "serve", "restic", *flags, "--htpasswd", f"{self.folder}/{end}.htpasswd",
            "--cert", f"{pair}.pem", "--key", f"{pair}.key", "--addr", self._at(end), "--config", "/dev/null",
            "--cache-dir", f"{self.folder}/cache", "-v", str(data),
        ]  # fmt: skip


OWN_MOUNTS = ["unshare", "--mount", *(() if os.geteuid() == 0 else ("--map-root-user",)), "--"]
READ_ONLY_VIEW = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'


def flip(pack: Path, count: int = 3) -> None:
    """Flip all bits of some bytes in the middle of a file; doing it twice is not having done it."""
    with pack.open("r+b") as opened:
        opened.seek(pack.stat().st_size // 2)
        held = opened.read(count)
        opened.seek(-len(held), os.SEEK_CUR)
        opened.write(bytes(b ^ 0xFF for b in held))


def restic(url: str, password: str, ca: Path, *arguments: str, folder: Path, limit_s: float = 120) -> subprocess.CompletedProcess[str]:
    """Run restic once against a repository URL; secrets go by files in `folder`, never by argument or environment."""
    where = write(folder / "repository", url, 0o600)
    secret = write(folder / "password", password, 0o600)
    command = [program("restic", "restic"), "--repository-file", str(where), "--password-file", str(secret), "--cacert", str(ca),
               "--cache-dir", str(folder / "cache"), *arguments]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, timeout=limit_s, check=False)


def _htpasswd(users: Mapping[str, str]) -> str:
    digest = {u: base64.b64encode(hashlib.sha1(p.encode(), usedforsecurity=False).digest()).decode() for u, p in users.items()}
    return "".join(f"{user}:{{SHA}}{value}\n" for user, value in digest.items())
