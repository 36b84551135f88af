"""Drafts docs/reference/schemas/<kind>.json from an output on stdin; its author then tightens it by hand."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference" / "schemas"
INSTANT = {"type": "string", "format": "date-time"}


def drafted(key: str, values: list[Any]) -> dict[str, Any]:
    """The schema that all seen values of one key pass."""
    kinds = sorted({"null" if v is None else "boolean" if isinstance(v, bool) else "integer" if isinstance(v, int) else "array" if isinstance(v, list) else "object" if isinstance(v, dict) else "string" for v in values})  # fmt: skip
    schema: dict[str, Any] = {"type": kinds[0] if len(kinds) == 1 else kinds}
    if key.endswith("_at") and "string" in kinds:
        schema["format"] = "date-time"
    if "array" in kinds:
        inner = [one for value in values if isinstance(value, list) for one in value]
        schema["items"] = drafted("", inner) if inner else {}
    if "object" in kinds:
        schema |= drafted_object([value for value in values if isinstance(value, dict)])
    return schema


def drafted_object(items: list[dict[str, Any]]) -> dict[str, Any]:
    """Properties and the keys that every item has."""
    keys = list(dict.fromkeys(key for item in items for key in item))
    return {
        "properties": {key: drafted(key, [item[key] for item in items if key in item]) for key in keys},
        "required": [key for key in keys if all(key in item for item in items)],
        "additionalProperties": False,
    }


def main() -> int:
    """Reads one envelope, writes one schema, prints its path."""
    envelope = json.load(sys.stdin)
    kind = envelope["schema"].removeprefix("samdrift/")
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"samdrift/{kind}",
        "type": "object",
        "properties": {
            "schema": {"const": f"samdrift/{kind}"},
            "version": {"const": envelope["version"]},
            "generated_at": INSTANT,
            "items": {"type": "array", "items": {"type": "object", **drafted_object(envelope["items"])}},
            **{key: drafted(key, [value]) for key, value in envelope.items() if key not in {"schema", "version", "generated_at", "items"}},
        },
        "required": list(envelope),
        "additionalProperties": False,
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{kind}.json"
    path.write_text(json.dumps(whole, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(path.relative_to(FOLDER.parent.parent.parent))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
