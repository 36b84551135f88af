"""Schema: JSON Schema 2020-12 of the inventory's files, from the classes that validate them (I22)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from samdrift.model.fields import ID_PATTERN
from samdrift.model.nouns import NounSpec, nouns

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def of(noun: str) -> dict[str, Any]:
    """The schema of a file that holds one noun."""
    spec = nouns()[noun]
    definitions = _definitions([spec])
    reference = {"$ref": f"#/$defs/{spec.model.__name__}"}
    head: dict[str, Any] = {
        "$schema": DIALECT,
        "title": f"inventory/{noun}.yml",
        "description": (spec.model.__doc__ or spec.one).strip(),
    }
    if spec.settings:
        return {**head, **reference, "$defs": definitions}
    forms = _forms(reference, spec)
    whole = {
        "type": "object",
        "required": [noun],
        "additionalProperties": False,
        "properties": {noun: {"title": noun, "description": head["description"], "anyOf": forms}},
    }
    alone = [reference] if noun == "agreements" else []
    return {**head, "anyOf": [whole, *alone, *forms], "$defs": definitions}


def whole() -> dict[str, Any]:
    """The schema of a file that may hold every noun."""
    specs = [spec for spec in nouns().values() if not spec.settings]
    properties = {
        spec.id: {
            "title": spec.id,
            "description": (spec.model.__doc__ or spec.one).strip(),
            "anyOf": _forms({"$ref": f"#/$defs/{spec.model.__name__}"}, spec),
        }
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


def _forms(reference: dict[str, Any], spec: NounSpec) -> list[dict[str, Any]]:
    """A list of objects, or a map from id to object, in which the object's own id may be left out."""
    by_id = {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": ID_PATTERN, "not": {"enum": sorted(nouns())}},
        "additionalProperties": {"type": "object"},
    }
    return [{"type": "array", "items": reference}, {"title": f"{spec.id} by id", **by_id}]


def _definitions(specs: Iterable[NounSpec]) -> dict[str, Any]:
    _, found = models_json_schema([(spec.model, "validation") for spec in specs], schema_generator=_Generator)
    return dict(sorted(found.get("$defs", {}).items()))


class _Generator(GenerateJsonSchema):
    """pydantic's own, with values that have no JSON form left out of the defaults."""

    def encode_default(self, dft: Any) -> Any:
        if dft is None or isinstance(dft, bool | int | str) or dft in ((), {}):
            return super().encode_default(dft)
        return str(dft) if not hasattr(dft, "model_fields") else {}


def text(schema: dict[str, Any]) -> str:
    """The bytes that are committed: sorted, two spaces, one newline at the end."""
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
