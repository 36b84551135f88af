"""The database: tables, migrations, one repository a noun, and the audit chain."""

from samdrift.store.store import Store, open_store

__all__ = ["Store", "open_store"]
