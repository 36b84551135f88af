"""Inventory schema: what an editor needs to complete and check the inventory's files (I22)."""

from __future__ import annotations

from samdrift.inventory import schema
from samdrift.model.nouns import nouns
from samdrift.operations.list_inventory import known_noun


def inventory_schema(noun: str | None) -> str:
    """The schema's text; `samdrift` is the settings' own, None the one with every noun. UnknownId for a noun that is none."""
    return schema.text(schema.whole() if noun is None else schema.of(known_noun(noun)))


def all_schemas() -> dict[str, str]:
    """File name → text of the committed copies."""
    return {"inventory.json": inventory_schema(None), **{f"{noun}.json": inventory_schema(noun) for noun in nouns()}}
