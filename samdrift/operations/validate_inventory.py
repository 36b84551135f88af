"""Validate the inventory: every problem, and what the exit code says of them (I4, I8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from samdrift.model.errors import EXIT_FINDINGS, EXIT_OK, EXIT_WRONG_USE, InvalidInventory
from samdrift.model.problem import Problem
from samdrift.operations.load_inventory import judge_inventory


@dataclass(frozen=True, slots=True)
class Verdict:
    """All problems sorted by place, and how many objects were read."""

    problems: tuple[Problem, ...]
    objects: int

    @property
    def errors(self) -> int:
        return sum(problem.level == "error" for problem in self.problems)

    @property
    def warnings(self) -> int:
        return len(self.problems) - self.errors

    def exit_code(self, *, strict: bool) -> int:
        """2 for an error; 1 for a warning when `strict`; else 0."""
        if self.errors:
            return EXIT_WRONG_USE
        return EXIT_FINDINGS if strict and self.warnings else EXIT_OK


def validate_inventory(path: Path | str, *, at: datetime | None = None, member: str | None = None) -> Verdict:
    """The problems of an inventory's folder at an instant (default now); WrongUse when there is no such folder."""
    try:
        work = judge_inventory(path, at=at, member=member)
    except InvalidInventory as error:
        return Verdict(error.problems, 0)
    return Verdict(
        tuple(work.problems), sum(len(things) for things in work.loaded.objects.values()) if work.loaded else 0
    )
