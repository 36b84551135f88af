"""The schema: all tables together, and the version that this program reads and writes."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from sqlalchemy import MetaData

from samdrift.store.tables import base

VERSION = "0001"
"""The newest migration; a test compares it with the folder."""


@cache
def complete() -> MetaData:
    """The metadata with every file of the tables folder on it."""
    import samdrift.store.tables as package

    for info in sorted(iter_modules(package.__path__), key=lambda info: info.name):
        import_module(f"{package.__name__}.{info.name}")
    return base.metadata
