"""Gathering: documents → entries; which noun an object is, by its key or by the place of its file (I1, costs.md 5b)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from samdrift.inventory.document import Document, Path, Value
from samdrift.inventory.placed import Entry
from samdrift.model.errors import nearest
from samdrift.model.nouns import NounSpec
from samdrift.model.problem import Problem


def noun_of_place(file: str, nouns: Mapping[str, NounSpec]) -> str | None:
    """The noun that a path below the inventory names: `devices.yml`, `devices/are.yml`, `devices/are/hall.yml`."""
    head = file.partition("/")[0].removesuffix(".yml")
    return head if head in nouns else None


def gather(document: Document, noun: str | None, nouns: Mapping[str, NounSpec]) -> Iterator[Entry]:
    """The entries of one document; problems of its outermost shape go to the document."""
    value = document.value
    if document.broken:
        return
    if noun is not None and nouns[noun].settings:
        if isinstance(value, dict):
            yield Entry(noun, noun, value, document, ())
        else:
            _wrong(document, (), "wrong-type", f"{noun}.yml must be a map")
    elif noun == "agreements" and isinstance(value, dict) and "agreement" in value:
        head = value["agreement"]
        name = head.get("id") if isinstance(head, dict) else None
        yield Entry(noun, name if isinstance(name, str) else "", value, document, ())
    elif isinstance(value, dict):
        yield from _keyed(document, value, noun, nouns)
    elif noun is None or not isinstance(value, tuple):
        _wrong(
            document,
            (),
            "wrong-type",
            "the file must be a map of nouns" if noun is None else f"the file must be a list or a map of {noun}",
        )
    else:
        yield from _objects(document, noun, value, ())


def _keyed(
    document: Document, value: dict[str, Value], noun: str | None, nouns: Mapping[str, NounSpec]
) -> Iterator[Entry]:
    objects = {
        key: inner
        for key, inner in value.items()
        if nouns.get(key) and not nouns[key].settings and not _is_object(inner, key, noun)
    }
    if noun is not None and not objects and all(isinstance(inner, dict) or inner is None for inner in value.values()):
        yield from _objects(document, noun, value, ())
        return
    for key, inner in value.items():
        if key in objects:
            yield from _objects(document, key, inner, (key,))
        elif (key,) not in document.spoiled or key not in nouns:
            near = nearest(key, nouns)
            help = f"did you mean {near!r}?" if near else f"known nouns: {', '.join(sorted(nouns))}"
            _wrong(document, (key,), "unknown-key", f"{key[:80]!r} is no noun of the inventory", help, key=True)


def _is_object(value: Value, key: str, noun: str | None) -> bool:
    """An object whose id happens to be a noun's word: its keys are no ids of a map of objects."""
    return (
        noun is not None
        and key != noun
        and isinstance(value, dict)
        and not all(isinstance(inner, dict) for inner in value.values())
    )


def _objects(document: Document, noun: str, value: Value, path: Path) -> Iterator[Entry]:
    if isinstance(value, dict):
        for name, raw in value.items():
            entry = Entry(noun, name, raw, document, (*path, name), by_id=True)
            if isinstance(raw, dict):
                if "id" in raw and raw["id"] != name:
                    document.problems.append(
                        entry.problem(
                            "bad-id",
                            f"{raw['id']!r} is not the key {name!r} it stands under",
                            "id",
                            help="keep one of them",
                        )
                    )
                yield Entry(
                    noun,
                    name,
                    {"id": name, **raw, **({"id": name} if "id" in raw else {})},
                    document,
                    (*path, name),
                    by_id=True,
                )
            elif entry.path not in document.spoiled:
                document.problems.append(entry.problem("wrong-type", f"{name} must be a map"))
    elif isinstance(value, tuple):
        for index, raw in enumerate(value):
            inner = (*path, index)
            if isinstance(raw, dict):
                given = raw.get("id")
                yield Entry(noun, given if isinstance(given, str) else "", raw, document, inner)
            elif inner not in document.spoiled:
                _wrong(document, inner, "wrong-type", f"an entry of {noun} must be a map")
    elif path not in document.spoiled:
        _wrong(document, path, "wrong-type", f"{noun} must be a list of objects or a map from id to object")


def _wrong(
    document: Document, path: Path, code: str, message: str, help: str | None = None, *, key: bool = False
) -> None:
    document.problems.append(Problem(document.place(path, key=key), code, message, help))
