"""Schema: JSON Schema 2020-12 of the inventory's files, from the classes that validate them (I22)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from samdrift.inventory.reading import read
from samdrift.model.fields import ID_PATTERN
from samdrift.model.nouns import NounSpec, nouns

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_WORDS = re.compile(r"(?P<text>.*?)(?: \[(?P<unit>[^\]]+)\])?\.(?: For example: (?P<example>.*))?", re.DOTALL)
_BY_ID = "ById"


def of(noun: str) -> dict[str, Any]:
    """The schema of a file that holds one noun: under its key, or alone as its place names it."""
    spec = nouns()[noun]
    definitions = _definitions([spec])
    head: dict[str, Any] = {
        "$schema": DIALECT,
        "title": f"inventory/{noun}.yml",
        "description": (spec.model.__doc__ or spec.one).strip(),
    }
    if spec.settings:
        return {**head, "$ref": f"#/$defs/{spec.model.__name__}", "$defs": definitions}
    either = _forms(spec)
    keyed = {
        "type": "object",
        "additionalProperties": False,
        "properties": {noun: {"title": noun, "description": head["description"], **either}},
    }
    alone = _when("agreement", {"$ref": "#/$defs/Agreement"}, either) if noun == "agreements" else either
    return {**head, **_when(noun, keyed, alone), "$defs": definitions}


def whole() -> dict[str, Any]:
    """The schema of a file that may hold every noun."""
    specs = [spec for spec in nouns().values() if not spec.settings]
    properties = {
        spec.id: {"title": spec.id, "description": (spec.model.__doc__ or spec.one).strip(), **_forms(spec)}
        for spec in specs
    }
    return {
        "$schema": DIALECT,
        "title": "inventory",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "$defs": _definitions(specs),
    }


def text(schema: dict[str, Any]) -> str:
    """The bytes that are committed: sorted, two spaces, one newline at the end."""
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _when(key: str, then: dict[str, Any], otherwise: dict[str, Any]) -> dict[str, Any]:
    """One form for a map that has the key, another for all else: an editor then tells one error and not all of both."""
    return {"if": {"type": "object", "required": [key]}, "then": then, "else": otherwise}


def _forms(spec: NounSpec) -> dict[str, Any]:
    """A list of objects, or a map from id to object, in which the object's own id may be left out."""
    name = spec.model.__name__
    by_id = {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": ID_PATTERN},
        "additionalProperties": {"$ref": f"#/$defs/{name}{_BY_ID}"},
    }
    return {"if": {"type": "array"}, "then": {"type": "array", "items": {"$ref": f"#/$defs/{name}"}}, "else": by_id}


def _definitions(specs: Iterable[NounSpec]) -> dict[str, Any]:
    wanted = list(specs)
    _, found = models_json_schema([(spec.model, "validation") for spec in wanted], schema_generator=_Generator)
    definitions: dict[str, Any] = {name: _told(definition) for name, definition in found.get("$defs", {}).items()}
    for spec in wanted:
        plain = definitions[spec.model.__name__]
        if not spec.settings:
            definitions[f"{spec.model.__name__}{_BY_ID}"] = {
                **plain,
                "required": [key for key in plain.get("required", []) if key != "id"],
            }
    return definitions


def _told(definition: dict[str, Any]) -> dict[str, Any]:
    """The class with each key's sentence, unit and example apart, as its docstring says them."""
    for key, schema in definition.get("properties", {}).items():
        words = _WORDS.fullmatch(schema.get("description", "").strip())
        if words is None:
            continue
        schema["title"] = key
        schema["description"] = words["text"]
        if words["unit"]:
            schema["unit"] = words["unit"]
        if words["example"]:
            schema["examples"] = [_example(words["example"].strip(), listed=_is_list(schema))]
        elif "examples" not in schema:
            schema["examples"] = [{}] if not _is_list(schema) else [[]]
    return definition


def _is_list(schema: dict[str, Any]) -> bool:
    forms = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    return schema.get("type") == "array" or (bool(forms) and all(one.get("type") == "array" for one in forms))


def _example(written: str, *, listed: bool) -> Any:
    """What the loader makes of the example's text."""
    document = read("example", f"example: {written}\n".encode())
    value = document.value["example"] if isinstance(document.value, dict) and not document.problems else written
    value = json.loads(json.dumps(value))
    return [value] if listed and not isinstance(value, list) else value


class _Generator(GenerateJsonSchema):
    """pydantic's own, with defaults that have no JSON form written as text."""

    def encode_default(self, dft: Any) -> Any:
        if isinstance(dft, BaseModel):
            return {}
        return (
            super().encode_default(dft) if dft is None or isinstance(dft, bool | int | str | tuple | dict) else str(dft)
        )
