"""The change list between two states of findings: what is new, gone, worse or better; what flaps is told once a day (dns.md D14, D11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from samdrift.model.finding import Finding, History, Status
from samdrift.model.period import local_day

Change = Literal["new", "gone", "worse", "better"]
Known: TypeAlias = Sequence[tuple[Finding, History]]
Key: TypeAlias = tuple[str, str, str, str]

OPEN = frozenset({Status.FAILURE, Status.WARNING})
KEPT = OPEN | {Status.WAIVED}
"""Statuses of findings that somebody has to do with."""
WORSENING = frozenset({"new", "worse"})


@dataclass(frozen=True, slots=True)
class Changed:
    """One line of the list: the finding as it is (as it was, for `gone`) and, for worse and better, what stood before."""

    change: Change
    finding: Finding
    history: History
    before: Finding | None = None


def changes(before: Known, after: Known, *, at: datetime) -> tuple[tuple[Changed, ...], int]:
    """The list, sorted, and how many changes of flapping findings are left out because they were told the same day.

    Only what both states judged is compared, and what could not be looked at is no change: "could not look" mends nothing.
    """
    was, now = _by_key(before), _by_key(after)
    listed: list[Changed] = []
    for key in sorted(was.keys() & now.keys()):
        listed += _of_key(was[key], now[key])
    told = tuple(one for one in listed if not _told_today(one, at))
    return tuple(sorted(told, key=lambda one: (one.finding.sort_key, one.change))), len(listed) - len(told)


def is_worse(listed: Iterable[Changed]) -> bool:
    """Whether anything that is not waived is new or worse."""
    return any(one.change in WORSENING and one.finding.status in OPEN for one in listed)


def _by_key(known: Known) -> Mapping[Key, dict[tuple[str | None, str], tuple[Finding, History]]]:
    found: dict[Key, dict[tuple[str | None, str], tuple[Finding, History]]] = {}
    for finding, history in known:
        key = (finding.view, finding.subject.noun, finding.subject.id, finding.check)
        found.setdefault(key, {})[(finding.subject.part, finding.code)] = (finding, history)
    return found


Rows: TypeAlias = Mapping[tuple[str | None, str], tuple[Finding, History]]


def _of_key(was: Rows, now: Rows) -> list[Changed]:
    """The changes of one check on one subject in one view; a code that another of the same part replaced is worse or better."""
    unsure_before, unsure_after = _unsure(was), _unsure(now)
    added = {name: row for name, row in now.items() if row[0].status in KEPT and (name not in was or was[name][0].status not in KEPT)}
    removed = {name: row for name, row in was.items() if row[0].status in KEPT and (name not in now or now[name][0].status not in KEPT)}
    found = [_moved(was[name][0], row) for name, row in now.items() if name in was and {row[0].status, was[name][0].status} <= KEPT and row[0].status is not was[name][0].status]
    for name, row in sorted(added.items(), key=lambda one: (one[0][0] or "", one[0][1])):
        replaced = next((other for other in removed if other[0] == name[0] and removed[other][0].status is not row[0].status), None)
        if replaced is not None:
            found.append(_moved(removed.pop(replaced)[0], row))
        elif not unsure_before or _began_after(row[1], was):
            found.append(Changed("new", *row))
    return found + [Changed("gone", *row) for row in removed.values() if not unsure_after]


def _began_after(history: History, was: Rows) -> bool:
    """Whether it was first seen after the earlier state: a run that could not look in between makes nothing new."""
    return history.first_seen_at is None or history.first_seen_at > max(finding.observed_at for finding, _ in was.values())


def _unsure(rows: Rows) -> bool:
    return any(finding.status is Status.UNDETERMINED for finding, _ in rows.values())


def _moved(before: Finding, row: tuple[Finding, History]) -> Changed:
    worse = row[0].status.rank < before.status.rank
    return Changed("worse" if worse else "better", *row, before=before)


def _told_today(one: Changed, at: datetime) -> bool:
    """Whether a flapping finding opened or closed already on the local day of `at`, before its newest change."""
    if not one.history.flapping:
        return False
    today = [moment for moment in one.history.flapped_at if local_day(moment) == local_day(at)]
    return len(today) > 1
