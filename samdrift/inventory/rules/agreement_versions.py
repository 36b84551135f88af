"""Versions of an agreement do not overlap, nor leave a gap on days with cost (costs.md K1, 5b)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """`agreement-overlap` at the later version's start, `agreement-gap` where the earlier one ends."""
    versions: dict[str, list[Placed]] = {}
    for placed in loaded.all("agreements"):
        versions.setdefault(placed.id, []).append(placed)
    costs = list(_days_with_cost(loaded))
    for name in sorted(versions):
        ordered = sorted(
            versions[name], key=lambda placed: (placed.thing.agreement.from_, placed.thing.agreement.version)
        )
        pools = {pool for placed in ordered for pool in placed.thing.pools}
        for placed in ordered:
            head = placed.thing.agreement
            if head.to is not None and head.to <= head.from_:
                yield placed.problem(
                    "out-of-range", f"the version ends on {head.to}, not after it begins", "agreement", "to"
                )
        for earlier, later in pairwise(ordered):
            end, start = earlier.thing.agreement.to, later.thing.agreement.from_
            if end is None or end > start:
                message = f"version {later.thing.agreement.version} of {name} begins on {start}, before version {earlier.thing.agreement.version} ends"
                yield later.problem(
                    "agreement-overlap", message, "agreement", "from", related=(earlier.place("agreement", "to"),)
                )
            elif end < start and (cost := _cost_between(costs, name, pools, end, start)):
                message = f"no version of {name} covers {end} to {start}, and there is cost ({cost})"
                yield earlier.problem(
                    "agreement-gap", message, "agreement", "to", related=(later.place("agreement", "from"),)
                )
        yield from _outside(ordered, costs, name, pools)


def _outside(
    ordered: list[Placed], costs: list[tuple[str, str, date, date]], name: str, pools: set[str]
) -> Iterator[Problem]:
    first, last = ordered[0], ordered[-1]
    if cost := _cost_between(costs, name, pools, date.min, first.thing.agreement.from_):
        yield first.problem("agreement-gap", f"there is cost before {name} begins ({cost})", "agreement", "from")
    end = last.thing.agreement.to
    if end is not None and (cost := _cost_between(costs, name, pools, end, date.max)):
        yield last.problem("agreement-gap", f"there is cost after {name} has ended ({cost})", "agreement", "to")


def _cost_between(
    costs: list[tuple[str, str, date, date]], name: str, pools: set[str], start: date, end: date
) -> str | None:
    for what, whose, begins, ends in costs:
        if (whose == name or whose.removeprefix("pool:") in pools) and begins < end and start < ends:
            return what
    return None


def _days_with_cost(loaded: Loaded) -> Iterator[tuple[str, str, date, date]]:
    """(what, agreement's id or `pool:<id>`, from, to) of budgets and of cost-pools/*.csv; rows that do not read are costs.md's to tell."""
    for budget in loaded.all("budgets"):
        yield (
            f"budget {budget.id}",
            budget.thing.agreement,
            date(budget.thing.year, 1, 1),
            date(budget.thing.year + 1, 1, 1),
        )
    for path, content in sorted(loaded.files.items()):
        if path.startswith("cost-pools/") and path.endswith(".csv"):
            for number, row in enumerate(csv.DictReader(content.decode(errors="replace").splitlines()), start=2):
                try:
                    yield (
                        f"{path}:{number}",
                        f"pool:{row.get('pool')}",
                        date.fromisoformat(row["from"] or ""),
                        date.fromisoformat(row["to"] or ""),
                    )
                except (KeyError, ValueError, TypeError):
                    continue


RULE = Rule("agreement-versions", ("agreement-overlap", "agreement-gap", "out-of-range"), judge)
