"""The verbs of `samdrift backup` that have a file of their own."""
