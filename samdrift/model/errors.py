"""The one exception tree: every expected failure has a sentence, a remedy and an exit code (interface.md 2.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from samdrift.model.problem import Problem

EXIT_OK = 0
EXIT_FINDINGS = 1
EXIT_WRONG_USE = 2
EXIT_NOT_OBSERVED = 3
EXIT_LOCKED = 75
EXIT_INTERRUPTED = 130
EXIT_PIPE_CLOSED = 141


class SamdriftError(Exception):
    """An expected failure: `message` says what and where, `help` what to do; `exit_code` is what the process ends with."""

    exit_code: ClassVar[int] = EXIT_NOT_OBSERVED

    def __init__(self, message: str, *, help: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.help = help

    def lines(self) -> list[str]:
        """The lines for stderr: `error: …` and, where there is one, `help: …`."""
        return [f"error: {self.message}"] + ([f"help: {self.help}"] if self.help else [])


class Refused(SamdriftError):
    """An expected no: a plan, prune or close that must not be carried out (exit 1)."""

    exit_code = EXIT_FINDINGS


class WrongUse(SamdriftError):
    """The command was given something it cannot use (exit 2)."""

    exit_code = EXIT_WRONG_USE


class UnknownId(WrongUse):
    """An id that is not there, or that the viewer may not see: the words are the same for both (exit 2)."""

    def __init__(self, noun: str, given: str, known: Iterable[str] = ()) -> None:
        near = nearest(given, known)
        super().__init__(f"unknown {noun} {given!r}", help=f"did you mean {near!r}?" if near else f"list them: samdrift inventory list {noun}s")
        self.noun, self.given, self.near = noun, given, near


class MissingProgram(WrongUse):
    """A program that the work needs is not installed (exit 2 before work begins)."""

    def __init__(self, program: str, package: str) -> None:
        super().__init__(f"{program} is not installed", help=f"apt-get install {package}")
        self.program, self.package = program, package


class InvalidInventory(WrongUse):
    """The inventory has errors; `problems` holds all of them, sorted by place (exit 2)."""

    def __init__(self, problems: Sequence[Problem], what: str = "the inventory has") -> None:
        errors = sum(problem.level == "error" for problem in problems)
        super().__init__(f"{what} {errors} error{'' if errors == 1 else 's'}", help="mend them all, then run it again")
        self.problems = tuple(problems)

    def lines(self) -> list[str]:
        return [line for problem in self.problems for line in problem.lines()] + [f"error: {self.message}"]


class NoStore(WrongUse):
    """There is no store yet (exit 2); what can do without one goes on."""


class UnwritableStore(WrongUse):
    """The store's folder takes no writes (exit 2 before work begins); what can do without recording shows its work and ends with 3."""


class WrongStoreVersion(WrongUse):
    """The store was written by another schema version (exit 2; names both)."""


class CouldNotObserve(SamdriftError):
    """Something outside could not be asked, and nothing worse was found (exit 3)."""


class CouldNotRecord(SamdriftError):
    """The work was done but its result could not be written (exit 3; stands before findings)."""


class LockHeld(SamdriftError):
    """Another run holds the lock (exit 75, EX_TEMPFAIL of sysexits.h)."""

    exit_code = EXIT_LOCKED


class Interrupted(SamdriftError):
    """SIGINT or SIGTERM ended the run in order (exit 130)."""

    exit_code = EXIT_INTERRUPTED


def nearest(given: str, known: Iterable[str]) -> str | None:
    """The one of `known` most like `given`, or None when none is near (difflib ratio ≥ 0.6)."""
    found = get_close_matches(given, sorted(set(known)), n=1, cutoff=0.6)
    return found[0] if found else None
