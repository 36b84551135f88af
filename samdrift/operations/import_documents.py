"""Import documents of cost pools from CSV: all or nothing, the same again adds nothing (costs.md P1, 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from samdrift.adapters.clock import now
from samdrift.costs.documents import read_documents, read_placed
from samdrift.model.cost import Document
from samdrift.model.errors import InvalidInventory
from samdrift.model.inventory import Inventory
from samdrift.model.period import Month
from samdrift.model.problem import Place, Problem
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.preview_costs import COST_POOLS
from samdrift.operations.record_play import who
from samdrift.store import Store, audit
from samdrift.store.closes import closes
from samdrift.store.cost_documents import add_documents, documents
from samdrift.store.lock import job_lock_of

LOCK = "cost-import"


@dataclass(frozen=True, slots=True)
class ImportedDocuments:
    """What became of the rows; `closed` are closed months that new rows reach into, for `cost correct`."""

    accepted: int
    duplicates: int
    closed: tuple[str, ...] = ()


def import_documents(
    inventory: Inventory, store: Store, files: Mapping[str, bytes], *, at: datetime
) -> ImportedDocuments:
    """Add the documents of the CSV files. InvalidInventory with every bad row at its place; then nothing is stored.

    A (document, line) that is known with other content is `document-changed`: a document is never changed, but credited.
    """
    pools = {pool for each in inventory.agreements for pool in each.pools}
    placed, problems = read_placed(files, pools, inventory.agreements)
    own = {
        f"{inventory.root}/{path}": content for path, content in inventory.files.items() if path.startswith(COST_POOLS)
    }
    inventory_documents, _ = read_documents(own, pools)
    with job_lock_of(store, LOCK, at=now()), store.write() as connection:
        known = {each.id: each for each in (*inventory_documents, *documents(connection, viewer=OPERATIONS))}
        problems = (*problems, *_changed(placed, known))
        if problems:
            raise InvalidInventory(sorted(problems, key=lambda problem: problem.sort_key), "the cost documents have")
        new = [document for document, _ in placed if document.id not in known]
        add_documents(connection, new, at=at)
        closed = {str(close.month) for close in closes(connection) if any(_touches(each, close.month) for each in new)}
        if new:
            after = {"files": sorted(files), "accepted": len(new), "documents": sorted(each.id for each in new)}
            audit.append(connection, at=now(), actor=who(), verb="cost-import", object="cost-documents", after=after)
    return ImportedDocuments(len(new), len(placed) - len(new), tuple(sorted(closed)))


def _changed(placed: tuple[tuple[Document, Place], ...], known: Mapping[str, Document]) -> list[Problem]:
    """A spread that may be left out says nothing about a change."""
    return [
        Problem(
            place,
            "document-changed",
            f"document {document.id} is known with other content",
            "a document is never changed: import a credit and the new one",
        )
        for document, place in placed
        if document.id in known and replace(known[document.id], spread=document.spread) != document
    ]


def _touches(document: Document, month: Month) -> bool:
    return document.start < month.next.first_day and month.first_day < document.end
