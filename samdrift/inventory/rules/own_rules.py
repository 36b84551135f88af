"""The owner's own rules over a key of a noun: data, no code and no expression language (I11)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from pydantic import BaseModel

from samdrift.inventory.patterns import LONGEST, compiled
from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.errors import nearest
from samdrift.model.nouns import nouns
from samdrift.model.problem import Problem
from samdrift.model.quantity import read_decimal

_CONDITIONS = ("required", "pattern", "minimum", "maximum", "one_of")
_ABSENT = object()


def judge(loaded: Loaded) -> Iterator[Problem]:
    """`rule:<id>` at the value, with the rule's place as the second; a broken rule is an error at its own place."""
    for rule in loaded.all("rules"):
        broken = list(_broken(rule))
        if broken or not rule.whole:
            yield from broken
            continue
        path = tuple(rule.thing.field.split("."))
        try:
            holds = _condition(rule.thing)
        except ValueError as error:
            yield rule.problem("bad-pattern", str(error), "pattern")
            continue
        for placed in loaded.all(rule.thing.noun):
            if all(
                _written(_value(placed, tuple(key.split(".")))) == _written(wanted)
                for key, wanted in rule.thing.when.items()
            ):
                yield from _judge(rule, placed, path, holds)


def _judge(rule: Placed, placed: Placed, path: tuple[str, ...], holds: Callable[[Any], bool]) -> Iterator[Problem]:
    value = _value(placed, path)
    if value is _ABSENT:
        if rule.thing.required:
            yield placed.problem(
                f"rule:{rule.id}", rule.thing.message, related=(rule.place(),), level=rule.thing.severity
            )
    elif not holds(value):
        yield placed.problem(
            f"rule:{rule.id}", rule.thing.message, *path, related=(rule.place(),), level=rule.thing.severity
        )


def _value(placed: Placed, path: tuple[str, ...]) -> Any:
    value: Any = placed.entry.raw
    for step in path:
        if not isinstance(value, dict) or step not in value:
            return _ABSENT
        value = value[step]
    return value


def _written(value: Any) -> str | None:
    """A value as it is written, to compare by."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | str) else None


def _condition(rule: Any) -> Callable[[Any], bool]:
    """What must hold of a value that is there; ValueError for a pattern that cannot be used."""
    if rule.pattern is not None:
        pattern: re.Pattern[str] = compiled(rule.pattern)
        return lambda value: (
            (text := _written(value)) is not None and len(text) <= LONGEST and pattern.fullmatch(text) is not None
        )
    if rule.minimum is not None:
        return lambda value: _number(value, rule.minimum, at_least=True)
    if rule.maximum is not None:
        return lambda value: _number(value, rule.maximum, at_least=False)
    if rule.one_of:
        return lambda value: _written(value) in rule.one_of
    return lambda _: True


def _number(value: Any, limit: Any, *, at_least: bool) -> bool:
    try:
        found = read_decimal(value)
    except (ValueError, TypeError):
        return False
    return bool(found >= limit if at_least else found <= limit)


def _broken(rule: Placed) -> Iterator[Problem]:
    thing = rule.thing
    given = [name for name in _CONDITIONS if getattr(thing, name) not in {None, ()}]
    if len(given) != 1:
        yield rule.problem(
            "bad-rule",
            f"{rule.id} must have exactly one of {', '.join(_CONDITIONS)}, and has {', '.join(given) or 'none'}",
        )
    spec = nouns().get(thing.noun)
    if spec is None or spec.settings:
        near = nearest(thing.noun, nouns())
        yield rule.problem(
            "unknown-reference",
            f"there is no noun {thing.noun!r}",
            "noun",
            help=f"did you mean {near!r}?" if near else None,
        )
        return
    for steps, field in (("field",), thing.field), *((("when", key), key) for key in thing.when):
        known = _keys(spec.model)
        first = field.partition(".")[0]
        if first not in known:
            near = nearest(first, known)
            yield rule.problem(
                "unknown-key",
                f"{thing.noun} have no key {first!r}",
                *steps,
                key=len(steps) > 1,
                help=f"did you mean {near!r}?" if near else None,
            )


def _keys(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


RULE = Rule("own-rules", ("bad-rule", "bad-pattern", "unknown-reference", "unknown-key"), judge)
