"""Open the store for the command line and the daemon, which have no door of their own to it."""

from __future__ import annotations

from pathlib import Path

from samdrift.store import Store
from samdrift.store import open_store as _open_store

__all__ = ["Store", "open_store"]


def open_store(location: str | Path | None, *, create: bool = False) -> Store:
    """The store at a folder or URL (None: the machine's or the user's state folder); as samdrift.store.open_store."""
    return _open_store(location, create=create)
