"""The store's tables, one noun a file, all on `base.metadata`; a new file is picked up by `schema.complete`."""
