"""Load the inventory: files and known ids to the loader; what command line, daemon and Ansible's plugin call (common.md 1)."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from samdrift.adapters.clock import now
from samdrift.adapters.commit import commit_of
from samdrift.adapters.files import read_tree
from samdrift.inventory import judge, load
from samdrift.inventory.loading import Work
from samdrift.model.errors import InvalidInventory
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.agreement import Agreement
from samdrift.model.problem import Place, Problem
from samdrift.operations.known_ids import known_ids


def load_inventory(path: Path | str, *, at: datetime | None = None, member: str | None = None) -> Inventory:
    """The valid inventory of a folder (or of its samdrift.yml), judged at `at` (default: now).

    Raises InvalidInventory with every problem, WrongUse when there is no such folder. With `member`, others' files are not parsed (I16).
    """
    folder, files, faults = _read(path)
    with _no_collection():
        inventory = load(
            files, root=str(path_shown(path)), known=known_ids(), at=at or now(), member=member, faults=faults
        )
    if problems := document_problems(inventory.files, str(path_shown(path)), inventory.agreements):
        raise InvalidInventory(problems)
    return replace(inventory, commit=commit_of(folder))


def judge_inventory(path: Path | str, *, at: datetime | None = None, member: str | None = None) -> Work:
    """As load_inventory, but gives the problems, also when there are errors."""
    _, files, faults = _read(path)
    with _no_collection():
        work = judge(files, root=str(path_shown(path)), known=known_ids(), at=at or now(), member=member, faults=faults)
    if work.loaded is not None and not {"agreements", "cost-pools"} & work.loaded.doubtful:
        versions = tuple(placed.thing for placed in work.loaded.all("agreements"))
        told = {problem.sort_key for problem in work.problems}
        found = document_problems(work.loaded.files, work.root, versions)
        work.problems = sorted([*work.problems, *(each for each in found if each.sort_key not in told)], key=lambda each: each.sort_key)
    return work


def document_problems(files: Mapping[str, bytes], root: str, agreements: tuple[Agreement, ...]) -> tuple[Problem, ...]:
    """What is wrong with the documents of cost-pools/*.csv; a day without a version is the rule agreement-versions' to tell."""
    pools = {path: content for path, content in files.items() if path.startswith("cost-pools/") and path.endswith(".csv")}
    if not pools:
        return ()
    from samdrift.costs.documents import read_placed

    shown = {f"{root}/{path}": content for path, content in pools.items()}
    _, problems = read_placed(shown, {pool for each in agreements for pool in each.pools}, agreements)
    return tuple(each for each in problems if each.code != "agreement-gap")


def path_shown(path: Path | str) -> Path:
    """The folder as the user wrote it; samdrift.yml stands for its folder."""
    path = Path(path)
    return path.parent if path.name == "samdrift.yml" else path


def _read(path: Path | str) -> tuple[Path, dict[str, bytes], dict[str, tuple[str, str]]]:
    folder = path_shown(path)
    tree = read_tree(folder)
    faults = dict.fromkeys(tree.outside, ("link-outside", "the link leads out of the inventory, or in a circle"))
    faults |= {name: ("unreadable", f"the file cannot be read: {why}") for name, why in tree.unreadable.items()}
    if not tree.complete:
        raise InvalidInventory(
            [
                Problem(
                    Place(str(folder)),
                    "inventory-too-large",
                    "the files are over 64 MiB together, or over 20 000 of them",
                )
            ]
        )
    return folder, dict(tree.files), faults


@contextmanager
def _no_collection() -> Iterator[None]:
    """Millions of small values that all stay: looking for circles among them doubles the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
