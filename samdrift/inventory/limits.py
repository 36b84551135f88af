"""Limits of the inventory's text: what is larger or deeper is refused before it can do harm (inventory.md I6)."""

from __future__ import annotations

FILE_BYTES = 2**20
"""A YAML file."""
DATA_FILE_BYTES = 10 * 2**20
"""A file under files/ or cost-pools/ (I1)."""
ALL_BYTES = 64 * 2**20
"""All files together."""
DEPTH = 20
"""Maps and lists inside one another."""
VALUES = 150_000
"""Keys and values of one file; 1 MiB of `a,` would else be 524 288 of them."""
KEYS = 10_000
"""Keys of one map."""
PROBLEMS_PER_FILE = 1_000
"""Problems of one file's text (its keys, anchors, signs) that are told."""
FAULTS_PER_OBJECT = 100
"""Faults of one object that are told; the last line then says how many more there are."""
PROBLEMS = 15_000
"""Problems that are told in one run."""
