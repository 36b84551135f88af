"""Diff checks: what changed in the findings since a run or an instant (dns.md D14)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from samdrift.compliance.change import Changed, changes, is_worse
from samdrift.model.errors import CouldNotObserve, UnknownId, WrongUse
from samdrift.model.period import local_midnight, read_instant
from samdrift.model.short_id import read_short_id
from samdrift.model.viewer import Viewer
from samdrift.operations.plan_compliance import NEEDS
from samdrift.operations.registered_checks import registered_checks
from samdrift.store import Store, findings

RUN = re.compile(r"K-[0-9A-Z]{4,}")
JUST_AFTER = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from the state just before `since` to now; `run` is the newest run, `flapping_left_out` what was told the same day already."""

    since: datetime
    run: str
    changes: tuple[Changed, ...]
    flapping_left_out: int

    @property
    def worse(self) -> bool:
        return is_worse(self.changes)


def diff_checks(store: Store, *, viewer: Viewer, since: str | None = None, member: str | None = None) -> Difference:
    """Compare what is known now with what was known at RUN, at an instant or day, or before the newest run.

    UnknownId when there is no such run to see, CouldNotObserve when no run has been stored.
    """
    checks = sorted(check.id for check in registered_checks().values() if check.needs[0] in NEEDS)
    if since is not None and _instant(since) is None and not RUN.fullmatch(read_short_id(since)):
        raise WrongUse(f"--since {since}: neither a run nor a time", help="K-7F3A, 2026-11-23 or 2026-11-23T08:00:00+01:00")
    with store.read() as connection:
        newest = findings.newest_runs(connection, viewer=viewer, checks=checks, limit=1)
        if not newest:
            raise CouldNotObserve("no run of checks is stored", help="samdrift check run")
        run, at = newest[0]
        moment = at
        if since is not None:
            given = _instant(since)
            if given is None:
                found = findings.instant_of_run(connection, read_short_id(since), viewer=viewer)
                if found is None:
                    error = UnknownId("run", since)
                    error.help = "a run's id as `run` has it in check run --output json, or a time: 2026-11-23T08:00:00+01:00"
                    raise error
                given = found + JUST_AFTER
            moment = given
        before = findings.current(connection, viewer=viewer, checks=checks, member=member, until=moment)
        after = findings.current(connection, viewer=viewer, checks=checks, member=member)
        gone = [finding for finding, _ in before]
        histories = findings.histories(connection, gone, viewer=viewer, until=at)
    listed, left_out = changes(list(zip(gone, histories, strict=True)), after, at=at)
    return Difference(moment, run, listed, left_out)


def _instant(text: str) -> datetime | None:
    """The instant of a time, or of a day's beginning; None for what is neither."""
    try:
        return local_midnight(date.fromisoformat(text))
    except ValueError:
        pass
    try:
        return read_instant(text)
    except ValueError:
        return None
