"""The database: tables, migrations, one repository a noun, and the audit chain."""

from samdrift.store.store import Store, migrate_store, open_store

__all__ = ["Store", "migrate_store", "open_store"]
