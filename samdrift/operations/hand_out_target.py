"""Hand out a backup target: what its storage host must keep, serve and let in, for its playbook; logins that lack are made (backup.md B1-B3, B11)."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from samdrift.adapters.clock import now
from samdrift.adapters.files import make_folder, read_file, write_whole
from samdrift.adapters.own_certificate import refusal
from samdrift.adapters.secrets import read_secret, secret_path, secrets_folder
from samdrift.backup.documents import Item
from samdrift.backup.logins import split_login, users_file
from samdrift.backup.repository import place, targets_of
from samdrift.model.errors import UnknownId, WrongUse
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.backup_target import BackupTarget
from samdrift.model.target_job import Endpoint, KeptTarget
from samdrift.operations.backup_access import STATE, Surroundings, certificate, public_file
from samdrift.store import audit
from samdrift.store.store import Store

PLAYBOOK = "playbooks/set-up-backup-target.yml"
HTTPS = 443


@dataclass(slots=True)
class _Logins:
    """User → password, owner → why there is none yet, and the references that lacked; only with `make` are they made."""

    make: bool
    words: dict[str, str] = field(default_factory=dict)
    unresolved: dict[str, str] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def add(self, reference: str, user: str, *, own: bool) -> None:
        """The login behind a reference; `own`: its user must be the one who owns the folder."""
        if not reference.startswith("file:"):
            self.unresolved[user] = f"{reference} cannot be read yet"
            return
        path = secrets_folder() / reference.removeprefix("file:")
        if not path.exists():
            self.made.append(reference)
            self.names.add(user)
            if not self.make:
                return
            make_folder(path.parent)
            write_whole(path, secrets.token_urlsafe(32).encode() + b"\n", mode=0o600)
        try:
            name, word = split_login(read_secret(reference).text(), user)
        except ValueError as error:
            raise WrongUse(f"{reference} is no login for a backup target: {error}") from None
        if own and name != user:
            raise WrongUse(f"{reference} is the login of {name}, and the folder is {user}'s", help="an endpoint lets each login into the folder of its own name alone")
        if self.words.setdefault(name, word) != word:
            raise WrongUse(f"{user} has two logins at one target", help=f"one of them is {reference}; let all its backups name the same")
        self.names.add(name)

    @property
    def resolved(self) -> tuple[str, ...]:
        return tuple(sorted(self.names))


def hand_out_target(inventory: Inventory, store: Store, device: str, *, who: str, make: bool) -> list[KeptTarget]:
    """The targets on a device, with certificates and hashes of logins; with `make` the logins that lack are made first. WrongUse says what the inventory lacks."""
    if device not in inventory.devices:
        raise UnknownId("device", device, inventory.devices)
    found = []
    around = Surroundings(store.state_dir, Path(inventory.root))
    for target in inventory.backup_targets.values():
        if target.device != device or (target.path or "").startswith(STATE):
            continue
        kept = _kept(inventory, target, around, make=make)
        found.append(kept)
        if kept.made and make:
            with store.write() as connection:
                audit.append(connection, at=now(), actor=who, verb="login-made", object=f"backup-target:{target.id}", members=(), after={"references": list(kept.made)})
    return found


def _kept(inventory: Inventory, target: BackupTarget, around: Surroundings, *, make: bool) -> KeptTarget:
    if target.path is None or not target.path.startswith("/"):
        raise WrongUse(f"backup target {target.id} names no folder of {target.device}", help=f"write path: in {inventory.root}/backup-targets.yml, for example /srv/backup")
    owners, pullers = _owners(inventory, target, make=make), _pullers(inventory, target, make=make)
    made = dict.fromkeys([*owners.made, *pullers.made])
    endpoints = tuple(_endpoint(one, target, around) for one in _wanted(target, owners, pullers))
    return KeptTarget(target.id, target.site, str(target.device), target.path.rstrip("/"), target.ballast or 0, endpoints, {**owners.unresolved, **pullers.unresolved}, tuple(made))


def _owners(inventory: Inventory, target: BackupTarget, *, make: bool) -> _Logins:
    logins = _Logins(make)
    places = [place(inventory, backup, target) for backup in inventory.backups.values() if target in targets_of(inventory, backup)]
    wanted = {(one.owner, one.credential) for one in places}
    for owner, reference in sorted(wanted):
        logins.add(reference, owner, own=True)
    logins.unresolved = {owner: why for owner, why in logins.unresolved.items() if owner not in logins.names}
    return logins


def _pullers(inventory: Inventory, target: BackupTarget, *, make: bool) -> _Logins:
    logins = _Logins(make)
    for other in inventory.backup_targets.values():
        if target.kind == "rest" and other.pulls_from == target.id and other.pull_credential:
            logins.add(other.pull_credential, other.id, own=False)
    return logins


@dataclass(frozen=True, slots=True)
class _Wanted:
    end: str
    url: str
    writes: bool
    private: bool
    logins: _Logins


def _wanted(target: BackupTarget, owners: _Logins, pullers: _Logins) -> Iterator[_Wanted]:
    """A rest target appends for its owners and is read by those who pull; a folder is only read, by its owners, for a restore."""
    if target.kind == "rest" and target.url:
        yield _Wanted("append", target.url, True, True, owners)
    if target.pull_url:
        of_rest = target.kind == "rest"
        yield _Wanted("read", target.pull_url, False, not of_rest, pullers if of_rest else owners)


def _endpoint(wanted: _Wanted, target: BackupTarget, around: Surroundings) -> Endpoint:
    parts = urlsplit(wanted.url)
    shown = _certificates(target, parts.hostname or "", around)
    return Endpoint(
        f"{target.id}-{wanted.end}", target.id, str(target.path).rstrip("/"), wanted.url, parts.port or HTTPS, wanted.writes, wanted.private, wanted.logins.resolved,
        users_file(wanted.logins.words), shown["certificate"], shown["key"], shown["ca"],
    )  # fmt: skip


def _certificates(target: BackupTarget, host: str, around: Surroundings) -> Mapping[str, str]:
    """What the endpoint shows, tried as a client would before it is carried anywhere."""
    if not target.certificate or not target.certificate_key or not target.ca:
        raise WrongUse(f"backup target {target.id} serves by TLS and names no certificate", help=f"write ca:, certificate: and certificate_key: in {around.inventory}/backup-targets.yml")
    shown, key = public_file(target.certificate, target, around), secret_path(target.certificate_key)
    why = refusal(shown, key, certificate(target, around) or "", host)
    if why is not None:
        raise WrongUse(f"a client would not take {target.certificate} of backup target {target.id} at {host}: {why}")
    return {"certificate": read_file(shown).decode(), "key": read_secret(target.certificate_key).text() + "\n", "ca": str(public_file(target.ca, target, around))}


def target_item(kept: KeptTarget) -> Item:
    """One `samdrift/backup-target-plan`; a login that cannot be read yet makes it a warning."""
    return {
        "target": kept.target, "site": kept.site, "device": kept.device, "folder": kept.folder, "status": "warning" if kept.unresolved else "ok", "ballast_bytes": kept.ballast_bytes,
        "endpoints": [
            {
                "name": one.name, "unit": one.unit, "url": one.url, "port": one.port, "folder": one.folder, "writes": one.writes, "private": one.private, "logins": list(one.logins),
                "ca": one.ca, "certificate_sha256": one.certificate_sha256,
            }
            for one in kept.endpoints
        ],
        "made": list(kept.made), "unresolved": [{"owner": owner, "reason": why} for owner, why in sorted(kept.unresolved.items())],
    }  # fmt: skip
