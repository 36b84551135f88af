"""A key has what its kind needs and nothing that its kind would pass over in silence (costs.md K2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from samdrift.inventory.document import Path
from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem

OWN: Mapping[str, tuple[str, ...]] = {
    "fixed": ("percent", "weights"),
    "even": (),
    "population": ("table",),
    "usage": ("meter", "capacity", "idle"),
    "direct-cost": ("pools",),
    "composite": ("parts",),
}
NEEDED: Mapping[str, str] = {"usage": "meter", "direct-cost": "pools"}
"""What a kind cannot do without; per cents, parts and the table are asked for by their own rules."""


def judge(loaded: Loaded) -> Iterator[Problem]:
    """At the field that does not belong, or at the key that lacks one."""
    for placed in loaded.all("agreements"):
        if placed.whole:
            for name, key in placed.thing.keys.items():
                yield from _judge(placed, name, key, ("keys", name))


def _judge(placed: Placed, name: str, key: Any, here: Path) -> Iterator[Problem]:
    if key.kind in OWN:
        others = {field for fields in OWN.values() for field in fields} - {*OWN[key.kind]}
        for field in sorted(others):
            if getattr(key, field):
                yield placed.problem("key-fields", f"key {name}: {key.kind} takes no {field}", *here, field, key=True)
        needed = NEEDED.get(key.kind)
        if needed and not getattr(key, needed):
            at_name = isinstance(here[-1], str)
            yield placed.problem("missing-key", f"key {name}: {needed} is missing", *here, key=at_name)
    if key.percent and key.weights:
        yield placed.problem("key-fields", f"key {name}: percent or weights, not both", *here, "weights", key=True)
    for index, part in enumerate(key.parts):
        if (part.member is None) == (part.key is None):
            text = f"key {name}: a part has a member or a key, one of them"
            yield placed.problem("key-fields", text, *here, "parts", index)
        if part.key is not None:
            yield from _judge(placed, name, part.key, (*here, "parts", index, "key"))


RULE = Rule("key-shape", ("key-fields", "missing-key"), judge)
