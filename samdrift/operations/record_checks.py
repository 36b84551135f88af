"""Record checks: keep a run's findings with what they rest on, give them their history; and the jobs that do so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from samdrift.adapters.clock import now
from samdrift.adapters.limits import RUN_SECONDS
from samdrift.model.check import Check
from samdrift.model.dns.evidence import OBSERVATION, answer_ids
from samdrift.model.errors import EXIT_NOT_OBSERVED
from samdrift.model.finding import Finding, Status
from samdrift.model.run import Outcome, Run
from samdrift.model.viewer import OPERATIONS, Viewer
from samdrift.operations.check_compliance import Checked, check_compliance, key_of
from samdrift.operations.job_work import JobDone, JobWork
from samdrift.operations.plan_compliance import Wanted
from samdrift.operations.registered_checks import registered_checks
from samdrift.operations.zone_history import record_history
from samdrift.store import Store, findings, runs

JOB, SOON_JOB = "check-dns", "check-dns-soon"
SOON = (
    "delegation-exists", "delegation-authoritative", "dns-udp", "dns-tcp", "ipv6-ns-reachable", "dnssec-chain", "dnssec-rrsig-valid", "dnssec-rrsig-lifetime",
    "dns-serial", "dns-secondary-lag",
)  # fmt: skip
"""What can break before morning: reachability, the chain, signatures left, lag."""
VANTAGE_COUNTS = {family: f"vantage_{family}" for family in ("ipv4", "ipv6", "smtp")}
"""Family → the count of the ledger that is 1 when it was proven in the run, 0 when it was lost, and missing when it was not used."""
WELL = frozenset({Status.OK, Status.NOT_APPLICABLE})
KEEP_WELL_EVERY = timedelta(hours=26)
"""The quarter-hourly run keeps what is well and was well only so often, and notes the instant on the row that stands: 96 equal rows a day would say no more."""


def record(store: Store, checked: Checked, *, subject: str = "all") -> Checked:
    """Keep the findings and their evidence as one run, and give the findings' histories with it."""
    with store.write() as connection:
        opened = runs.start_run(connection, job=JOB, subject=subject, at=checked.started_at)
        findings.record(connection, opened.id, judged(checked), checked.evidence)
        record_history(connection, checked.sights, at=checked.started_at)
        runs.end_run(connection, opened.id, at=checked.ended_at, outcome=Outcome.OK if checked.complete else Outcome.PARTIAL, counts=checked.counts)
    with store.read() as connection:
        subjects = sorted({one.subject for one in checked.findings}, key=str)
        known = findings.current(connection, viewer=OPERATIONS, checks=sorted({one.check for one in checked.findings}), subjects=subjects)
    return replace(checked, run=opened, histories={key_of(finding): history for finding, history in known})


def judged(checked: Checked) -> tuple[Finding, ...]:
    """The findings to keep: not those that only say that a check has nothing to do with a name."""
    known = registered_checks()
    return tuple(one for one in checked.findings if one.subject.noun != "zone" or known[one.check].needs[0] in {"zone", "presence"})


def check_zones_job(work: JobWork) -> JobDone:
    """The nightly job: everything of the inventory, recorded under the job's own run."""
    return _job(work, tuple(registered_checks().values()))


def check_soon_job(work: JobWork) -> JobDone:
    """The quarter-hourly job: what can break before morning, on the inventory's zones. What is well and was well already is not kept again."""
    return _job(work, tuple(check for check in registered_checks().values() if check.id in SOON), only_news=True)


def _job(work: JobWork, checks: tuple[Check, ...], *, only_news: bool = False) -> JobDone:
    limit = RUN_SECONDS if work.deadline is None else max(1, (work.deadline - now()).total_seconds())
    checked = check_compliance(work.inventory, Wanted(checks, deadline_seconds=limit, at=work.at), work.store)
    whole_run, evidence = judged(checked), checked.evidence
    found = _news(work.store, whole_run) if only_news else whole_run
    if only_news:
        used = {piece for one in found for piece in one.evidence}
        whole = {answer for piece in evidence if piece.id in used and piece.kind == OBSERVATION for answer in answer_ids(piece)}
        evidence = tuple(piece for piece in evidence if piece.id in used | whole)
    with work.store.write() as connection:
        findings.record(connection, work.run_id, found, evidence)
        findings.record_well(connection, _well_again(whole_run, found), since=now() - KEEP_WELL_EVERY)
        record_history(connection, checked.sights, at=checked.started_at)
    lost = tuple(f"no-vantage-{family}" for family, state in checked.vantage.items() if state == "lost")
    reasons = lost if checked.complete else ("deadline", *lost)
    return JobDone(Outcome.OK if checked.complete else Outcome.PARTIAL, checked.counts, reasons, EXIT_NOT_OBSERVED if lost else None)


def _news(store: Store, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings without those of a check, subject and view that is well and was well when it was last kept."""
    with store.read() as connection:
        known = findings.current(connection, viewer=OPERATIONS, checks=sorted({one.check for one in found}), since=now() - KEEP_WELL_EVERY)
    well_before = _well([finding for finding, _ in known])
    well_now = _well(found)
    return tuple(one for one in found if _key(one) not in well_before & well_now)


def _well_again(found: Sequence[Finding], kept: Sequence[Finding]) -> Mapping[tuple[str, str, str, str], datetime]:
    """When what is not kept again was seen to be well."""
    stored = set(map(_key, kept))
    return {_key(one): one.observed_at for one in found if _key(one) not in stored and one.status is Status.OK}


def _well(found: Sequence[Finding]) -> frozenset[tuple[str, str, str, str]]:
    return frozenset(map(_key, found)) - frozenset(_key(one) for one in found if one.status not in WELL)


def _key(one: Finding) -> tuple[str, str, str, str]:
    return (one.check, one.subject.noun, one.subject.id, one.view)


def newest_job_runs(store: Store, *, viewer: Viewer) -> Mapping[str, Run]:
    """Job id → its newest run that ended well; runs of chosen names are no look at everything and do not count."""
    found = {}
    with store.read() as connection:
        for job in (JOB, SOON_JOB):
            ended = (run for run in runs.list_runs(connection, viewer=viewer, job=job, limit=200) if run.ended_at is not None and run.subject in {job, "all"})
            newest = next((run for run in ended if run.outcome in {Outcome.OK, Outcome.PARTIAL}), None)
            if newest is not None:
                found[job] = newest
    return found
