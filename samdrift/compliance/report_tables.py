"""The tables of the compliance report: state by category, what to do first, and every finding with server, record and command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

from samdrift.compliance.score import Score
from samdrift.model.check import Check
from samdrift.model.finding import Finding, History, Status, worst
from samdrift.model.finding_words import in_detail, in_words
from samdrift.model.section import Cell, Column, Table
from samdrift.model.text import Text, catalogue

Verdicts: TypeAlias = Mapping[tuple[str, str, str], Status]
Known: TypeAlias = Sequence[tuple[Finding, History]]

OPEN = (Status.FAILURE, Status.WARNING)
FIRST_ROWS = 5
URGENT = (
    "delegation-exists", "dnssec-chain", "dnssec-rrsig-valid", "dnssec-ds-matches", "dnssec-rrsig-lifetime", "dns-secondary-lag", "tls-certificate-expiry", "tls-certificate",
    "delegation-authoritative", "mail-mx",
)  # fmt: skip
"""Checks whose failure takes the member's name, mail or web away, the worst first; all else comes after them."""
NONE = "–"
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def urgency(row: tuple[Finding, History]) -> tuple[int, int, datetime, tuple[str, ...]]:
    """What is to be done first: failures, what takes most away, what has stood longest."""
    finding, history = row
    place = URGENT.index(finding.check) if finding.check in URGENT else len(URGENT)
    return (finding.status.rank, place, history.first_seen_at or LONG_AGO, finding.sort_key)


def by_category(judged: Verdicts, scores: Mapping[str, Score], text: Text) -> Table:
    """How each category stands, with the member's score in it."""
    columns = (
        Column("category", text("compliance.category")), Column("status", text("compliance.status"), "state"), Column("ok", text("compliance.well"), "integer"),
        Column("warning", text("compliance.warnings"), "integer"), Column("failure", text("compliance.failures"), "integer"),
        Column("undetermined", text("compliance.undetermined"), "integer"), Column("score_percent", text("compliance.score-heading"), "percent", "%"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for category in sorted({category for category, _, _ in judged}):
        statuses = [status for (one, _, _), status in judged.items() if one == category]
        counts = tuple(sum(each is wanted for each in statuses) for wanted in (Status.OK, Status.WARNING, Status.FAILURE, Status.UNDETERMINED))
        score = scores.get(category)
        rows.append((_named(f"category.{category}", category, text), worst(statuses), *counts, score.value if score else None))
    return Table("compliance", text("compliance.caption"), columns, tuple(rows))


def do_first(found: Known, checks: Mapping[str, Check], text: Text) -> Table:
    """The most urgent kinds of fault, each with how many it hits, what to do in words, and who does it."""
    columns = (
        Column("finding", text("compliance.finding")), Column("status", text("compliance.status"), "state"), Column("count", text("compliance.hits"), "integer"),
        Column("remedy", text("compliance.remedy")), Column("by", text("compliance.by")),
    )  # fmt: skip
    kinds: dict[tuple[str, str], list[Finding]] = {}
    for finding, _ in sorted((row for row in found if row[0].status in OPEN), key=urgency):
        kinds.setdefault((finding.check, finding.code), []).append(finding)
    rows: list[tuple[Cell, ...]] = []
    for (check, _), held in list(kinds.items())[:FIRST_ROWS]:
        subjects = {(one.subject.noun, one.subject.id) for one in held}
        rows.append((in_words(held[0], text), held[0].status, len(subjects), remedy_words(check, checks, text), _by(held[0], text)))
    return Table("compliance-first", text("compliance.first"), columns, tuple(rows))


def remedy_words(check: str, checks: Mapping[str, Check], text: Text) -> str:
    """What to do about a check's faults, in the reader's language where it has been said."""
    return _named(f"remedy.{check}", checks[check].remedy if check in checks else NONE, text)


def to_mend(found: Known, text: Text) -> Table:
    """Every open finding as an engineer needs it: where, what, since when, the exact record or command, and what it rests on."""
    columns = (
        Column("subject", text("compliance.subject"), "id"), Column("status", text("compliance.status"), "state"), Column("finding", text("compliance.finding")),
        Column("check", text("compliance.check"), "id"), Column("server", text("compliance.server"), "id"), Column("rrset", text("compliance.rrset"), "id"),
        Column("first_seen_at", text("compliance.since"), "instant"), Column("message", text("compliance.message")), Column("record", text("compliance.record"), "id"),
        Column("command", text("compliance.command"), "id"), Column("by", text("compliance.by")), Column("evidence", text("compliance.evidence"), "id"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (
            _subject(finding), finding.status, in_words(finding, text), f"{finding.check}/{finding.code}", _server(finding), _value(finding, "rrset"),
            history.first_seen_at, in_detail(finding.message, text), finding.remedy.record or NONE if finding.remedy else NONE,
            finding.remedy.command or NONE if finding.remedy else NONE, _by(finding, text), finding.evidence[0] if finding.evidence else NONE,
        )
        for finding, history in sorted(found, key=urgency)
        if finding.status in OPEN
    ]  # fmt: skip
    return Table("compliance-open", text("compliance.open"), columns, tuple(rows))


def unknown(found: Known, text: Text) -> Table:
    """What could not be judged, and why; it is no score and no fault."""
    columns = (Column("subject", text("compliance.subject"), "id"), Column("check", text("compliance.check"), "id"), Column("reason", text("compliance.reason"), "id"), Column("message", text("compliance.message")))
    rows = tuple((_subject(one), one.check, str(one.reason), in_detail(one.message, text)) for one, _ in found if one.status is Status.UNDETERMINED)
    return Table("compliance-unknown", text("compliance.unknown-caption"), columns, rows)


def waived(found: Known, text: Text) -> Table:
    """What is accepted for a time, by which waiver."""
    columns = (Column("subject", text("compliance.subject"), "id"), Column("check", text("compliance.check"), "id"), Column("finding", text("compliance.finding")), Column("waiver", text("compliance.waiver"), "id"))
    rows = tuple((_subject(one), f"{one.check}/{one.code}", in_words(one, text), one.waiver or NONE) for one, _ in found if one.status is Status.WAIVED)
    return Table("compliance-waived", text("compliance.waived-caption"), columns, rows)


def _subject(one: Finding) -> str:
    return one.subject.id if one.view == "public" else f"{one.subject.id} ({one.view})"


def _server(one: Finding) -> str:
    return " ".join(part for part in (_value(one, "server"), _value(one, "address")) if part != NONE) or NONE


def _value(one: Finding, key: str) -> str:
    found = one.value.get(key)
    return str(found) if found else NONE


def _by(one: Finding, text: Text) -> str:
    by = one.remedy.by if one.remedy else None
    return NONE if by is None else _named(f"by.{by}", by, text)


def _named(key: str, otherwise: str, text: Text) -> str:
    return text(key) if key in catalogue() else otherwise
