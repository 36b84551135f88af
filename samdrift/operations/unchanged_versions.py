"""A version of an agreement that a closed month used does not change; closed days get a new key by a retroactive version alone (costs.md K1, C4)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from samdrift.adapters.files import read_tree
from samdrift.inventory import load
from samdrift.model.chain import digest
from samdrift.model.errors import InvalidInventory
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.agreement import Agreement
from samdrift.model.problem import Place, Problem
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.known_ids import known_ids
from samdrift.store import Store
from samdrift.store.closes import Close, closes, documents_of

FOLDER = "agreements/"
CODE = "agreement-changed-after-close"


def require_unchanged(inventory: Inventory, store: Store, agreement: str) -> None:
    """InvalidInventory (exit 2) at each version that is not what the newest close of its days used.

    A version may get an end (`to`) after the last closed day; days of closed months may change hands only to a version with
    `retroactive: true`.
    """
    with store.read() as connection:
        newest = closes(connection, agreement)[-1:]
    if not newest:
        return
    if _same_texts(inventory, newest[0]):
        return
    was = [each for each in frozen_agreements(store, newest[0]) if each.id == agreement]
    now = [each for each in inventory.agreements if each.id == agreement]
    end = newest[0].month.next.first_day
    with store.read() as connection:
        first = closes(connection, agreement)[0].month.first_day
    problems = [*_changed(inventory, was, now, end), *_taken_over(inventory, was, now, first, end)]
    if problems:
        raise InvalidInventory(problems, "the agreements have")


def frozen_agreements(store: Store, close: Close) -> tuple[Agreement, ...]:
    """The agreements' versions as a close froze them."""
    with store.read() as connection:
        kept = documents_of(connection, close.agreement, close.month, viewer=OPERATIONS)
    files = {path: content for path, content in kept.items() if not path.startswith("store/")}
    return load(files, root="frozen", known=known_ids(), at=close.closed_at, judged_before=True).agreements


def _changed(inventory: Inventory, was: list[Agreement], now: list[Agreement], end: date) -> list[Problem]:
    """Versions that a closed month used and that are gone or read otherwise, their end apart."""
    today = {each.agreement.version: each for each in now}
    found = []
    for old in was:
        name = old.agreement.version
        if old.agreement.from_ >= end:
            continue
        new = today.get(name)
        if new is None:
            found.append(Problem(_place(inventory, old.id), CODE, f"version {name} was used in a closed month and is gone", "put it back"))
        elif _binding(new, old) != _binding(old, old):
            found.append(Problem(_place(inventory, old.id, new), CODE, f"version {name} was used in a closed month and has changed", "write a new version with dates of its own"))
    return found


def _taken_over(inventory: Inventory, was: list[Agreement], now: list[Agreement], first: date, end: date) -> list[Problem]:
    """Closed days that lie in another version than they did, which is not retroactive."""
    found = []
    for new in now:
        head = new.agreement
        if head.retroactive:
            continue
        old = next((each.agreement for each in was if each.agreement.version == head.version), None)
        begin, until = max(head.from_, first), min(head.to or end, end)
        before = max(old.from_, first) if old else end
        if begin < until and (old is None or begin < before or until > min(old.to or end, end)):
            text = f"version {head.version} covers closed days from {begin} and is not retroactive"
            found.append(Problem(_place(inventory, new.id, new), CODE, text, "retroactive: true and its decision, then cost correct"))
    return found


def _binding(version: Agreement, old: Agreement) -> Agreement:
    """Without its end, and without what never bound anything and is refused today: a key beside `over`, a minimum below 0, an old decision left blank."""
    pools = {
        name: pool.model_copy(update={"minimum": _least(pool.minimum), **({"key": None, "rest": None} if pool.over else {})})
        for name, pool in version.pools.items()
    }
    decision = version.agreement.decision if old.agreement.decision.strip() else old.agreement.decision
    head = version.agreement.model_copy(update={"to": None, "decision": decision})
    return version.model_copy(update={"agreement": head, "pools": pools, "minimum": _least(version.minimum)})


def _least(minimum: int | None) -> int | None:
    return None if minimum is None or minimum < 0 else minimum


def _place(inventory: Inventory, agreement: str, version: Agreement | None = None) -> Place:
    """Where the version stands; the first of its agreement when it is gone."""
    if version is None:
        return inventory.place("agreements", agreement)
    return inventory.place("agreements", f"{agreement}/{version.agreement.version}")


def _same_texts(inventory: Inventory, close: Close) -> bool:
    """Whether the agreements' files are byte for byte those of the close: then nothing need be read."""
    files = read_tree(Path(inventory.root)).files if Path(inventory.root).is_dir() else {}
    today = {path: digest(content) for path, content in files.items() if path.startswith(FOLDER)}
    frozen = {name.removeprefix("document:"): value for name, value in close.digests.items() if name.startswith(f"document:{FOLDER}")}
    return bool(today) and today == frozen
