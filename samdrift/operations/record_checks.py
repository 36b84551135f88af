"""Record checks: keep a run's findings with what they rest on, give them their history; and the nightly job that does so."""

from __future__ import annotations

from dataclasses import replace

from samdrift.adapters.clock import now
from samdrift.adapters.limits import RUN_SECONDS
from samdrift.model.finding import Finding
from samdrift.model.run import Outcome
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.check_compliance import Checked, check_compliance, key_of
from samdrift.operations.job_work import JobDone, JobWork
from samdrift.operations.plan_compliance import Wanted
from samdrift.operations.registered_checks import registered_checks
from samdrift.store import Store, findings, runs

JOB = "check-dns"


def record(store: Store, checked: Checked, *, subject: str = "all") -> Checked:
    """Keep the findings and their evidence as one run, and give the findings' histories with it."""
    with store.write() as connection:
        opened = runs.start_run(connection, job=JOB, subject=subject, at=checked.started_at)
        findings.record(connection, opened.id, judged(checked), checked.evidence)
        runs.end_run(connection, opened.id, at=checked.ended_at, outcome=Outcome.OK if checked.complete else Outcome.PARTIAL, counts=checked.counts)
    with store.read() as connection:
        subjects = sorted({one.subject for one in checked.findings}, key=str)
        known = findings.current(connection, viewer=OPERATIONS, checks=sorted({one.check for one in checked.findings}), subjects=subjects)
    return replace(checked, run=opened, histories={key_of(finding): history for finding, history in known})


def judged(checked: Checked) -> tuple[Finding, ...]:
    """The findings to keep: not those that only say that a check has nothing to do with a name."""
    known = registered_checks()
    return tuple(one for one in checked.findings if one.subject.noun != "zone" or known[one.check].needs[0] == "zone")


def check_zones_job(work: JobWork) -> JobDone:
    """The nightly job: everything of the inventory, recorded under the job's own run."""
    limit = RUN_SECONDS if work.deadline is None else max(1, (work.deadline - now()).total_seconds())
    checked = check_compliance(work.inventory, Wanted(tuple(registered_checks().values()), deadline_seconds=limit, at=work.at))
    with work.store.write() as connection:
        findings.record(connection, work.run_id, judged(checked), checked.evidence)
    return JobDone(Outcome.OK if checked.complete else Outcome.PARTIAL, checked.counts, () if checked.complete else ("deadline",))
