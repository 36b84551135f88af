"""Compare: the same month by another key, version or member set, beside what it is; never invoiced (costs.md W2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from samdrift.adapters.files import read_tree
from samdrift.inventory import load
from samdrift.model.cost import MonthCost
from samdrift.model.errors import UnknownId, WrongUse
from samdrift.model.fields import Noun
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.agreement import Agreement, Participant
from samdrift.model.period import Month
from samdrift.operations.cost_sources import Sources, compute, frozen_sources, todays_sources
from samdrift.operations.known_ids import known_ids
from samdrift.operations.preview_costs import choose_agreement
from samdrift.store import Store
from samdrift.store.closes import closes


@dataclass(frozen=True)
class Compared:
    """The month as it is and as it would be; `closed` when it was made from what a close froze."""

    month: Month
    agreement: str
    closed: bool
    now: MonthCost
    then: MonthCost
    what: str


def compare_costs(
    inventory: Inventory,
    store: Store,
    month: Month,
    *,
    at: datetime,
    agreement: str | None = None,
    key: str | None = None,
    version: Path | None = None,
    members: Iterable[str] = (),
) -> Compared:
    """By `key` in every pool that a key splits, by the agreement's version in the file `version`, or among `members` alone.

    Raises WrongUse when nothing, or more than one of them, is given; UnknownId for a key that no version of the month has.
    """
    chosen = choose_agreement(inventory, agreement)
    members = tuple(members)
    if sum([key is not None, version is not None, bool(members)]) != 1:
        raise WrongUse("name one thing to compare with", help="--key ID, --agreement FILE or --members ID,ID")
    with store.read() as connection:
        close = next((each for each in closes(connection, chosen) if each.month == month), None)
    sources = frozen_sources(store, close) if close else todays_sources(inventory, store, chosen, month, texts=False)
    instant = close.closed_at if close else at
    now = compute(store, sources, chosen, month, at=instant).cost
    if version is not None:
        other, what = _by_version(inventory, chosen, sources, version, at), f"version of {version.name}"
    elif key is not None:
        other, what = _by_key(sources, chosen, key), f"key {key}"
    else:
        other, what = _among(sources, chosen, members), f"members {', '.join(sorted(members))}"
    then = compute(store, replace(sources, inventory=other), chosen, month, at=instant).cost
    return Compared(month, chosen, close is not None, now, then, what)


def _with(inventory: Inventory, agreements: Iterable[Agreement]) -> Inventory:
    objects: Mapping[str, tuple[Noun, ...]] = {**inventory.objects, "agreements": tuple(agreements)}
    return replace(inventory, objects=objects)


def _by_key(sources: Sources, agreement: str, key: str) -> Inventory:
    own = [each for each in sources.inventory.agreements if each.id == agreement]
    known = {name for each in own for name in each.keys}
    if key not in known:
        raise UnknownId("key", key, known)
    definition = next(each.keys[key] for each in reversed(own) if key in each.keys)
    changed = []
    for each in sources.inventory.agreements:
        if each.id == agreement:
            pools = {name: pool.model_copy(update={"key": key}) if pool.key else pool for name, pool in each.pools.items()}
            each = each.model_copy(update={"pools": pools, "keys": {**each.keys, key: each.keys.get(key, definition)}})  # noqa: PLW2901 - the changed copy
        changed.append(each)
    return _with(sources.inventory, changed)


def _by_version(inventory: Inventory, agreement: str, sources: Sources, path: Path, at: datetime) -> Inventory:
    """The version in the file alone, on all days; it is judged in the place of the agreement's own versions (InvalidInventory)."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WrongUse(f"cannot read {path}: {error.strerror}", help="name the file of one version of an agreement") from None
    files = dict(sources.files) or {name: text for name, text in read_tree(Path(inventory.root)).files.items() if not name.startswith("secrets/")}
    kept = {name: text for name, text in files.items() if not (name.startswith("agreements/") and f"id: {agreement}".encode() in text)}
    judged = load({**kept, f"agreements/{path.name}": content}, root=str(path.parent), known=known_ids(), at=at)
    found = [each for each in judged.agreements if each.id == agreement]
    if not found:
        raise WrongUse(f"{path} holds no version of {agreement}", help=f"agreement: {{id: {agreement}, version: …}}")
    return _with(sources.inventory, found)


def _among(sources: Sources, agreement: str, members: tuple[str, ...]) -> Inventory:
    unknown = sorted(set(members) - set(sources.inventory.members))
    if unknown:
        raise UnknownId("member", unknown[0], sources.inventory.members)
    entries = tuple(Participant(member=member) for member in sorted(members))
    changed = [
        each.model_copy(
            update={
                "participants": entries,
                "pools": {name: pool.model_copy(update={"participants": ()}) for name, pool in each.pools.items()},
            }
        )
        if each.id == agreement
        else each
        for each in sources.inventory.agreements
    ]
    return _with(sources.inventory, changed)
