"""An exported audit chain: one's own entries whole, the others' as salted digests, verified by anyone (reliability.md A3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from samdrift.model.chain import GENESIS, ChainFault, Link, field_digests, verify

FIELDS = ("at", "actor", "verb", "object", "members", "before", "after")


def verify_export(items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Entries, head, and the first bad entry: chain first, then the digests of the fields that are shown. KeyError or TypeError when it is no export."""
    links = [Link(item["seq"], dict(item["fields"]), item["previous"], item["digest"], item["key_id"]) for item in items]
    fault = verify(links)
    for item, link in zip(items, links, strict=True):
        if fault is not None and fault.seq <= link.seq:
            break
        if item["salt"] is not None and not _shown_is_true(item, link):
            fault = ChainFault(link.seq, "altered")
    own = [item for item in items if item["salt"] is not None]
    return {
        "entries": len(links),
        "own_entries": len(own),
        "head": links[-1].digest if links else GENESIS,
        "head_at": next((item["at"] for item in reversed(own) if item["at"]), None),
        "whole": fault is None,
        "first_bad": fault.seq if fault else None,
        "damage": fault.damage if fault else None,
    }


def _shown_is_true(item: Mapping[str, Any], link: Link) -> bool:
    """Every field that was not taken out fits its digest; `taken_out` names those that were."""
    plain = {name: item[name] for name in FIELDS if name not in item["taken_out"]}
    return all(found == link.fields.get(name) for name, found in field_digests(plain, item["salt"]).items())
