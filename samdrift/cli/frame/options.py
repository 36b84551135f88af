"""Options that several commands share, so that they mean the same everywhere (interface.md U5, common.md 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

from samdrift.model.errors import EXIT_FINDINGS, EXIT_NOT_OBSERVED, EXIT_OK
from samdrift.model.finding import Finding, Severity, Status

F = TypeVar("F", bound=Callable[..., Any])

FAIL_ON = ("failure", "warning", "notice", "never")


def fail_on_option(function: F) -> F:
    """`--fail-on`: from which severity findings make exit 1."""
    return click.option("--fail-on", type=click.Choice(FAIL_ON), default="failure", show_default=True, help="Exit 1 at findings from this severity.")(function)


def dry_run_option(function: F) -> F:
    """`--dry-run`: print the plan and change nothing."""
    return click.option("--dry-run", is_flag=True, help="Print the plan; change nothing.")(function)


def yes_option(function: F) -> F:
    """`--yes`: carry out without a question."""
    return click.option("--yes", is_flag=True, help="Carry it out without a question.")(function)


def exit_code(findings: Iterable[Finding], fail_on: str) -> int:
    """1 when a finding is at or over the threshold, else 3 when one could not be determined, else 0 (U1); waived ones never count."""
    counted = {"failure": {Severity.FAILURE}, "warning": {Severity.FAILURE, Severity.WARNING}, "notice": {Severity.FAILURE, Severity.WARNING, Severity.NOTICE}}
    seen = [finding for finding in findings if finding.status is not Status.WAIVED]
    if any(finding.severity in counted.get(fail_on, set()) for finding in seen):
        return EXIT_FINDINGS
    if any(finding.status is Status.UNDETERMINED for finding in seen):
        return EXIT_NOT_OBSERVED
    return EXIT_OK
