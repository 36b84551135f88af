"""What the contract tests walk: folders of "one new thing, one place", read as files first and imported second."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import yaml

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "samdrift"
CASES = ROOT / "tests" / "cases"
ROOMS = (
    "compliance",
    "backup",
    "halls",
    "network",
    "plays",
    "alerting",
    "metering",
    "costs",
    "reports",
    "incidents",
    "inventory",
)


def modules(*folders: str) -> Iterator[tuple[Path, ModuleType]]:
    """Every registering file below samdrift/<folder>, sorted, with its module."""
    for folder in folders:
        for path in sorted((PACKAGE / folder).rglob("*.py")):
            if not path.name.startswith("_") and "migrations" not in path.parts and path.name != "env.py":
                name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                yield path, importlib.import_module(name)


def entries(kind: type, *folders: str) -> Iterator[tuple[Path, object]]:
    """Each file's one object of `kind`."""
    for path, module in modules(*folders):
        found = [
            value
            for name, value in sorted(vars(module).items())
            if isinstance(value, kind) and not name.startswith("_")
        ]
        assert len({entry.id for entry in found}) == 1, (
            f"{path.relative_to(ROOT)}: registers {[entry.id for entry in found]}, wanted exactly one {kind.__name__}"
        )
        yield path, found[0]


def cases_of(identity: str) -> Path | None:
    """tests/cases/<kind>/<id>.yml, hyphens or underscores."""
    for stem in (identity, identity.replace("-", "_")):
        for path in sorted(CASES.glob(f"*/{stem}.yml")):
            return path
    return None


def read_yaml(path: Path) -> object:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def words(value: object) -> Iterator[str]:
    """Every scalar of a document as text."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from words(inner)
    else:
        yield str(value)


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
