"""Difference: what changed in meaning between two inventories, per member, and which of it is too much (I18)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from samdrift.inventory.groups import plain
from samdrift.inventory.objects import members_of
from samdrift.model.inventory import Inventory
from samdrift.model.inventory_change import InventoryChange, Kind
from samdrift.model.nouns import nouns
from samdrift.model.quantity import exact

_PLACE = frozenset({"owner", "shared_by", "site", "rack"})
_TOO_MANY = Fraction(5, 100)


def compare(old: Inventory, new: Inventory, *, accept: Collection[str] = ()) -> tuple[InventoryChange, ...]:
    """All changes, sorted; what `accept` names as `code:subject` is not refused. Order and files make no difference."""
    changes = [change for noun in nouns() for change in _of_noun(old, new, noun)]
    refusals = {key: code for key, code in _refusals(old, new, changes) if code not in accept}
    marked = [
        replace(change, refused_by=refusals.get((change.noun, change.id))) if change.change != "added" else change
        for change in changes
    ]
    told = {(change.noun, change.id) for change in marked if change.refused_by}
    marked += [
        InventoryChange(noun, name, None, "changed", refused_by=code)
        for (noun, name), code in refusals.items()
        if (noun, name) not in told
    ]
    return tuple(sorted(marked, key=lambda change: change.sort_key))


def _things(inventory: Inventory, noun: str) -> dict[str, Any]:
    """Objects by what makes them one: the id, and for dated ones the start too."""
    if noun == "samdrift":
        return {"samdrift": inventory.settings}
    found = {}
    for thing in inventory.all(noun):
        dated = (
            getattr(getattr(thing, "agreement", None), "version", None)
            if noun == "agreements"
            else getattr(thing, "from_", None)
            if noun == "prices"
            else None
        )
        found[thing.id if dated is None else f"{thing.id} {dated}"] = thing
    return found


def _of_noun(old: Inventory, new: Inventory, noun: str) -> Iterator[InventoryChange]:
    before, after = _things(old, noun), _things(new, noun)
    for name in sorted(before.keys() | after.keys()):
        if name not in after:
            yield InventoryChange(noun, name, _member(old, noun, before[name]), "removed")
        elif name not in before:
            yield InventoryChange(noun, name, _member(new, noun, after[name]), "added")
        elif before[name] != after[name]:
            for field in type(after[name]).model_fields:
                was, is_now = getattr(before[name], field), getattr(after[name], field)
                if was != is_now:
                    kind: Kind = "moved" if field in _PLACE and noun != "samdrift" else "changed"
                    yield InventoryChange(
                        noun,
                        name,
                        _member(new, noun, after[name]),
                        kind,
                        field.removesuffix("_"),
                        _text(was),
                        _text(is_now),
                    )


def _member(inventory: Inventory, noun: str, thing: Any) -> str | None:
    members = members_of(inventory, noun, thing) if noun != "samdrift" else {}
    return None if not members else next(iter(members)) if len(members) == 1 else "shared"


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(
        plain(value.model_dump(by_alias=True) if hasattr(value, "model_dump") else _dumped(value)),
        ensure_ascii=False,
        sort_keys=True,
        default=_last,
    )


def _dumped(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _dumped(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [_dumped(inner) for inner in value]
    return value.model_dump(by_alias=True) if hasattr(value, "model_dump") else value


def _last(value: Any) -> str:
    return exact(value) if isinstance(value, Fraction) else str(value)


def _refusals(
    old: Inventory, new: Inventory, changes: Iterable[InventoryChange]
) -> Iterator[tuple[tuple[str, str], str]]:
    """((noun, id), code:subject) of what goes too far."""
    removed = [change for change in changes if change.change == "removed"]
    for change in removed:
        if change.noun in {"members", "sites"}:
            yield (change.noun, change.id), f"{change.noun[:-1]}-removed:{change.id}"
    yield from _many(old, {change.id for change in removed if change.noun == "devices"})
    yield from _redundancy(old, new)
    yield from _addresses(old, new)


def _many(old: Inventory, gone: set[str]) -> Iterator[tuple[tuple[str, str], str]]:
    devices: dict[str, list[str]] = {}
    for device in old.devices.values():
        for member in old.ownership(device).members:
            devices.setdefault(member, []).append(device.id)
    for member, names in sorted(devices.items()):
        going = [name for name in names if name in gone]
        if len(going) > 1 and Fraction(len(going), len(names)) > _TOO_MANY:
            yield from ((("devices", name), f"devices-removed:{member}") for name in going)


def _redundancy(old: Inventory, new: Inventory) -> Iterator[tuple[tuple[str, str], str]]:
    for name, group in sorted(new.redundancy.items()):
        had, has = (
            sum(device.living and device.redundancy_group == name for device in one.devices.values())
            for one in (old, new)
        )
        if has < group.needs and has < had:
            yield ("redundancy", name), f"redundancy-under-needs:{name}"


def _addresses(old: Inventory, new: Inventory) -> Iterator[tuple[tuple[str, str], str]]:
    whose = dict(_owned_addresses(old))
    for address, (device, members) in _owned_addresses(new):
        if address in whose and set(whose[address][1]).isdisjoint(members):
            yield ("devices", device), f"address-moved:{device}"


def _owned_addresses(inventory: Inventory) -> Iterator[tuple[str, tuple[str, tuple[str, ...]]]]:
    for name, device in sorted(inventory.devices.items()):
        members = inventory.ownership(device).members
        for found in device.addresses.values():
            for address in (found.ipv4, found.ipv6):
                if address is not None and device.state != "retired":
                    yield str(address), (name, members)
