"""Drill what is due: the job that holds every declared drill of the copies that lie on this machine (backup.md B21)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from samdrift.backup.rehearsal import stages
from samdrift.backup.repository import copies, targets_of
from samdrift.model.drill_proof import REHEARSAL, DrillProof
from samdrift.model.errors import SamdriftError
from samdrift.model.inventory import Inventory
from samdrift.model.run import Outcome
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.backup_access import here
from samdrift.operations.drill_restore import drill_restore
from samdrift.operations.job_work import JobDone, JobWork
from samdrift.operations.rehearse_services import rehearse_services
from samdrift.operations.run_backup import host_names
from samdrift.operations.show_backup_status import backup_states

WHO = "drill-backups"
SAMPLE, WHOLE = 2, 3


@dataclass(slots=True)
class _Night:
    """What was held and how it went."""

    asked: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    reasons: list[str] = field(default_factory=list)
    proofs: list[DrillProof] = field(default_factory=list)

    def hold(self, name: str, act: Callable[[], Sequence[DrillProof]]) -> None:
        """One that could not be held is its own reason; the others go on."""
        self.asked += 1
        try:
            found = act()
        except SamdriftError as error:
            self.reasons.append(f"{name}: {error.message}")
            return
        self.proofs += found
        self.counts.update("passed" if proof.passed else "failed" for proof in found)
        self.reasons += [f"{proof.backup}: {'; '.join(proof.reasons)}" for proof in found if not proof.passed]

    def proven(self, backup: str, level: int) -> bool:
        """Whether a drill of this night passed that holds for the level."""
        return any(proof.passed and proof.backup == backup and proof.proves(level) for proof in self.proofs)

    def rehearsed(self, backup: str) -> bool:
        """Whether a rehearsal of this night brought the backup back, however it went."""
        return any(proof.backup == backup and proof.level == REHEARSAL for proof in self.proofs)


def drill_due(work: JobWork) -> JobDone:
    """Hold every drill that is due and whose copy lies on this machine: rehearsals first, as one proves the lower levels of all that it brings back."""
    due = {backup: levels for backup, levels in _due(work) if levels}
    night = _Night()
    for backup in _widest_first(work.inventory, [one for one, levels in due.items() if REHEARSAL in levels]):
        if not night.rehearsed(backup):
            night.hold(backup, partial(rehearse_services, work.inventory, work.store, backup, viewer=OPERATIONS, who=WHO))
    for backup, levels in due.items():
        for level in _held_alone(levels):
            if not night.proven(backup, level):
                night.hold(backup, partial(_alone, work, backup, level))
    if not night.asked:
        return JobDone(Outcome.NOTHING_TO_DO)
    return JobDone(Outcome.PARTIAL if night.reasons else Outcome.OK, dict(night.counts), tuple(night.reasons[:5]))


def _alone(work: JobWork, backup: str, level: int) -> tuple[DrillProof, ...]:
    return (drill_restore(work.inventory, work.store, backup, level=level, viewer=OPERATIONS, who=WHO),)


def _due(work: JobWork) -> Iterator[tuple[str, list[int]]]:
    """(backup, levels) of those that have run and whose copy lies here."""
    states = backup_states(work.inventory, work.store, (), viewer=OPERATIONS, at=work.at)
    for name, (backup, state) in states.items():
        stored_here = any(here(target, host_names()) for target in targets_of(work.inventory, backup) if target in copies(work.inventory))
        if stored_here and state.last_run is not None:
            yield name, [drill.level for drill in state.drills if drill.due_at is not None and drill.due_at <= work.at]


def _held_alone(levels: Sequence[int]) -> list[int]:
    """What is held of one backup by itself; the whole proves a sample of it too."""
    return [level for level in levels if level < REHEARSAL and not (level == SAMPLE and WHOLE in levels)]


def _widest_first(inventory: Inventory, backups: Sequence[str]) -> list[str]:
    """Those whose service stands on most others first: what it stands on comes back with it."""
    known = {one.service: [one.id] for one in inventory.backups.values()}
    return sorted(backups, key=lambda one: (-len(stages(inventory.services, known, inventory.backups[one].service)), one))
