"""The schema: all tables together, and the version that this program reads and writes."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from sqlalchemy import MetaData

from samdrift.store.migrations import versions
from samdrift.store.tables import base

VERSION = max(info.name for info in iter_modules(versions.__path__))
"""The newest migration in the folder; four digits each, so that they sort."""


@cache
def complete() -> MetaData:
    """The metadata with every file of the tables folder on it."""
    import samdrift.store.tables as package

    for info in sorted(iter_modules(package.__path__), key=lambda info: info.name):
        import_module(f"{package.__name__}.{info.name}")
    return base.metadata
