"""Rejudge checks: a stored run's zones judged again from their evidence, without the network (dns.md D9)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from samdrift.compliance.presence import PresenceInHand
from samdrift.compliance.zone import ZoneInHand
from samdrift.model import endpoint_evidence
from samdrift.model.check import Check
from samdrift.model.dns.evidence import OBSERVATION, answer_ids, from_evidence
from samdrift.model.dns.past import NO_PAST, PAST
from samdrift.model.errors import CouldNotObserve, UnknownId
from samdrift.model.finding import Evidence, Finding, Subject, one_each
from samdrift.model.inventory import Inventory
from samdrift.model.presence import evidence as presence_evidence
from samdrift.model.short_id import read_short_id
from samdrift.model.viewer import Viewer
from samdrift.model.waiving import apply_waivers
from samdrift.operations.plan_compliance import Plan, Wanted
from samdrift.operations.registered_checks import registered_checks
from samdrift.operations.zone_history import NEED, pasts_in
from samdrift.store import Store, findings, runs
from samdrift.store import evidence as stored


def rejudge_checks(store: Store, inventory: Inventory | None, run_id: str, *, viewer: Viewer, rules: str = "today") -> tuple[Finding, ...]:
    """The run's findings by today's rules, terms and waivers, at the run's own instant; what rests on no zone's evidence stays as it was.

    `rules` "then" gives the verdicts of the run's day as they were kept, byte for byte.

    UnknownId when there is no such run to see, CouldNotObserve when its evidence is gone.
    """
    with store.read() as connection:
        run = runs.find_run(connection, read_short_id(run_id), viewer=viewer)
        if run is None:
            error = UnknownId("run", run_id)
            error.help = "the id stands beside the findings, in `run`: samdrift check run --output json"
            raise error
        kept = findings.of_run(connection, run.id, viewer=viewer)
        if rules == "then":
            return tuple(kept)
        held = stored.of_run(connection, run.id, viewer=viewer)
        observations = [piece for piece in held if piece.kind == OBSERVATION]
        presences = [piece for piece in held if piece.kind == presence_evidence.PRESENCE]
        pointed = {one.id: answer_ids(one) for one in observations} | {one.id: presence_evidence.piece_ids(one) for one in presences}
        answers = {one: [piece for name in names if (piece := stored.find(connection, name, viewer=viewer)) is not None] for one, names in pointed.items()}
    pasts = pasts_in(held)
    past_ids = {(str(one.about["view"]), str(one.about["zone"])): one.id for one in held if one.kind == PAST}
    known = registered_checks()
    chosen = tuple(known[name] for name in sorted({one.check for one in kept}) if name in known and known[name].needs[0] in {"zone", "presence"})
    plan = Plan(inventory, Wanted(chosen))
    again: list[Finding] = [one for one in kept if one.check not in {check.id for check in chosen}]
    for observation in observations:
        try:
            seen = from_evidence(observation, answers[observation.id])
        except KeyError as error:
            raise CouldNotObserve(f"the answer {error.args[0]} of run {run.id} is no longer kept") from None
        key = (seen.view, seen.name)
        hand = ZoneInHand(seen, plan.terms(seen.zone), pasts.get(key, NO_PAST))
        for check in (one for one in chosen if one.needs[0] == "zone"):
            rests_on = (observation.id, past_ids[key]) if key in past_ids and NEED in check.needs else (observation.id,)
            again += [replace(one, evidence=(*one.evidence, *rests_on)) for one in check.judge(hand, run.started_at)]
    for observation in presences:
        try:
            met = presence_evidence.from_evidence(observation, answers[observation.id])
        except KeyError as error:
            raise CouldNotObserve(f"the piece {error.args[0]} of run {run.id} is no longer kept") from None
        presence = PresenceInHand(met, plan.presence_terms(met.zone))
        again += [replace(one, evidence=(*one.evidence, observation.id)) for check in chosen if check.needs[0] == "presence" for one in check.judge(presence, run.started_at)]
    again = _endpoints_again(again, held, plan, [check for check in known.values() if check.needs[0] == "endpoint"], run.started_at)
    waived = apply_waivers(again, inventory.waivers.values() if inventory else (), at=run.started_at, names=plan.zone_names)
    return one_each(waived)


def _endpoints_again(found: list[Finding], held: Iterable[Evidence], plan: Plan, checks: Sequence[Check], at: datetime) -> list[Finding]:
    """The findings with those of endpoints judged again; what is kept of one that left the inventory stays as it was."""
    services = plan.inventory.services if plan.inventory else {}
    for piece in (one for one in held if one.kind == endpoint_evidence.ENDPOINT):
        service = services.get(str(piece.about["service"]))
        endpoint = next((one for one in service.endpoints if one.id == piece.about["endpoint"]), None) if service else None
        if service is None or endpoint is None:
            continue
        in_hand, subject = plan.endpoint(service, endpoint, endpoint_evidence.from_evidence(piece)), Subject("service", service.id, endpoint.id)
        mine = {check.id for check in checks} & {one.check for one in found if one.subject == subject}
        found = [one for one in found if one.subject != subject or one.check not in mine]
        found += [replace(one, evidence=(*one.evidence, piece.id)) for check in checks if check.id in mine for one in check.judge(in_hand, at)]
    return found


