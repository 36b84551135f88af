"""Backup access: from a repository's place in the inventory to a door that opens, secrets resolved at the last moment."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from samdrift.adapters import repository_files, rest_repository, restic
from samdrift.adapters.files import make_folder, read_file, write_whole
from samdrift.adapters.secrets import read_secret, secrets_folder
from samdrift.backup.repository import RepositoryPlace
from samdrift.model.errors import CouldNotObserve, WrongUse
from samdrift.model.nouns.backup_target import BackupTarget

STATE = "state:"
"""Begins a path below the state folder: the shipped targets and the program's own store lie there."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where the program runs: its state folder and the inventory's folder."""

    state: Path
    inventory: Path


def target_folder(target: BackupTarget, state: Path) -> Path | None:
    """The folder of a local target; None for a rest one."""
    if target.kind != "local" or target.path is None:
        return None
    return state / target.path.removeprefix(STATE) if target.path.startswith(STATE) else Path(target.path)


def in_state(target: BackupTarget) -> bool:
    """Whether the target is a folder below the state folder, where the program makes repository and key itself."""
    return target.kind == "local" and (target.path or "").startswith(STATE)


def here(target: BackupTarget, hosts: frozenset[str]) -> bool:
    """Whether a local target's folder is on this machine: below the state folder, or its device is one of our names."""
    return target.kind == "rest" or in_state(target) or target.device is None or target.device in hosts


def location(place: RepositoryPlace, around: Surroundings) -> str:
    """The repository's folder, or its `rest:` location with the owner's login in it (a secret)."""
    folder = target_folder(place.target, around.state)
    if folder is not None:
        return str(folder / place.owner / place.name)
    return _rest(place.target.url, place.target.id, place, _login(read_secret(place.credential).text(), place.owner))


def read_location(place: RepositoryPlace) -> str:
    """A folder's repository through the endpoint that only reads it, with the owner's login in it (a secret)."""
    return _rest(place.target.pull_url, place.target.id, place, _login(read_secret(place.credential).text(), place.owner))


def pull_location(place: RepositoryPlace, puller: BackupTarget, around: Surroundings) -> str:
    """Where a disaster site reads a primary's repository: the endpoint that cannot write, or the folder."""
    if place.target.kind == "local":
        return location(place, around)
    if puller.pull_credential is None:
        raise WrongUse(f"backup target {puller.id} has no pull_credential", help="add pull_credential: the login that may only read")
    return _rest(place.target.pull_url, place.target.id, place, _login(read_secret(puller.pull_credential).text(), puller.id))


def _rest(url: str | None, target: str, place: RepositoryPlace, login: str) -> str:
    if url is None:
        raise WrongUse(f"backup target {target} has no url")
    scheme, _, rest = url.partition("://")
    return f"rest:{scheme}://{login}@{rest.rstrip('/')}/{place.owner}/{place.name}/"


def _login(credential: str, user: str) -> str:
    """`user:password` as it stands, or a bare password with the expected user; quoted for a URL."""
    name, colon, password = credential.partition(":")
    return f"{quote(name, safe='')}:{quote(password, safe='')}" if colon else f"{quote(user, safe='')}:{quote(credential, safe='')}"


def password(place: RepositoryPlace, around: Surroundings) -> str:
    """The repository's key. For a target below the state folder it is made at first use, readable to us alone."""
    if not in_state(place.target):
        return read_secret(place.key).text()
    path = key_file(place, around)
    if not path.exists():
        write_whole(path, secrets.token_urlsafe(32).encode() + b"\n", mode=0o600)
    return read_file(path).decode().strip()


def key_file(place: RepositoryPlace, around: Surroundings) -> Path:
    """Where the key of a repository below the state folder lies."""
    return make_folder(around.state / "backup" / "keys") / f"{place.target.id}-{place.owner}-{place.name}"


def certificate(target: BackupTarget, around: Surroundings) -> str | None:
    """The PEM text of the certificate that the target's endpoint must be signed by; it is public, so it may lie in the inventory."""
    return None if target.ca is None else read_file(public_file(target.ca, target, around)).decode()


def public_file(reference: str, target: BackupTarget, around: Surroundings) -> Path:
    """The file of a certificate; WrongUse says where it is looked for."""
    name = reference.partition(":")[2]
    for folder in (around.inventory, around.inventory / "files", secrets_folder()):
        if (folder / name).is_file():
            return (folder / name).absolute()
    raise WrongUse(f"{reference} of backup target {target.id} is not there", help=f"put the certificate at {around.inventory / 'files' / name}")


@contextmanager
def open_place(place: RepositoryPlace, around: Surroundings, *, at: str | None = None, read_only: bool = False, key: str | None = None) -> Iterator[restic.Access]:
    """A door to a repository, its certificate in a folder of its own while it is open; `at` overrides the location (pull), `key` the repository's own (a secret)."""
    if not read_only and not in_state(place.target):
        _refuse_as_root(Path(at or location(place, around)))
    cache = make_folder(around.state / "backup" / "cache" / f"{place.target.id}-{place.owner}-{place.name}")
    with TemporaryDirectory(dir=_folder_of_runs(around.state), prefix=f"{os.getpid()}-") as scratch:
        text = certificate(place.target, around)
        path = Path(scratch) / "ca.pem"
        if text:
            path.write_text(text)
        yield restic.Access(at or location(place, around), password(place, around) if key is None else key, str(path) if text else None, str(cache), read_only)


def _refuse_as_root(folder: Path) -> None:
    """What root writes into another user's folder that user cannot read: its endpoint would refuse every later run. WrongUse names the user."""
    if os.geteuid() != 0 or not folder.is_absolute():
        return
    while not folder.exists():
        folder = folder.parent
    owner = folder.stat().st_uid
    if owner != 0:
        name = _name_of(owner)
        raise WrongUse(f"{folder} belongs to {name}, who could not read what root writes there", help=f"runuser -u {name} -- samdrift …")


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _folder_of_runs(state: Path) -> Path:
    """Where certificates lie while doors are open; those of processes that were killed are removed."""
    folder = make_folder(state / "backup" / "run")
    for left in folder.iterdir():
        if not Path("/proc", left.name.partition("-")[0]).exists():
            shutil.rmtree(left, ignore_errors=True)
    return folder


def require_reached(access: restic.Access, site: str) -> None:
    """CouldNotObserve when a repository's endpoint gives no answer, or none that helps: before any folder is made for what it would give."""
    refusal = rest_repository.probe(access.location, access.ca)
    if refusal is not None:
        raise CouldNotObserve(f"the repository at {site} could not be read: {refusal[1]}", help=f"reason {refusal[0]}")


def objects(access: restic.Access) -> dict[str, dict[str, int]]:
    """Folder → name → bytes of every object of a repository."""
    if access.local:
        return repository_files.objects(Path(access.location))
    return rest_repository.objects(access.location, access.ca)


def free_bytes(folder: Path) -> int:
    """Bytes that we may still write where the folder (or its nearest parent that is there) lies."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def disk_space(folder: Path) -> tuple[int | None, int | None]:
    """Free and all bytes of the file system where the folder lies; None for both when there is no such folder."""
    if not folder.exists():
        return None, None
    found = shutil.disk_usage(folder)
    return found.free, found.total
