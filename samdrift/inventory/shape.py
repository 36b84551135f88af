"""Shape: what a noun's class refuses → stable codes, each at its key or value, with the nearest known word (I9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel, ValidationError, create_model

from samdrift.inventory import limits
from samdrift.inventory.document import Path, Value
from samdrift.model.errors import nearest
from samdrift.model.fields import JUDGED_BEFORE

_WANTED = {
    "string_type": "text", "int_type": "a whole number", "bool_type": "true or false", "tuple_type": "a list", "dict_type": "a map",
    "model_type": "a map", "is_instance_of": "text", "date_type": "a date",
}  # fmt: skip
_RANGE = {
    "greater_than_equal": "at least {ge}",
    "less_than_equal": "at most {le}",
    "greater_than": "over {gt}",
    "less_than": "under {lt}",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of an object: the path inside it, whether its key or its value is meant, and what is wrong."""

    path: Path
    code: str
    message: str
    help: str | None = None
    key: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """`thing` is None when nothing can be made of it; not `complete` when a required value is missing in it, so that rules leave it out."""

    thing: Any
    whole: bool = True
    complete: bool = True
    faults: tuple[Fault, ...] = ()


def judge(model: type[BaseModel], raw: Value, *, judged_before: bool = False) -> Judged:
    """The object and its faults; bounds set since do not bind what was `judged_before`.

    Unknown keys and values that are wrong are taken out and the rest judged on, so that one slip does not hide the next.
    """
    try:
        return Judged(model.__pydantic_validator__.validate_python(raw, context={JUDGED_BEFORE: judged_before}))
    except ValidationError as error:
        faults = tuple(_faults(error, model, raw))
    thing, complete = _salvaged(model, raw, faults)
    return Judged(thing, all(fault.code == "unknown-key" for fault in faults), complete, faults)


def _salvaged(model: type[BaseModel], raw: Value, faults: Iterable[Fault]) -> tuple[Any, bool]:
    rest = raw
    for fault in list(faults)[: limits.FAULTS_PER_OBJECT]:
        if fault.code != "missing-key" and fault.path:
            rest = _without(rest, fault.path)
    for form in (model, _lenient(model)):
        try:
            return form.__pydantic_validator__.validate_python(rest), form is model
        except ValidationError as error:
            if form is model and isinstance(rest, dict):
                told = error.errors(include_url=False, include_input=False, include_context=False)
                wrong = {found["loc"][0] for found in told if found["loc"]}
                rest = {key: value for key, value in rest.items() if key not in wrong}
    return None, False


@cache
def _lenient(model: type[BaseModel]) -> type[BaseModel]:
    """The class with every key optional, so that the references of a broken object are followed too."""
    fields: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        optional = copy(field)
        optional.default = None
        fields[name] = (field.annotation, optional)
    return create_model(model.__name__, __base__=model, **fields)


def _without(value: Value, path: Path) -> Value:
    step, inner = path[0], path[1:]
    if isinstance(value, dict) and step in value:
        if inner:
            return value | {str(step): _without(value[str(step)], inner)}
        return {key: kept for key, kept in value.items() if key != step}
    if isinstance(value, tuple) and isinstance(step, int) and step < len(value):
        return (*value[:step], *((_without(value[step], inner),) if inner else ()), *value[step + 1 :])
    return value


def _at(raw: Value, path: Path) -> Value:
    for step in path:
        if isinstance(raw, dict):
            raw = raw.get(str(step))
        else:
            raw = raw[step] if isinstance(raw, tuple) and isinstance(step, int) else None
    return raw


def _real_path(raw: Value, loc: Path) -> tuple[Path, bool, bool]:
    """pydantic's place → (path in the data, whether a key is meant, whether a choice's name ends it)."""
    path: list[str | int] = []
    value, key, choice = raw, False, False
    for step in loc:
        choice = False
        if step == "[key]":
            key = True
        elif isinstance(value, dict) and step in value:
            path.append(step)
            value = value[str(step)]
        elif isinstance(value, tuple) and isinstance(step, int):
            path.append(step)
            value = value[step]
        else:
            choice = True
    return tuple(path), key, choice


def _faults(error: ValidationError, model: type[BaseModel], raw: Value) -> list[Fault]:
    found: list[tuple[Fault, bool]] = []
    more = error.error_count() - limits.FAULTS_PER_OBJECT
    for entry in error.errors(include_url=False)[: limits.FAULTS_PER_OBJECT]:
        missing = entry["type"] == "missing"
        path, key, choice = _real_path(raw, entry["loc"][:-1] if missing else entry["loc"])
        found.append((_fault(entry, path, key, model, raw), choice and not missing))
    faults = list(_one_per_choice(found))
    return [*faults, Fault((), "wrong-type", f"the object has {more} faults more")] if more > 0 else faults


def _one_per_choice(found: list[tuple[Fault, bool]]) -> Iterator[Fault]:
    """Of the ways in which none of several forms fitted, the one that came furthest; several at the same place make one."""
    paths = [fault.path for fault, _ in found]
    seen: set[Path] = set()
    for fault, choice in found:
        if not choice:
            yield fault
            continue
        deeper = any(len(path) > len(fault.path) and path[: len(fault.path)] == fault.path for path in paths)
        if not deeper and fault.path not in seen:
            seen.add(fault.path)
            both = " or ".join(
                sorted({_want(other) for other, also in found if also and other.path == fault.path and _want(other)})
            )
            yield (
                Fault(fault.path, fault.code, _replaced(fault.message, both), fault.help, fault.key) if both else fault
            )


def _want(fault: Fault) -> str:
    return fault.message.partition(" must be ")[2].partition(", not ")[0]


def _replaced(message: str, wanted: str) -> str:
    head, must, rest = message.partition(" must be ")
    return f"{head}{must}{wanted}, not {rest.partition(', not ')[2]}" if must else message


def _fault(entry: Any, path: Path, key: bool, model: type[BaseModel], raw: Value) -> Fault:
    kind, context = entry["type"], entry.get("ctx", {})
    name = next((step for step in reversed(path) if isinstance(step, str)), "the value")
    if "text" in context and "help" in context:
        return Fault(path, kind, context["text"], context["help"] or None, key)
    if kind == "extra_forbidden":
        return _unknown_key(path, model, raw)
    if kind == "missing":
        return Fault(path, "missing-key", f"{entry['loc'][-1]} is missing", None)
    if kind == "literal_error":
        return _unknown_value(path, name, context["expected"], entry["input"])
    if kind in _RANGE:
        return Fault(path, "out-of-range", f"{name} must be {_RANGE[kind].format(**context)}, not {entry['input']}")
    if kind in {"string_too_short", "too_short"}:
        return Fault(path, "empty-value", f"{name} is empty", None, key)
    if kind in {"string_too_long", "too_long"}:
        return Fault(path, "out-of-range", f"{name} is longer than {context['max_length']}", None, key)
    if kind == "string_pattern_mismatch":
        return Fault(path, "wrong-type", f"{name} does not have the form {context['pattern']}", None, key)
    wanted = _WANTED.get(kind, "of another kind")
    help = "write it in quotes" if wanted == "text" and isinstance(entry["input"], int) else None
    if wanted == "a whole number" and isinstance(entry["input"], str) and entry["input"].isdecimal():
        help = "write it without quotes or leading zeros"
    return Fault(path, "wrong-type", f"{name} must be {wanted}, not {_had(entry['input'])}", help, key)


def _had(value: object) -> str:
    """What a value is, never the value itself: it might be a secret."""
    if isinstance(value, bool):
        return "true or false"
    names = {int: "a whole number", str: "text", dict: "a map", tuple: "a list"}
    return names.get(type(value), "nothing")


def _unknown_value(path: Path, name: str, expected: str, value: object) -> Fault:
    known = [word.strip().strip("'") for word in expected.replace(" or ", ", ").split(",")]
    numbers = all(word.isdecimal() for word in known)
    if not isinstance(value, int if numbers else str) or isinstance(value, bool):
        return Fault(path, "wrong-type", f"{name} must be one of {', '.join(known)}, not {_had(value)}")
    near = nearest(str(value), known)
    return Fault(
        path,
        "unknown-value",
        f"{str(value)[:80]!r} is no {name}",
        f"did you mean {near!r}?" if near else f"one of: {', '.join(known)}",
    )


def _unknown_key(path: Path, model: type[BaseModel], raw: Value) -> Fault:
    known = _keys_at(model, raw, path[:-1])
    near = nearest(str(path[-1]), known)
    help = f"did you mean {near!r}?" if near else f"known keys: {', '.join(sorted(known))}" if known else None
    return Fault(path, "unknown-key", f"unknown key {str(path[-1])[:80]!r}", help, key=True)


def _keys_at(model: type[BaseModel], raw: Value, path: Path) -> set[str]:
    """The known keys of the object at a path inside `model`; of the choices those that share most keys with what stands there."""
    models: list[Any] = [model]
    for step in path:
        models = [inner for one in models for inner in _step(one, step)]
    here = _at(raw, path)
    classes = [one for one in models if isinstance(one, type) and issubclass(one, BaseModel)]
    classes.sort(key=lambda one: -len(_aliases(one).keys() & set(here if isinstance(here, dict) else ())))
    return set(_aliases(classes[0])) if classes else set()


def _aliases(model: type[BaseModel]) -> Mapping[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _step(annotation: Any, step: str | int) -> Iterator[Any]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from _unfold(_aliases(annotation).get(str(step)))
        return
    arguments = get_args(annotation)
    if arguments:
        yield from _unfold(arguments[0] if isinstance(step, int) else arguments[-1])


def _unfold(annotation: Any) -> Iterator[Any]:
    """The forms of a union or of Annotated, one after the other."""
    import types
    import typing

    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        yield from _unfold(get_args(annotation)[0])
    elif origin in {typing.Union, types.UnionType}:
        for one in get_args(annotation):
            yield from _unfold(one)
    elif annotation is not None:
        yield annotation
