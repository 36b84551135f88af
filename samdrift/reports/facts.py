"""The facts of a report's first page: for whom, period, data until, method, version, and what is missing (interface.md U38)."""

from __future__ import annotations

from samdrift.model import wording
from samdrift.model.section import Report
from samdrift.model.text import Text


def facts_of(report: Report, text: Text) -> tuple[tuple[str, str], ...]:
    """Name and value of each, in the report's language."""
    return (
        (text("report.for-whom"), report.audience),
        (text("report.period"), report.period),
        (text("report.data-until"), until_of(report, text)),
        (text("report.method"), report.method),
        (text("report.version"), report.version),
        *report.facts.items(),
        (text("report.made"), wording.instant(report.made_at, text.language)),
        (text("report.contact"), report.contact),
        (text("report.missing"), _missing(report, text)),
    )


def until_of(report: Report, text: Text) -> str:
    """The instant to which the data reach, or the word for unknown."""
    return wording.instant(report.data_until, text.language) if report.data_until else text("report.unknown")


def _missing(report: Report, text: Text) -> str:
    missing = [each for section in report.sections for each in section.missing]
    return "; ".join(missing) if missing else text("report.nothing-missing")
