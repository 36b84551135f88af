"""Writes docs/reference/schemas/inventory/*.json anew from the classes that validate; `--check` names a stale one."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from samdrift.operations.inventory_schema import all_schemas  # noqa: E402 - the folder above is not installed

FOLDER = ROOT / "docs" / "reference" / "schemas" / "inventory"


def main() -> int:
    """Exit 1 when `--check` finds a difference."""
    stale = []
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in all_schemas().items():
        path = FOLDER / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
    for name in stale:
        print(f"{'stale' if '--check' in sys.argv else 'written'}: docs/reference/schemas/inventory/{name}")
    return int(bool(stale) and "--check" in sys.argv)


if __name__ == "__main__":
    raise SystemExit(main())
