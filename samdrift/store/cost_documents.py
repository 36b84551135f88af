"""Imported documents of cost pools: kept once by (document, line), never changed (costs.md P1, 4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, insert, select

from samdrift.model.cost import Document
from samdrift.model.viewer import Viewer
from samdrift.store.tables.cost import cost_document

_SAME = ("document", "line", "pool", "amount_ore", "start", "end", "spread", "kind", "supplier", "text")


def add_documents(connection: Connection, documents: Iterable[Document], *, at: datetime) -> None:
    """Keep documents that are not there yet, in the caller's transaction."""
    rows = [{name: getattr(document, name) for name in _SAME} | {"imported_at": at} for document in documents]
    if rows:
        connection.execute(insert(cost_document), rows)


def documents(connection: Connection, *, viewer: Viewer) -> tuple[Document, ...]:
    """All imported documents, by id; joint cost, but operations alone reads the documents themselves."""
    if viewer.role == "member":
        return ()
    rows = connection.execute(select(*(cost_document.c[name] for name in _SAME)))
    return tuple(sorted((Document(*row) for row in rows), key=lambda document: document.id))
