"""Standing: what checks and scans of one repository at one site found and nothing since has cleared (backup.md B13-B15)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from samdrift.model.backup_run import BackupReason, BackupRun
from samdrift.model.run import Outcome

FULL = "full"
"""In `details` of a check: 1 when every byte was read, not one slice of them."""
FINDINGS = frozenset({BackupReason.REPOSITORY_DAMAGED, BackupReason.REPOSITORY_CHANGED, BackupReason.SNAPSHOT_VANISHED, BackupReason.KEY_UNKNOWN})
"""What a check or scan says of the repository itself; the other reasons say why it could not look, or what a person should see."""
HEALED = frozenset({BackupReason.REPOSITORY_DAMAGED, BackupReason.KEY_UNKNOWN})
LOOKED = frozenset({Outcome.OK, Outcome.PARTIAL})


@dataclass(slots=True)
class _Open:
    """By the kind of look, what its newest run found; `since` are the kinds that were clean after the newest full check that found damage."""

    found: dict[str, tuple[BackupReason, ...]] = field(default_factory=dict)
    objects: frozenset[str] = frozenset()
    since: set[str] = field(default_factory=set)


def standing(runs: Iterable[BackupRun]) -> tuple[BackupReason, ...]:
    """The findings that stand, each once; `runs` are the checks, scans and heals of one repository at one site, in any order.

    A look clears what its own kind found. One slice says nothing of the others, so that damage which a full check found goes
    only with a later full check, or a later check and a later scan together. A scan's goes with a full check too, and with a check that
    calls every object of it a leftover. A heal that ended well clears damage and keys. A run that could not look clears nothing.
    """
    state = _Open()
    for run in sorted(runs, key=lambda one: (one.started_at, one.id)):
        if run.action == "heal":
            if run.outcome is Outcome.OK:
                state.found = {kind: _without(reasons, HEALED) for kind, reasons in state.found.items()}
            continue
        kind, found = _kind(run), _findings(run)
        if found:
            _find(state, kind, found, run)
        elif run.outcome in LOOKED:
            _clear(state, kind, run)
    return tuple(dict.fromkeys(reason for _, reasons in sorted(state.found.items()) for reason in reasons))


def telling(runs: Iterable[BackupRun]) -> tuple[BackupRun, ...]:
    """Those of one repository's runs at one site that decide what stands, at any instant: of clean looks alike the first alone, until something is found or healed."""
    kept: list[BackupRun] = []
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for run in sorted(runs, key=lambda one: (one.started_at, one.id)):
        if _findings(run) or (run.action == "heal" and run.outcome is Outcome.OK):
            seen.clear()
            kept.append(run)
        elif run.outcome in LOOKED and run.action != "heal" and (_kind(run), run.leftover) not in seen:
            seen.add((_kind(run), run.leftover))
            kept.append(run)
    return tuple(kept)


def _kind(run: BackupRun) -> str:
    return FULL if run.action == "check" and run.details.get(FULL) else run.action


def _findings(run: BackupRun) -> tuple[BackupReason, ...]:
    return tuple(reason for reason in run.reasons if reason in FINDINGS)


def _find(state: _Open, kind: str, found: tuple[BackupReason, ...], run: BackupRun) -> None:
    state.found[kind] = found
    if kind == FULL:
        state.found.pop("check", None)
        state.since.clear()
    if kind == "scan":
        state.objects = frozenset(one.object for one in run.damaged)
    state.since.discard(kind)


def _clear(state: _Open, kind: str, run: BackupRun) -> None:
    if kind == FULL:
        state.found.clear()
        return
    state.found.pop(kind, None)
    state.since.add(kind)
    if kind == "check":
        state.found[FULL] = tuple(reason for reason in state.found.get(FULL, ()) if reason is BackupReason.REPOSITORY_DAMAGED)
        if state.objects and state.objects <= set(run.leftover):
            state.found.pop("scan", None)
    if {"check", "scan"} <= state.since:
        state.found.pop(FULL, None)


def _without(reasons: tuple[BackupReason, ...], gone: frozenset[BackupReason]) -> tuple[BackupReason, ...]:
    return tuple(reason for reason in reasons if reason not in gone)


def by_site(runs: Iterable[BackupRun]) -> Mapping[str, tuple[BackupRun, ...]]:
    """The runs of each site."""
    found: dict[str, list[BackupRun]] = {}
    for run in runs:
        found.setdefault(run.site, []).append(run)
    return {site: tuple(inside) for site, inside in found.items()}
