"""The compliance part of a member's report: how each category stands, and what is to be mended, by whom and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from samdrift.model.check import Check
from samdrift.model.finding import Finding, History, Status, worst
from samdrift.model.finding_words import in_words
from samdrift.model.section import Cell, Column, Section, Table
from samdrift.model.text import Text

OPEN = (Status.FAILURE, Status.WARNING)


def compliance_section(found: Sequence[tuple[Finding, History]], checks: Mapping[str, Check], text: Text) -> Section:
    """The findings that stand of one member; the same findings give the same section."""
    verdicts: dict[tuple[str, str, str], list[Status]] = {}
    for finding, _ in found:
        if finding.check in checks:
            verdicts.setdefault((checks[finding.check].category, finding.check, finding.subject.noun + ":" + finding.subject.id), []).append(finding.status)
    judged = {key: worst(statuses) for key, statuses in verdicts.items()}
    if not judged:
        return Section("compliance", text("compliance.title"), missing=(text("compliance.missing"),))
    zones = {subject for _, _, subject in judged if subject.startswith("zone:")}
    count = {status: sum(one is status for one in judged.values()) for status in Status}
    says = text("compliance.says", zones=len(zones), failures=count[Status.FAILURE], warnings=count[Status.WARNING], unknown=count[Status.UNDETERMINED])
    return Section("compliance", text("compliance.title"), (says,), (_by_category(judged, text), _to_mend(found, text)))


def _by_category(judged: Mapping[tuple[str, str, str], Status], text: Text) -> Table:
    columns = (
        Column("category", text("compliance.category")), Column("status", text("compliance.status"), "state"), Column("ok", text("compliance.well"), "integer"),
        Column("warning", text("compliance.warnings"), "integer"), Column("failure", text("compliance.failures"), "integer"),
        Column("undetermined", text("compliance.undetermined"), "integer"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for category in sorted({category for category, _, _ in judged}):
        statuses = [status for (one, _, _), status in judged.items() if one == category]
        counts = tuple(sum(each is wanted for each in statuses) for wanted in (Status.OK, Status.WARNING, Status.FAILURE, Status.UNDETERMINED))
        rows.append((category, worst(statuses), *counts))
    return Table("compliance", text("compliance.caption"), columns, tuple(rows))


def _to_mend(found: Sequence[tuple[Finding, History]], text: Text) -> Table:
    columns = (
        Column("subject", text("compliance.subject"), "id"), Column("status", text("compliance.status"), "state"), Column("finding", text("compliance.finding")),
        Column("first_seen_at", text("compliance.since"), "instant"), Column("remedy", text("compliance.remedy")),
    )  # fmt: skip
    rows = tuple(
        (str(finding.subject), finding.status, in_words(finding, text), history.first_seen_at, _remedy(finding))
        for finding, history in sorted(found, key=lambda one: (one[0].status.rank, one[0].sort_key))
        if finding.status in OPEN
    )
    return Table("compliance-open", text("compliance.open"), columns, rows)


def _remedy(finding: Finding) -> str | None:
    remedy = finding.remedy
    return None if remedy is None else remedy.command or remedy.record or remedy.text
