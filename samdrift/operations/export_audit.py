"""Export the audit chain for a member: its own entries whole with their salts, the others' as digests (reliability.md A3)."""

from __future__ import annotations

from typing import Any

from samdrift.model.viewer import OPERATIONS, Viewer, member_viewer
from samdrift.store import Store, audit
from samdrift.store.audit import FIELDS


def export_audit(store: Store, *, viewer: Viewer, member: str | None = None) -> list[dict[str, Any]]:
    """Items of samdrift/audit-entry in order, the whole chain. Operations names the member (all entries whole when it does not)."""
    reader = member_viewer(member) if member is not None and viewer.role != "member" else viewer
    if reader.role not in {"operations", "member"}:
        reader = OPERATIONS if viewer.role == "operations" else Viewer(viewer.id, "member")
    with store.read() as connection:
        return [_item(entry, salt) for entry, salt in audit.chain(connection, viewer=reader)]


def _item(entry: audit.AuditEntry, salt: str | None) -> dict[str, Any]:
    link = entry.link
    shown = {name: entry.plain.get(name) for name in FIELDS}
    taken_out = [name for name in FIELDS if name not in entry.plain] if salt is not None else []
    return {
        "seq": link.seq, **shown, "previous": link.previous, "digest": link.digest, "key_id": link.key_id, "fields": dict(link.fields), "salt": salt,
        "taken_out": taken_out,
    }  # fmt: skip
