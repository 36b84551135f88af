"""A rota escalates to layers or people that are there, and its exceptions lie in them (monitoring.md 5)."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.errors import nearest
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """`unknown-reference` at the step or override, `override-outside` when it ends before it begins, `out-of-range` for steps out of order."""
    for placed in loaded.all("rota"):
        rota = placed.thing
        layers = {layer.id for layer in rota.layers}
        targets = layers | loaded.ids("people")
        before = -1
        for index, step in enumerate(rota.escalation):
            if step.to not in targets and not loaded.may_be_elsewhere(step.to):
                yield _unknown(placed, step.to, targets, ("escalation", index, "to"), "layer or person")
            if step.after < before:
                yield placed.problem(
                    "out-of-range", "escalation goes on, not back in time", "escalation", index, "after"
                )
            before = step.after
        for index, override in enumerate(rota.overrides):
            if override.layer not in layers:
                yield _unknown(placed, override.layer, layers, ("overrides", index, "layer"), "layer")
            if override.until <= override.from_:
                yield placed.problem(
                    "override-outside", "the override ends before it begins", "overrides", index, "until"
                )


def _unknown(placed: Placed, name: str, known: set[str], steps: tuple[str | int, ...], what: str) -> Problem:
    near = nearest(name, known)
    return placed.problem(
        "unknown-reference", f"there is no {what} {name!r}", *steps, help=f"did you mean {near!r}?" if near else None
    )


RULE = Rule("rota-layers", ("unknown-reference", "override-outside", "out-of-range"), judge)
