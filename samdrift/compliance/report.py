"""The compliance part of a member's report: on top what a manager reads in a minute, below what a DNS engineer works from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from samdrift.compliance.report_tables import Verdicts, by_category, do_first, to_mend, unknown, urgency, waived
from samdrift.compliance.score import TOTAL, Score
from samdrift.model import wording
from samdrift.model.check import Check
from samdrift.model.finding import Finding, History, Status, worst
from samdrift.model.finding_words import in_words
from samdrift.model.section import Section
from samdrift.model.text import Text

ID = "compliance"


def compliance_section(found: Sequence[tuple[Finding, History]], checks: Mapping[str, Check], text: Text, scores: Sequence[Score] = ()) -> Section:
    """The findings that stand of one member, with its scores; the same findings give the same section."""
    judged = _verdicts(found, checks)
    if not judged:
        return Section(ID, text("compliance.title"), missing=(text("compliance.missing"),))
    by_name = {one.category: one for one in scores}
    tables = [by_category(judged, by_name, text), do_first(found, checks, text), to_mend(found, text)]
    tables += [table for table in (unknown(found, text), waived(found, text)) if table.rows]
    return Section(ID, text("compliance.title"), (summary(found, checks, text), *_more(judged, by_name, text)), tuple(tables))


def summary(found: Sequence[tuple[Finding, History]], checks: Mapping[str, Check], text: Text) -> str:
    """How it stands, in one sentence, with what to begin with."""
    judged = _verdicts(found, checks)
    if not judged:
        return text("compliance.missing")
    zones = len({subject for _, _, subject in judged if subject.startswith("zone:")})
    failures, warnings = (sum(one is status for one in judged.values()) for status in (Status.FAILURE, Status.WARNING))
    if not failures and not warnings:
        return text("compliance.all-well" if Status.OK in judged.values() else "compliance.none-judged", zones=zones)
    first = min((row for row in found if row[0].status in {Status.FAILURE, Status.WARNING}), key=urgency)[0]
    return text("compliance.says", zones=zones, failures=failures, warnings=warnings, subject=first.subject.id, what=in_words(first, text))


def _more(judged: Verdicts, scores: Mapping[str, Score], text: Text) -> tuple[str, ...]:
    """The score, and what could not be judged."""
    said = []
    total = scores.get(TOTAL)
    if total is not None and total.value is None:
        said.append(text("compliance.no-score"))
    elif total is not None and total.value is not None:
        shown = wording.number(total.value * 100, 0, text.language)
        median = None if total.quartiles is None else wording.number(total.quartiles[1] * 100, 0, text.language)
        said.append(text("compliance.score-alone", score=shown) if median is None else text("compliance.score", score=shown, median=median))
    count = sum(one is Status.UNDETERMINED for one in judged.values())
    if count:
        said.append(text("compliance.unknown", unknown=count))
    return tuple(said)


def _verdicts(found: Sequence[tuple[Finding, History]], checks: Mapping[str, Check]) -> Verdicts:
    """(category, check, subject) → the worst of its findings, over views."""
    verdicts: dict[tuple[str, str, str], list[Status]] = {}
    for finding, _ in found:
        if finding.check in checks:
            verdicts.setdefault((checks[finding.check].category, finding.check, f"{finding.subject.noun}:{finding.subject.id}"), []).append(finding.status)
    return {key: worst(statuses) for key, statuses in verdicts.items()}
