"""REST repository: asks the append-only endpoint itself, so that a refusal, a certificate or silence is told in seconds, not after restic's retries."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import secrets
import shutil
import socket
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from samdrift.adapters.limits import NETWORK, SIZES
from samdrift.model.backup_run import BackupReason

LIMIT = NETWORK["backup"]
FOLDERS = ("data", "index", "keys", "locks", "snapshots")
LARGEST_PACK = 20 * 2**20
"""Bytes of the largest thing that restic stores at a time, with some room."""
API_V2 = "application/vnd.x.restic.rest.v2"


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body of one answer, and when its object was last written or, where that is not told, when it was given; redirects are never followed."""

    status: int
    body: bytes
    at: datetime | None = None


def probe(location: str, ca: str | None) -> tuple[BackupReason, str] | None:
    """None when a repository answers at a rest: location (or it is a folder); else the reason and a sentence without secrets."""
    if not location.startswith("rest:"):
        return None
    try:
        answer = ask(location, "config", ca, method="HEAD")
    except ssl.SSLError as error:
        return BackupReason.CERTIFICATE, f"the endpoint's certificate is not accepted: {error.reason or error}"
    except (OSError, http.client.HTTPException) as error:
        return BackupReason.UNREACHABLE, f"the endpoint does not answer: {error or type(error).__name__}"
    if answer.status in {401, 403}:
        return BackupReason.REFUSED, f"the endpoint answers {answer.status}"
    if answer.status == 404:
        return BackupReason.REPOSITORY_MISSING, "the endpoint has no repository there"
    return None if answer.status == 200 else (BackupReason.UNCLASSIFIED, f"the endpoint answers {answer.status}")


def ask(location: str, path: str, ca: str | None, *, method: str = "GET", body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Answer:
    """One request to a rest: location; OSError (ssl.SSLError for certificates) or HTTPException when there is no answer in time."""
    parts = urlsplit(location.removeprefix("rest:"))
    host, port = parts.hostname or "", parts.port
    if parts.scheme == "https":
        context = ssl.create_default_context(cafile=ca)
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(host, port, timeout=LIMIT.connect_s, context=context)
    else:
        connection = http.client.HTTPConnection(host, port, timeout=LIMIT.connect_s)
    try:
        connection.connect()
        assert isinstance(connection.sock, socket.socket)
        connection.sock.settimeout(LIMIT.read_s)
        connection.request(method, f"{parts.path.rstrip('/')}/{path}", body=body, headers={**_login(parts.username, parts.password), **(headers or {})})
        with connection.getresponse() as response:  # an answer without a length is left open by the connection's own end
            return Answer(response.status, response.read(SIZES["repository-list"]), _instant(response.getheader("Last-Modified") or response.getheader("Date")))
    finally:
        connection.close()


def _instant(text: str | None) -> datetime | None:
    """The instant of an HTTP date, whole seconds; None for anything else."""
    try:
        found = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo is not None else None


def arrival(location: str, name: str, ca: str | None) -> datetime | None:
    """When an object came, by the storage's clock: its own time where the endpoint tells it, else the endpoint's clock now (rclone 1.60); None when it is not there.

    OSError or HTTPException when there is no answer.
    """
    answer = ask(location, name, ca, method="HEAD")
    return answer.at if answer.status == 200 else None


def _login(user: str | None, password: str | None) -> dict[str, str]:
    if user is None:
        return {}
    pair = f"{unquote(user)}:{unquote(password or '')}".encode()
    return {"Authorization": "Basic " + base64.b64encode(pair).decode()}


def objects(location: str, ca: str | None) -> dict[str, dict[str, int]]:
    """Folder → name → bytes of every object, leftovers too (REST API v2); OSError when the endpoint gives no list."""
    found: dict[str, dict[str, int]] = {}
    for folder in FOLDERS:
        answer = ask(location, f"{folder}/", ca, headers={"Accept": API_V2})
        if answer.status == 404:
            found[folder] = {}
            continue
        if answer.status != 200:
            raise ConnectionRefusedError(f"listing {folder} gives {answer.status}")
        found[folder] = {str(one["name"]): int(one["size"]) for one in json.loads(answer.body) or []}
    held = ask(location, "config", ca)
    if held.status == 200:
        found[""] = {"config": len(held.body)}
    return found


def names(location: str, folder: str, ca: str | None) -> frozenset[str]:
    """Names of what lies in one folder of a repository (`keys`); OSError when no list is given."""
    if not location.startswith("rest:"):
        return frozenset(path.name for path in Path(location, folder).glob("*") if path.is_file())
    answer = ask(location, f"{folder}/", ca, headers={"Accept": API_V2})
    if answer.status not in {200, 404}:
        raise ConnectionRefusedError(f"listing {folder} gives {answer.status}")
    return frozenset(str(one["name"]) for one in json.loads(answer.body) or []) if answer.status == 200 else frozenset()


def has_keys(location: str, ca: str | None) -> bool | None:
    """Whether the folder keys/ of a repository holds any; None when it could not be seen."""
    if not location.startswith("rest:"):
        return any(Path(location, "keys").glob("*"))
    try:
        answer = ask(location, "keys/", ca, headers={"Accept": API_V2})
        return bool(json.loads(answer.body)) if answer.status == 200 else False if answer.status == 404 else None
    except (OSError, http.client.HTTPException, ValueError):
        return None


def identity(location: str, ca: str | None) -> str:
    """What tells a repository from another one made under the same key: the SHA-256 of its config as it lies there. Empty when it cannot be read (F17)."""
    held = content(location, "config", ca)
    return hashlib.sha256(held).hexdigest() if held else ""


def damaged_keys(location: str, ca: str | None, keys: Iterable[str]) -> tuple[str, ...]:
    """Those of these keys that are there and are not what their names say: restic calls it a wrong password (F6)."""
    held = {key: content(location, f"keys/{key}", ca) for key in sorted(keys)}
    return tuple(key for key, data in held.items() if hashlib.sha256(data).hexdigest() != key)


def content(location: str, name: str, ca: str | None) -> bytes:
    """The bytes of a small object (config, a key) as they lie there; empty when it is not there or there is no answer."""
    try:
        if not location.startswith("rest:"):
            return b"" if Path(location, name).is_symlink() else Path(location, name).read_bytes()
        answer = ask(location, name, ca)
    except (OSError, http.client.HTTPException):
        return b""
    return answer.body if answer.status == 200 else b""


def remove_lock(location: str, ca: str | None, name: str) -> bool:
    """Remove one lock by its name; True when it is gone. The only thing that may be removed through an append-only endpoint."""
    if not location.startswith("rest:"):
        Path(location, "locks", name).unlink(missing_ok=True)
        return True
    return ask(location, f"locks/{name}", ca, method="DELETE").status in {200, 404}


def takes_nothing(location: str, ca: str | None) -> bool:
    """Whether a repository that can be read has no room for one pack more: a full or read-only disk says "403" or "500" to its clients (F1).

    Asked by what alone an append-only client may remove again: a lock, of a pack's size. One that is no lock is passed over by restic.
    """
    if not location.startswith("rest:"):
        return shutil.disk_usage(location).free < LARGEST_PACK if Path(location).is_dir() else False
    body = secrets.token_bytes(LARGEST_PACK)
    name = f"locks/{hashlib.sha256(body).hexdigest()}"
    try:
        if ask(location, "config", ca).status != 200:
            return False
        refused = not _taken(location, name, ca, body)
        ask(location, name, ca, method="DELETE")
        return refused and ask(location, "config", ca).status == 200
    except (OSError, http.client.HTTPException):
        return False


def _taken(location: str, name: str, ca: str | None, body: bytes) -> bool:
    """Whether the endpoint took it; one that hangs up while it is told did not."""
    try:
        return ask(location, name, ca, method="POST", body=body).status in {200, 201}
    except (OSError, http.client.HTTPException):
        return False
