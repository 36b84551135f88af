"""Looked: what the last looks at a backup's repositories and runs said, beside its freshness (backup.md B13-B17)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from samdrift.model.anomaly import RunSigns
from samdrift.model.backup_run import BackupReason, BackupRun

AnomalyState = Literal["open", "ok", "undetermined", "never"]
CHECK_TOO_OLD = timedelta(hours=50)
"""A daily check that is older says nothing of today; one missed day is the job's own alert."""


@dataclass(frozen=True, slots=True)
class SiteLook:
    """One site: the newest run of each action there, of any backup in the same repository; `coverage_permille` of bytes read within the period."""

    site: str
    check: BackupRun | None = None
    scan: BackupRun | None = None
    copy: BackupRun | None = None
    prune: BackupRun | None = None
    coverage_permille: int | None = None
    look_reason: BackupReason | None = None
    looked: bool = False

    @property
    def reasons(self) -> tuple[BackupReason, ...]:
        """What the last check, scan and look gave as reasons, each once."""
        ran = [run for run in (self.check, self.scan) if run is not None]
        found = [reason for run in ran for reason in run.reasons] + ([self.look_reason] if self.look_reason else [])
        return tuple(dict.fromkeys(found))

    @property
    def damaged(self) -> tuple[str, ...]:
        """Damaged objects by path, as the last check and scan named them."""
        return tuple(dict.fromkeys(one.object for run in (self.check, self.scan) if run is not None for one in run.damaged))


@dataclass(frozen=True, slots=True)
class Looked:
    """One backup: its sites, whether a run out of the ordinary waits for a person, snapshots gone unexplained, and whether retention is held."""

    sites: tuple[SiteLook, ...] = ()
    anomaly: AnomalyState = "never"
    signals: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()
    held: bool = False


def anomaly_state(signs: Sequence[RunSigns], open_runs: frozenset[str]) -> tuple[AnomalyState, tuple[str, ...]]:
    """The state and signals of a backup's signs, newest first; `open_runs` are suspect ones that nobody has reviewed."""
    waiting = next((one for one in signs if one.run in open_runs), None)
    if waiting is not None:
        return "open", waiting.signals
    if not signs:
        return "never", ()
    return ("ok" if signs[0].judged else "undetermined"), ()


def stale(run: BackupRun | None, at: datetime) -> bool:
    """Whether there is no run, or only one too old to say anything of today."""
    return run is None or at - run.ended_at > CHECK_TOO_OLD
