"""Findings: recorded run by run; the current state and the history are queries (common.md 8, dns.md D11)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Subquery, bindparam, func, insert, select, tuple_, update

from samdrift.model.finding import Evidence, Finding, History, Reason, Remedy, Severity, Status, Subject, one_each
from samdrift.model.viewer import OPERATIONS, Viewer
from samdrift.store import evidence as evidence_store
from samdrift.store.finding_history import Sight, history_of
from samdrift.store.finding_sights import BLOCK, KEY, TOLD, Key, history_values, kept_history, key_of, sights
from samdrift.store.tables.finding import finding, finding_evidence, finding_member
from samdrift.store.tables.run import run
from samdrift.store.visibility import concerned, seen_by, write_members


def record(connection: Connection, run_id: str, findings: Iterable[Finding], evidence: Iterable[Evidence] = ()) -> int:
    """Write a run's findings with what they rest on; gives how many rows. KeyError when there is no such run.

    There is one row per (check, subject, code, view); where a check gives two, the worse stands and bears both texts.
    """
    evidence_store.keep(connection, evidence)
    found_at = connection.execute(select(run.c.started_at).where(run.c.id == run_id)).one_or_none()
    if found_at is None:
        raise KeyError(run_id)
    merged = one_each(findings)
    start = connection.execute(select(func.count()).select_from(finding).where(finding.c.run == run_id)).scalar_one()
    keyed = [({"run": run_id, "number": start + offset}, each) for offset, each in enumerate(merged)]
    if keyed:
        histories = _histories_at(connection, run_id, found_at.started_at, merged)
        connection.execute(insert(finding), [key | {"run_at": found_at.started_at} | _values(each) | history_values(history) for (key, each), history in zip(keyed, histories, strict=True)])
    write_members(connection, finding_member, (key | {"member": member} for key, each in keyed for member in concerned(each.member, each.members)))
    write_members(
        connection, finding_evidence,
        (key | {"position": position, "evidence": piece} for key, each in keyed for position, piece in enumerate(each.evidence)),
    )  # fmt: skip
    return len(merged)


def _histories_at(connection: Connection, run_id: str, at: datetime, found: Sequence[Finding]) -> list[History | None]:
    """The history of each as of this run, None of what is well. A zone that got another owner begins anew: its past is the other's."""
    told = [each for each in found if each.status in TOLD]
    held = {key: list(rows) for key, rows in sights(connection, told, viewer=OPERATIONS, until=at).items()}
    for each in found:
        held.setdefault((key_of(each), each.member), []).append(Sight((at, run_id), each.subject.part, each.code, each.status, each.observed_at))
    return [history_of(held[key_of(each), each.member], each) if each.status in TOLD else None for each in found]


def record_well(connection: Connection, well: Mapping[Key, datetime], *, since: datetime) -> None:
    """Note that these were found well again at their instants, on the rows of their newest run from `since` on."""
    ranked = _ranked(checks=sorted({key[0] for key in well}), since=since)
    rows = connection.execute(select(*KEY, finding.c.run, finding.c.number).join(ranked, _same_row(ranked)).where(ranked.c.place == 1)).all()
    noted = [{"r": row.run, "n": row.number, "at": well[key]} for row in rows if (key := (row.check, row.noun, row.subject, row.view)) in well]
    if noted:
        connection.execute(update(finding).where(finding.c.run == bindparam("r"), finding.c.number == bindparam("n")).values(well_at=bindparam("at")), noted)


def _values(each: Finding) -> dict[str, Any]:
    remedy = each.remedy and {"text": each.remedy.text, "record": each.remedy.record, "command": each.remedy.command, "by": each.remedy.by}
    return {
        "check": each.check, "code": each.code, "noun": each.subject.noun, "subject": each.subject.id, "part": each.subject.part,
        "view": each.view, "member": each.member, "site": each.site, "status": each.status.value, "severity": each.severity.value,
        "reason": each.reason and each.reason.value, "message": each.message, "value": dict(each.value), "remedy": remedy,
        "waiver": each.waiver, "observed_at": each.observed_at,
    }  # fmt: skip


def of_run(connection: Connection, run_id: str, *, viewer: Viewer) -> list[Finding]:
    """The findings of one run that the viewer may see, sorted."""
    rows = connection.execute(select(finding).where(finding.c.run == run_id, seen_by(viewer, finding, finding_member))).all()
    return sorted(_findings(connection, rows), key=lambda each: each.sort_key)


def current(
    connection: Connection, *, viewer: Viewer, checks: Sequence[str] | None = None, subjects: Sequence[Subject] | None = None, member: str | None = None,
    since: datetime | None = None, until: datetime | None = None,
) -> list[tuple[Finding, History]]:  # fmt: skip
    """What is known now: of each (check, subject, view) the rows of the newest run that judged it, sorted, with their history.

    `until` gives what was known just before that instant, `since` leaves out what was not judged from then on.
    """
    ranked = _ranked(checks=checks, subjects=subjects, since=since, until=until)
    query = select(finding).join(ranked, _same_row(ranked)).where(ranked.c.place == 1, seen_by(viewer, finding, finding_member))
    if member is not None:
        query = query.where(seen_by(Viewer(member, "member", frozenset({member})), finding, finding_member))
    rows = connection.execute(query).all()
    kept = [kept_history(row.first_seen_at, row.last_ok_at, row.runs_open, row.flapped_at) if Status(row.status) in TOLD else _of_well(row.status, row.well_at or row.observed_at) for row in rows]
    told = sorted(zip(_findings(connection, rows), kept, strict=True), key=lambda one: one[0].sort_key)
    old = [each for each, history in told if history is None]
    newest = max((row.run_at for row in rows), default=None)
    looked_up = iter(histories(connection, old, viewer=viewer, until=newest)) if newest is not None else iter(())
    return [(each, next(looked_up) if history is None else history) for each, history in told]


def _ranked(*, checks: Sequence[str] | None, subjects: Sequence[Subject] | None = None, since: datetime | None = None, until: datetime | None = None) -> Subquery:
    """(run, number, place): the rows of each check, subject and view, the newest run's at place 1."""
    newest = func.rank().over(partition_by=KEY, order_by=(finding.c.run_at.desc(), finding.c.run.desc()))
    inner = select(finding.c.run, finding.c.number, newest.label("place"))
    if since is not None:
        inner = inner.where(finding.c.run.in_(select(run.c.id).where(run.c.started_at >= since)))  # by the key, not over all that was ever found
    if until is not None:
        inner = inner.where(finding.c.run_at < until)
    if checks is not None:
        inner = inner.where(finding.c.check.in_(sorted(checks)))
    if subjects is not None:
        inner = inner.where(tuple_(finding.c.noun, finding.c.subject).in_(sorted({(each.noun, each.id) for each in subjects})))
    return inner.subquery()


def _same_row(ranked: Subquery) -> ColumnElement[bool]:
    return (ranked.c.run == finding.c.run) & (ranked.c.number == finding.c.number)


def _of_well(status: str, at: datetime) -> History:
    """What is told of a row that is well: when it was so last."""
    return History(last_ok_at=at) if status == Status.OK else History()


def histories(connection: Connection, found: Sequence[Finding], *, viewer: Viewer, until: datetime) -> list[History]:
    """Histories as of `until` from the sights of the same check, subject and view, in the order of `found`."""
    held = sights(connection, found, viewer=viewer, until=until)
    return [history_of(held.get((key_of(each), each.member), []), each) for each in found]


def _findings(connection: Connection, rows: Sequence[Row[Any]]) -> list[Finding]:
    links: dict[tuple[str, int], list[str]] = defaultdict(list)
    members: dict[tuple[str, int], list[str]] = defaultdict(list)
    runs = sorted({row.run for row in rows})
    for start in range(0, len(runs), BLOCK):
        wanted = runs[start : start + BLOCK]
        for link in connection.execute(select(finding_evidence).where(finding_evidence.c.run.in_(wanted)).order_by(finding_evidence.c.position)):
            links[(link.run, link.number)].append(link.evidence)
        for link in connection.execute(select(finding_member).where(finding_member.c.run.in_(wanted)).order_by(finding_member.c.member)):
            members[(link.run, link.number)].append(link.member)
    return [_finding(row, tuple(links[(row.run, row.number)]), tuple(members[(row.run, row.number)])) for row in rows]


def _finding(row: Row[Any], pieces: tuple[str, ...], members: tuple[str, ...]) -> Finding:
    return Finding(
        check=row.check, code=row.code, subject=Subject(row.noun, row.subject, row.part), status=Status(row.status), severity=Severity(row.severity),
        message=row.message, observed_at=row.observed_at, member=row.member, site=row.site, view=row.view,
        reason=None if row.reason is None else Reason(row.reason), value=row.value, evidence=pieces,
        remedy=None if row.remedy is None else Remedy(**row.remedy), waiver=row.waiver, members=() if members == (row.member,) else members,
    )  # fmt: skip


def waivers_used(connection: Connection, *, viewer: Viewer, since: datetime) -> frozenset[str]:
    """Ids of the waivers that covered a finding of a run from `since` on."""
    query = select(finding.c.waiver).distinct().where(finding.c.waiver.is_not(None), finding.c.run_at >= since, seen_by(viewer, finding, finding_member))
    return frozenset(row.waiver for row in connection.execute(query))


def judged_since(connection: Connection, *, viewer: Viewer, since: datetime) -> Mapping[str, datetime]:
    """Check id → the oldest run from `since` on that judged by it."""
    query = select(finding.c.check, func.min(finding.c.run_at).label("first")).where(finding.c.run_at >= since, seen_by(viewer, finding, finding_member))
    return {row.check: row.first for row in connection.execute(query.group_by(finding.c.check))}


def newest_runs(connection: Connection, *, viewer: Viewer, checks: Sequence[str], limit: int = 2) -> list[tuple[str, datetime]]:
    """(run, its instant) of the newest runs that judged by these checks what the viewer may see, the newest first."""
    query = select(finding.c.run, finding.c.run_at).distinct().where(finding.c.check.in_(sorted(checks)), seen_by(viewer, finding, finding_member))
    return [(row.run, row.run_at) for row in connection.execute(query.order_by(finding.c.run_at.desc(), finding.c.run).limit(limit))]


def instant_of_run(connection: Connection, run_id: str, *, viewer: Viewer) -> datetime | None:
    """When a run began; None when it found nothing that the viewer may see."""
    return connection.execute(select(finding.c.run_at).where(finding.c.run == run_id, seen_by(viewer, finding, finding_member)).limit(1)).scalar_one_or_none()
