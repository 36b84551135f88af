"""`python -m samdrift.cli` is the same as `samdrift`."""

from __future__ import annotations

from samdrift.cli.main import main

main()
