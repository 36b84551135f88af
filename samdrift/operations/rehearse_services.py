"""Rehearse services: a service and all it depends on brought back from the copies at the disaster site, the primary not asked (backup.md B21, level 5)."""

from __future__ import annotations

from dataclasses import replace

from samdrift.adapters.process import find_program
from samdrift.backup.freshness import newest_usable
from samdrift.backup.rehearsal import Back, Stage, judge_stage, stages
from samdrift.backup.repository import RepositoryPlace, objectives
from samdrift.model.drill_proof import DrillProof
from samdrift.model.errors import CouldNotObserve, UnknownId, WrongUse
from samdrift.model.inventory import Inventory
from samdrift.model.viewer import OPERATIONS, Viewer
from samdrift.operations.choose_backups import choose_backups, chosen_site
from samdrift.operations.drill_restore import Held, drill_one
from samdrift.store import backups as stored
from samdrift.store.store import Store

LEVEL = 5


def rehearse_services(
    inventory: Inventory, store: Store, name: str, *, viewer: Viewer, site: str | None = None, seed: int = 1, who: str | None = None
) -> tuple[DrillProof, ...]:
    """A proof of level 5 for every backup, in the order held; `name` is a service's or backup's id.

    CouldNotObserve (3) before anything is restored where a backup has no usable copy at the site, and in the middle where one cannot be read or has no room:
    the proofs of those before it stand.
    """
    plan = _plan(inventory, name, viewer)
    find_program("restic")
    places = _places(inventory, store, plan, site)
    came: dict[str, Back] = {}
    by_name = {stage.service: stage for stage in plan}
    proofs: list[DrillProof] = []
    for stage in plan:
        spent, passed = 0, True
        for backup in stage.backups:
            own: list[int] = []

            def judged(held: Held, stage: Stage = stage, backup: str = backup, before: int = spent, own: list[int] = own) -> Held:
                own.append(held.seconds)
                rto = objectives(inventory, inventory.backups[backup])[1]
                verdict = judge_stage(stage, came, by_name, before + held.seconds, rto)
                return replace(held, reasons=(*held.reasons, *verdict.reasons), seconds=verdict.seconds, skipped=(*held.skipped, *verdict.skipped))

            proof = drill_one(inventory, store, inventory.backups[backup], places[backup], level=LEVEL, seed=seed, who=who, judged=judged)
            proofs.append(proof)
            spent, passed = spent + sum(own), passed and proof.passed
        if stage.backups:
            came[stage.service] = Back(passed, spent)
    return tuple(proofs)


def _plan(inventory: Inventory, name: str, viewer: Viewer) -> tuple[Stage, ...]:
    """The stages; UnknownId for what the viewer does not see, the same as for what is not there."""
    seen = choose_backups(inventory, (), viewer)
    by_service: dict[str, list[str]] = {}
    for one in seen:
        by_service.setdefault(one.service, []).append(one.id)
    service = next((one.service for one in seen if one.id == name), name)
    if service not in by_service:
        raise UnknownId("service with a backup", name, by_service)
    return stages(inventory.services, by_service, service)


def _places(inventory: Inventory, store: Store, plan: tuple[Stage, ...], site: str | None) -> dict[str, RepositoryPlace]:
    """Where each backup's copy lies; all are asked for in the store before the first is restored."""
    found: dict[str, RepositoryPlace] = {}
    lacking = []
    for backup in (inventory.backups[one] for stage in plan for one in stage.backups):
        if backup.copies == 1:
            lacking.append(f"{backup.id} has no copy")
            continue
        where = chosen_site(inventory, backup, site, role="disaster")
        if where.target.role != "disaster":
            raise WrongUse(f"{where.target.site} is the primary: level 5 is held with it cut off", help="name a disaster site with --site, or none")
        with store.read() as connection:
            known = stored.snapshots(connection, viewer=OPERATIONS, backups=[backup.id])
        if newest_usable(known, where.target.site) is None:
            lacking.append(f"{backup.id} has no usable snapshot at {where.target.site}")
        found[backup.id] = where
    if lacking:
        raise CouldNotObserve("; ".join(lacking), help="samdrift backup run, then samdrift backup copy")
    return found
