"""Escrow keys: a second key for each repository, sealed to custodians of several organisations, and proved each month (backup.md B18)."""

from __future__ import annotations

import hashlib
import http.client
import secrets
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from samdrift.adapters import age, rest_repository, restic, restic_storage
from samdrift.adapters.clock import now
from samdrift.adapters.files import make_folder, write_whole
from samdrift.adapters.process import find_program
from samdrift.backup.documents import Item
from samdrift.backup.repository import RepositoryPlace, members_of, place, primary, targets_of
from samdrift.model.errors import CouldNotObserve, SamdriftError, UnknownId, WrongUse
from samdrift.model.escrow import EscrowKey, EscrowProof, ProofKind
from samdrift.model.inventory import Inventory
from samdrift.model.period import rfc3339
from samdrift.model.run import Outcome
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.backup_access import Surroundings, open_place
from samdrift.operations.job_work import JobDone, JobWork
from samdrift.operations.run_backup import host_names
from samdrift.operations.storage_trust import inside, repositories
from samdrift.store import audit, escrow
from samdrift.store import backups as stored
from samdrift.store.store import Store

PROVED_WITHIN_S = 35 * 86_400


UNREACHED = (OSError, http.client.HTTPException, WrongUse)
"""No answer, no list, or no secret to ask with."""


@dataclass(frozen=True, slots=True)
class _Reached:
    """A repository whose keys can be seen from here: by its folder, or (`root` None) over its target alone."""

    where: RepositoryPlace
    root: Path | None

    def door(self, around: Surroundings, *, key: str | None = None) -> AbstractContextManager[restic.Access]:
        """A door to it; with `key` in place of its own, which not every look needs, it only reads."""
        return open_place(self.where, around, at=str(self.root) if self.root else None, key=key, read_only=key is not None)

    def keys(self, around: Surroundings) -> frozenset[str]:
        """Full ids of its keys; one of UNREACHED when they cannot be seen."""
        with self.door(around, key="") as access:
            return rest_repository.names(access.location, "keys", access.ca)


def list_keys(inventory: Inventory, store: Store, wanted: Sequence[str], *, at: datetime, device: str | None = None) -> list[Item]:
    """`samdrift/backup-key` items: every key of the repositories that are reached from here, what it is, and when it was last seen and proved."""
    rows, around = [], _around(inventory, store)
    with store.read() as connection:
        sealed = {(one.site, one.repository, one.key): one for one in escrow.keys(connection, viewer=OPERATIONS)}
        proofs = escrow.last_proofs(connection, viewer=OPERATIONS)
        for one in _reached(inventory, store, wanted, device):
            site, path = one.where.target.site, one.where.path
            known = stored.known_keys(connection, site, path, viewer=OPERATIONS)
            try:
                there = one.keys(around)
            except UNREACHED as error:
                rows.append({**_item(one.where, "", "unknown", None, (), at), "key": None, "kind": None, "status": "undetermined", "message": str(error)})
                continue
            for key in sorted(there):
                held = sealed.get((site, path, key))
                kind = "escrow" if held else "own" if key in known else "unknown"
                rows.append(_item(one.where, key, kind, held, [proof for proof in proofs if (proof.site, proof.repository, proof.key) == (site, path, key)], at))
    return rows


def _item(where: RepositoryPlace, key: str, kind: str, held: EscrowKey | None, proofs: Sequence[EscrowProof], at: datetime) -> Item:
    def when(what: ProofKind) -> datetime | None:
        return next((one.at for one in proofs if one.kind == what and one.passed), None)

    proved, made = when("proved"), held.made_at if held else None
    overdue = held is not None and (at - (proved or held.made_at)).total_seconds() > PROVED_WITHIN_S
    present, absent = when("present"), next((one.at for one in proofs if one.kind == "present" and not one.passed), None)
    lost = absent is not None and (present is None or absent > present)
    status = "failure" if kind == "unknown" or overdue or lost else "warning" if held and proved is None else "ok"
    return {
        "repository": where.path, "site": where.target.site, "key": key, "kind": kind, "status": status, "recipients": list(held.recipients) if held else [],
        "made_at": rfc3339(made) if made else None, "present_at": rfc3339(present) if present else None, "proved_at": rfc3339(proved) if proved else None,
    }  # fmt: skip


def escrow_keys(inventory: Inventory, store: Store, wanted: Sequence[str], *, who: str, device: str | None = None, without: str | None = None, rotate: bool = False) -> list[Item]:
    """Give each repository that is reached from here a second key, sealed and forgotten; with `rotate` a new one, and the earlier ones are removed.

    A key can be added over an append-only target, and removed by its storage host alone: WrongUse before anything is made. One that has a sealed key keeps it unless rotated. `without` leaves a custodian out (off-boarding). Gives all keys of the repositories.
    """
    for program in ("restic", "age"):
        find_program(program)
    around = _around(inventory, store)
    for one in _reached(inventory, store, wanted, device):
        with store.read() as connection:
            before = [key for key in escrow.keys(connection, viewer=OPERATIONS) if (key.site, key.repository) == (one.where.target.site, one.where.path)]
        if before and not rotate:
            continue
        if before and one.root is None:
            raise WrongUse(f"{one.where.path} at {one.where.target.id} is reached over its target, where no key can be removed", help="run it on the storage host")
        with one.door(around) as access:
            try:
                made = _seal(inventory, store, one, access, who, without)
                for old in before:
                    _remove(inventory, store, one, access, old, made, who)
            except restic.ResticFailed as failure:
                raise CouldNotObserve(f"{one.where.path} at {one.where.target.id}: {failure.text}", help=f"reason {failure.reason}") from None
            except (OSError, http.client.HTTPException) as error:
                raise CouldNotObserve(f"{one.where.path} at {one.where.target.id}: {error}") from None
    prove_present(inventory, store, wanted, who=who, device=device)
    return list_keys(inventory, store, wanted, at=now(), device=device)


def _seal(inventory: Inventory, store: Store, one: _Reached, access: restic.Access, who: str, without: str | None) -> EscrowKey:
    names = tuple(name for name in recipients_of(inventory, one.where) if name != without)
    if len(names) < 2 or len({organisation(name) for name in names}) < 2:
        raise WrongUse(f"escrow of {one.where.path} at {one.where.target.id} needs two custodians of two organisations, it has {', '.join(names) or 'none'}", help="add them to the target's escrow")
    public = [recipient(inventory, name) for name in names]
    around = _around(inventory, store)
    before, password = one.keys(around), secrets.token_urlsafe(32)
    sealed = age.seal(password, public)
    restic_storage.add_key(access, password)
    (added,) = one.keys(around) - before
    path = make_folder(store.state_dir / "escrow") / sealed_name(one.where)
    write_whole(path, sealed, mode=0o600)
    key = EscrowKey(one.where.target.site, one.where.path, added, hashlib.sha256(sealed).hexdigest(), names, who, now())
    with store.write() as connection:
        escrow.add_key(connection, key)
        stored.put_keys(connection, key.site, key.repository, [added], now(), known=True)
        after = {"key": added, "recipients": list(names), "sealed_sha256": key.sealed_sha256}
        audit.append(connection, at=now(), actor=who, verb="escrow", object=f"repository:{one.where.path}@{one.where.target.id}", members=_members(inventory, one.where), after=after)
    return key


def _remove(inventory: Inventory, store: Store, one: _Reached, access: restic.Access, old: EscrowKey, made: EscrowKey, who: str) -> None:
    restic_storage.remove_key(access, old.key)
    with store.write() as connection:
        escrow.end_key(connection, old.site, old.repository, old.key, now())
        audit.append(
            connection, at=now(), actor=who, verb="key-removed", object=f"repository:{one.where.path}@{one.where.target.id}", members=_members(inventory, one.where),
            before={"key": old.key}, after={"key": made.key},
        )  # fmt: skip


def prove_present(inventory: Inventory, store: Store, wanted: Sequence[str], *, who: str, device: str | None = None) -> tuple[list[EscrowProof], list[str]]:
    """For each sealed key of the repositories that are reached: whether the key is in its repository and the sealed file is the one that was written; and what could not be seen."""
    around = _around(inventory, store)
    here = {(one.where.target.site, one.where.path): one for one in _reached(inventory, store, wanted, device)}
    with store.read() as connection:
        keys = [key for key in escrow.keys(connection, viewer=OPERATIONS) if (key.site, key.repository) in here]
    found, unseen = [], []
    for key in keys:
        one = here[key.site, key.repository]
        try:
            there = one.keys(around)
        except UNREACHED as error:
            unseen.append(f"{key.repository}@{key.site}: {error}")
            continue
        wrong = [] if key.key in there else ["the key is not in the repository"]
        wrong += [] if _sealed(store, one.where, key) is not None else ["the sealed file is gone or another"]
        found.append(EscrowProof(key.site, key.repository, key.key, "present", not wrong, "; ".join(wrong), who, now()))
    with store.write() as connection:
        for proof in found:
            escrow.add_proof(connection, proof)
    return found, unseen


def prove_key(inventory: Inventory, store: Store, repository: str, identity: Path, *, who: str, site: str | None = None, device: str | None = None) -> Item:
    """A custodian opens the repository with what is sealed; kept as a proof, passed or not. The password is seen by nobody and kept nowhere."""
    for program in ("restic", "age"):
        find_program(program)
    found = [one for one in _reached(inventory, store, [repository], device) if site in {None, one.where.target.site, one.where.target.id}]
    if len(found) != 1:
        raise WrongUse(f"{repository} is reached at {len(found)} targets from here", help="name one with --site")
    (one,) = found
    with store.read() as connection:
        keys = [key for key in escrow.keys(connection, viewer=OPERATIONS) if (key.site, key.repository) == (one.where.target.site, one.where.path)]
    if not keys:
        raise CouldNotObserve(f"{repository} has no sealed key", help=f"samdrift backup keys escrow {repository}")
    key, wrong = keys[-1], ""
    sealed = _sealed(store, one.where, key)
    try:
        if sealed is None:
            raise CouldNotObserve("the sealed file is gone or another")
        with one.door(_around(inventory, store), key=age.unseal(sealed, identity)) as access:
            restic.config(replace(access, cache=None))
    except (SamdriftError, restic.ResticFailed) as error:
        wrong = str(error)
    proof = EscrowProof(key.site, key.repository, key.key, "proved", not wrong, wrong, who, now())
    with store.write() as connection:
        escrow.add_proof(connection, proof)
        after = {"key": key.key, "passed": proof.passed}
        audit.append(connection, at=proof.at, actor=who, verb="escrow-proved", object=f"repository:{one.where.path}@{one.where.target.id}", members=_members(inventory, one.where), after=after)
    item = _item(one.where, key.key, "escrow", replace(key), [proof], proof.at)
    return {**item, "status": "ok" if proof.passed else "failure", "message": wrong}


def as_job(work: JobWork) -> JobDone:
    """The job: every sealed key is present, unchanged."""
    found, unseen = prove_present(work.inventory, work.store, (), who="verify-escrow")
    bad = [f"{one.repository}@{one.site}: {one.message}" for one in found if not one.passed]
    if not found and not unseen:
        return JobDone(Outcome.NOTHING_TO_DO)
    counts = {"present": len(found) - len(bad), "missing": len(bad), "unseen": len(unseen)}
    return JobDone(Outcome.PARTIAL if bad or unseen else Outcome.OK, counts, tuple([*bad, *unseen][:5]))


def recipients_of(inventory: Inventory, where: RepositoryPlace) -> tuple[str, ...]:
    """Who holds the keys of a target, else those of the primary."""
    return where.target.escrow or primary(inventory).escrow


def organisation(name: str) -> str:
    """`region-jh` of `age:region-jh/1`."""
    return name.removeprefix("age:").partition("/")[0]


def recipient(inventory: Inventory, name: str) -> str:
    """The public key of a custodian: the file `files/escrow/<organisation>-<number>.txt` of the inventory."""
    path = Path(inventory.root) / "files" / "escrow" / (name.removeprefix("age:").replace("/", "-") + ".txt")
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    except OSError:
        raise WrongUse(f"the public key of {name} is not at {path}", help="the custodian makes one with age-keygen and hands over its public half") from None
    found = [line for line in lines if line.startswith("age1")]
    if len(found) != 1:
        raise WrongUse(f"{path} holds {len(found)} public keys, one is wanted")
    return found[0]


def sealed_name(where: RepositoryPlace) -> str:
    """The sealed file's name below `escrow/` of the state folder."""
    return f"{where.target.id}-{where.owner}-{where.name}.age"


def _sealed(store: Store, where: RepositoryPlace, key: EscrowKey) -> bytes | None:
    path = store.state_dir / "escrow" / sealed_name(where)
    data = path.read_bytes() if path.is_file() else b""
    return data if hashlib.sha256(data).hexdigest() == key.sealed_sha256 else None


def _members(inventory: Inventory, where: RepositoryPlace) -> tuple[str, ...]:
    return tuple(sorted({member for one in inside(inventory, where) for member in members_of(inventory, one)}))


def _around(inventory: Inventory, store: Store) -> Surroundings:
    return Surroundings(store.state_dir, Path(inventory.root))


def _reached(inventory: Inventory, store: Store, wanted: Sequence[str], device: str | None) -> list[_Reached]:
    """The repositories on this machine, and those of rest targets: all that have been looked at, or those named (`<owner>/<name>`, an owner, or a backup's id)."""
    hosts = frozenset({device}) if device else host_names()
    backups = list(inventory.backups.values())
    with store.read() as connection:
        looked = {(look.backup, look.site) for look in stored.looks(connection, viewer=OPERATIONS) if look.repository_id}
    every = {(where.target.id, where.path): _Reached(where, root) for where, root in repositories(inventory, backups, store.state_dir, hosts, None) if (root / "config").is_file()}
    for backup in backups:
        for where in (place(inventory, backup, target) for target in targets_of(inventory, backup) if target.kind == "rest"):
            if (backup.id, where.target.site) in looked:
                every.setdefault((where.target.id, where.path), _Reached(where, None))
    named = [(one, {one.where.path, one.where.owner, *(backup.id for backup in inside(inventory, one.where))}) for one in every.values()]
    for name in wanted:
        if not any(name in names for _, names in named):
            raise UnknownId("repository", name, sorted({one.where.path for one in every.values()}))
    return [one for one, names in named if not wanted or names & set(wanted)]
