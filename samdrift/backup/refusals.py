"""Refusals: when a backup's retention is held back instead of carried out (backup.md B13)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from samdrift.backup.retention import KEEPS, Decided
from samdrift.model.backup_run import BackupReason
from samdrift.model.nouns.retention_policy import RetentionPolicy
from samdrift.model.snapshot import Snapshot

AFTER_ARRIVAL = timedelta(minutes=10)
"""A claimed time further ahead of its arrival is no clock's doing."""
OUTSIDE_RUN = timedelta(minutes=10)
WITHOUT_RUN = timedelta(hours=1)
CLOCKS_S = 60
SHARE_PERCENT = 30
"""More than this share is forgotten in one go only when somebody says so."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing is forgotten: the reason's id, a sentence, and the snapshots that it is about (empty: the whole backup)."""

    reason: BackupReason
    text: str
    snapshots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What else is asked before a backup is pruned at a site.

    `runs` maps a run's id to its begin and end. `reviewed` are origins that a person accepted or rejected. `checked`, `copied` and `scored` say how
    the last check, copy and anomaly judgement ended: None when it never ran. `clock_apart_s` is None when the storage's clock could not be read.
    `accepted` says that this backup's large share was accepted.
    """

    runs: Mapping[str, tuple[datetime, datetime]] = field(default_factory=dict)
    reviewed: frozenset[str] = frozenset()
    checked: bool | None = None
    copied: bool | None = None
    scored: bool | None = None
    vanished: tuple[str, ...] = ()
    clock_apart_s: int | None = 0
    holds: tuple[str, ...] = ()
    accepted: bool = False


def refusals(decided: Sequence[Decided], policy: RetentionPolicy, around: Surroundings) -> tuple[Refusal, ...]:
    """All reasons not to prune, none when it may go on; with nothing to forget there is nothing to refuse but what is wrong with the snapshots."""
    found = list(_of_snapshots(decided, around))
    forget = [one for one in decided if one.decision == "forget"]
    if forget:
        found += _of_surroundings(around)
        found += _of_plan(decided, forget, policy, around)
    return tuple(found)


def refuse(decided: Sequence[Decided], found: Sequence[Refusal]) -> None:
    """Mark what would have been forgotten as refused, with the reasons."""
    text = "; ".join(one.text for one in found)
    for one in decided:
        if found and one.decision == "forget":
            one.decision, one.because = "refused", text


def _of_snapshots(decided: Sequence[Decided], around: Surroundings) -> Iterator[Refusal]:
    wrong = [one.snapshot.id for one in decided if one.snapshot.origin not in around.reviewed and not claim_fits(one.snapshot, one.arrival, around.runs)]
    if wrong:
        yield Refusal(BackupReason.CLOCK, f"{len(wrong)} claim a time that does not fit, the newest is {wrong[0][:12]}", tuple(wrong))
    for state, reason in (("unregistered", BackupReason.UNREGISTERED), ("suspect", BackupReason.ANOMALY)):
        open_ones = [one.snapshot.id for one in decided if not one.snapshot.part and one.snapshot.state == state and one.snapshot.origin not in around.reviewed]
        if open_ones:
            yield Refusal(reason, f"{len(open_ones)} {state} and not reviewed, the newest is {open_ones[0][:12]}", tuple(open_ones))
    if around.vanished:
        yield Refusal(BackupReason.SNAPSHOT_VANISHED, f"{len(around.vanished)} are gone that no forget of ours explains, one is {around.vanished[0][:12]}", around.vanished)


def claim_fits(snapshot: Snapshot, arrival: datetime, runs: Mapping[str, tuple[datetime, datetime]]) -> bool:
    """Whether the time that a snapshot claims fits its arrival and its run; of no known run, whether it is within an hour of its arrival."""
    claimed = snapshot.claimed_at
    if claimed > arrival + AFTER_ARRIVAL:
        return False
    run = runs.get(snapshot.run or "")
    if run is None:
        return fits_arrival(claimed, arrival)
    return run[0] - OUTSIDE_RUN <= claimed <= run[1] + OUTSIDE_RUN


def fits_arrival(claimed: datetime, arrival: datetime) -> bool:
    """Whether the claimed time of a snapshot of no known run fits its arrival."""
    return claimed <= arrival + AFTER_ARRIVAL and abs(claimed - arrival) <= WITHOUT_RUN


def _of_surroundings(around: Surroundings) -> Iterator[Refusal]:
    for word, ended, reason in (
        ("check", around.checked, BackupReason.REPOSITORY_DAMAGED),
        ("copy", around.copied, BackupReason.COPY_MISSING),
        ("judgement of anomalies", around.scored, BackupReason.ANOMALY),
    ):
        if ended is not True:
            yield Refusal(reason, f"the last {word} {'never ran' if ended is None else 'is red'}")
    if around.clock_apart_s is None or around.clock_apart_s > CLOCKS_S:
        apart = "could not be read" if around.clock_apart_s is None else f"differs {around.clock_apart_s} s from ours"
        yield Refusal(BackupReason.CLOCK, f"the storage's clock {apart}")
    for hold in around.holds:
        yield Refusal(BackupReason.UNCLASSIFIED, f"it is on hold: {hold}")


def _of_plan(decided: Sequence[Decided], forget: Sequence[Decided], policy: RetentionPolicy, around: Surroundings) -> Iterator[Refusal]:
    by_id = {one.snapshot.id: one.snapshot for one in decided}
    shrunk = [(one.snapshot, by_id[keeper]) for one in forget for keeper in one.keepers if one.snapshot.state in KEEPS and _smaller(by_id[keeper], one.snapshot)]
    if shrunk:
        gone, keeper = shrunk[0]
        text = f"{keeper.id[:12]} ({keeper.files} files, {keeper.size_bytes} bytes) would displace {gone.id[:12]} ({gone.files} files, {gone.size_bytes} bytes)"
        yield Refusal(BackupReason.SOURCE_SHRUNK, text, tuple(dict.fromkeys(one.id for one, _ in shrunk)))
    left = sum(one.snapshot.state == "usable" and one.decision == "keep" and not one.snapshot.part for one in decided)
    if left < policy.minimum:
        yield Refusal(BackupReason.UNCLASSIFIED, f"{left} usable ones would remain, {policy.minimum} must")
    if not around.accepted and 100 * len(forget) > SHARE_PERCENT * len(decided):
        yield Refusal(BackupReason.UNCLASSIFIED, f"{len(forget)} of {len(decided)} would go, more than {SHARE_PERCENT} % needs --accept")


def _smaller(keeper: Snapshot, gone: Snapshot) -> bool:
    return 2 * keeper.files < gone.files or 2 * keeper.size_bytes < gone.size_bytes
