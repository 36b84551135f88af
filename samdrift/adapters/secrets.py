"""Secrets: a reference becomes a value that prints as ***; never argv, never an environment (reliability.md K1)."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import NoReturn

from samdrift.adapters.files import read_file
from samdrift.adapters.limits import SIZES
from samdrift.model.errors import WrongUse

DEFAULT_FOLDER = Path("/etc/samdrift/secrets")


class Secret:
    """A value that shows as *** wherever it is printed; `reveal()` at the last moment."""

    __slots__ = ("_value",)

    def __init__(self, value: bytes) -> None:
        self._value = value

    def reveal(self) -> bytes:
        """The bytes, without the line end of the file they came from."""
        return self._value

    def text(self) -> str:
        """The value as UTF-8 text."""
        return self._value.decode()

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __format__(self, _: str) -> str:
        return "***"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is never pickled")


def secrets_folder() -> Path:
    """Where `file:` references are read: SAMDRIFT_SECRETS, else /etc/samdrift/secrets."""
    return Path(os.environ.get("SAMDRIFT_SECRETS") or DEFAULT_FOLDER)


def secret_path(reference: str, *, folder: Path | None = None) -> Path:
    """The file behind a `file:` or `credential:` reference, checked: mode 0600 or stricter, ours or root's; WrongUse says why not."""
    kind, _, name = reference.partition(":")
    if kind == "vault":
        raise WrongUse(f"{reference} cannot be read yet", help="vault: references resolve in a later version; use file:")
    if kind == "credential":
        root = os.environ.get("CREDENTIALS_DIRECTORY")
        if not root:
            raise WrongUse(f"{reference}: no CREDENTIALS_DIRECTORY", help="systemd's LoadCredential= gives it to the unit")
        path = Path(root) / name
    elif kind == "file":
        path = (folder or secrets_folder()) / name
    else:
        raise WrongUse("this is no reference to a secret", help="write file:PATH, credential:NAME or vault:MEMBER/NAME")
    if ".." in Path(name).parts:
        raise WrongUse(f"{reference} leaves the folder of secrets")
    _check_mode(reference, path)
    return path


def _check_mode(reference: str, path: Path) -> None:
    try:
        found = path.stat()
    except OSError as error:
        raise WrongUse(f"{reference}: {path}: {(error.strerror or str(error)).lower()}") from error
    if not stat.S_ISREG(found.st_mode):
        raise WrongUse(f"{reference}: {path} is no regular file")
    if found.st_mode & 0o077:
        raise WrongUse(f"{reference}: others may read {path} (mode {stat.S_IMODE(found.st_mode):04o})", help=f"chmod 600 {path}")
    if found.st_uid not in {0, os.geteuid()}:
        raise WrongUse(f"{reference}: {path} belongs to another user", help=f"chown {os.geteuid()} {path}")


def read_secret(reference: str, *, folder: Path | None = None) -> Secret:
    """The secret behind a reference; the error names the reference and the file, never the value."""
    value = read_file(secret_path(reference, folder=folder), limit_bytes=SIZES["secret"]).rstrip(b"\r\n")
    if not value:
        raise WrongUse(f"{reference} is empty")
    return Secret(value)
