"""Everything that can be owned says whose it is, in one way, and shares sum to exactly 1 (I2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem
from samdrift.model.quantity import exact

_MUST = ("devices", "networks", "zones")


def judge(loaded: Loaded) -> Iterator[Problem]:
    """`owner-missing`, `owner-twice`, `share-sum` with the sum found, `out-of-range` for a share of nothing."""
    for noun in (*_MUST, "services"):
        for placed in loaded.all(noun):
            thing = placed.thing
            if thing.owner is None and thing.shared_by is None:
                if noun in _MUST:
                    yield placed.problem(
                        "owner-missing",
                        f"{placed.id} has neither owner nor shared_by",
                        help="write owner: <member>, or shared_by with shares",
                    )
            elif thing.owner is not None and thing.shared_by is not None:
                yield placed.problem(
                    "owner-twice",
                    f"{placed.id} has both owner and shared_by",
                    "shared_by",
                    key=True,
                    help="keep one of them",
                )
            if thing.shared_by is not None:
                yield from _shares(placed)


def _shares(placed: Placed) -> Iterator[Problem]:
    shares = placed.thing.shared_by
    if not shares:
        yield placed.problem("empty-value", "shared_by names nobody", "shared_by")
        return
    if not isinstance(shares, Mapping):
        for index, member in enumerate(shares):
            if member in shares[:index]:
                yield placed.problem("owner-twice", f"{member} stands twice in shared_by", "shared_by", index)
        return
    for member, share in shares.items():
        if share <= 0:
            yield placed.problem("out-of-range", f"the share of {member} must be over 0", "shared_by", member)
    total = sum(shares.values(), Fraction(0))
    if total != 1 and placed.whole:
        yield placed.problem("share-sum", f"shares of {placed.id} sum to {exact(total)}, not 1", "shared_by")


RULE = Rule("ownership", ("owner-missing", "owner-twice", "share-sum", "out-of-range", "empty-value"), judge)
