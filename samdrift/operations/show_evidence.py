"""Show evidence: one piece of what findings rest on, in words where it is DNS."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from samdrift.adapters.files import write_whole
from samdrift.compliance.certificates import describe
from samdrift.model.dns.evidence import ANSWER
from samdrift.model.dns.message import Malformed, read_message
from samdrift.model.dns.names import to_text
from samdrift.model.dns.types import rcode_name, type_name
from samdrift.model.finding import Evidence
from samdrift.model.period import rfc3339
from samdrift.model.presence.evidence import CERTIFICATE, HTTP_HEAD, SECURITY_TXT, SMTP_DIALOGUE
from samdrift.model.viewer import Viewer
from samdrift.store import Store
from samdrift.store import evidence as stored


def show_evidence(store: Store, evidence_id: str, *, viewer: Viewer, out: Path | None = None) -> Mapping[str, Any] | None:
    """The piece as JSON has it, its octets in base64; None when there is none that the viewer may see. With `out` the octets go there."""
    with store.read() as connection:
        piece = stored.find(connection, evidence_id, viewer=viewer)
    if piece is None:
        return None
    if out is not None:
        write_whole(out, piece.content)
    return {
        "id": piece.id, "kind": piece.kind, "observed_at": rfc3339(piece.observed_at), "about": dict(piece.about), "octets": len(piece.content), "text": in_words(piece),
        "content_base64": base64.b64encode(piece.content).decode(),
    }  # fmt: skip


def in_words(piece: Evidence) -> str | None:
    """A DNS answer's head and what it holds, a certificate's names and dates, a dialogue or head as it went; None for other kinds."""
    if piece.kind == CERTIFICATE:
        return describe(piece.content)
    if piece.kind in {HTTP_HEAD, SMTP_DIALOGUE, SECURITY_TXT}:
        return piece.content.decode("utf-8", "backslashreplace")
    if piece.kind != ANSWER:
        return None
    try:
        message = read_message(piece.content)
    except Malformed as error:
        return f"malformed: {error}"
    sections = (("answer", message.answer), ("authority", message.authority), ("additional", message.additional))
    held = [f"{name}: " + ", ".join(f"{to_text(one.owner)} {one.ttl} {type_name(one.type)}" for one in records) for name, records in sections if records]
    authority = "authoritative" if message.authoritative else "not authoritative"
    return "; ".join([f"{rcode_name(message.rcode)}, {authority}", *held])
