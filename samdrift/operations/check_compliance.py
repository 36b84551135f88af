"""Check compliance: looks at what is planned, judges by every selected check, waives (dns.md 4)."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from samdrift.adapters.clock import now
from samdrift.compliance.presence import PresenceInHand
from samdrift.compliance.shown import with_shown
from samdrift.compliance.zone import ZoneInHand
from samdrift.model import endpoint_evidence
from samdrift.model.check import Check
from samdrift.model.dns.evidence import to_evidence
from samdrift.model.dns.past import NO_PAST
from samdrift.model.finding import Evidence, Finding, History, Reason, Severity, Status, Subject, one_each
from samdrift.model.presence import evidence as presence_evidence
from samdrift.model.run import Run
from samdrift.model.waiving import apply_waivers
from samdrift.operations.look_up_origins import with_origins
from samdrift.operations.observe_compliance import Looked, observe
from samdrift.operations.plan_compliance import PUBLIC, Plan, Wanted
from samdrift.operations.zone_history import NEED, ZoneSight, piece_of, read_pasts, sight_of

if TYPE_CHECKING:
    from samdrift.model.inventory import Inventory
    from samdrift.store import Store


@dataclass(frozen=True, slots=True)
class Checked:
    """What came out: findings with what they rest on, how many zones and queries, from where, and whether all was done."""

    findings: tuple[Finding, ...]
    evidence: tuple[Evidence, ...]
    started_at: datetime
    ended_at: datetime
    zones: int
    queries: int
    vantage: Mapping[str, str]
    complete: bool
    views: tuple[str, ...] = ()
    deadline_seconds: int = 0
    run: Run | None = None
    histories: Mapping[tuple[str, ...], History] = field(default_factory=dict)
    sights: tuple[ZoneSight, ...] = field(default=(), repr=False)
    """What was seen of each zone, for its history."""

    @property
    def counts(self) -> Mapping[str, int]:
        """What the ledger keeps of the run."""
        open_ones = sum(one.status in {Status.FAILURE, Status.WARNING} for one in self.findings)
        unknown = sum(one.status is Status.UNDETERMINED for one in self.findings)
        seen = {f"vantage_{family}": int(state == "proven") for family, state in self.vantage.items() if state != "unused"}
        return {"zones": self.zones, "queries": self.queries, "open": open_ones, "undetermined": unknown, **seen}


def check_compliance(inventory: Inventory | None, wanted: Wanted, store: Store | None = None) -> Checked:
    """Look and judge. Without an inventory only names can be checked, each for itself; without a store nothing is known of earlier runs."""
    started = now()
    judged_at = wanted.at or started
    plan = Plan(inventory, wanted)
    found: list[Finding] = []
    evidence: dict[str, Evidence] = {}
    looks: list[Looked] = []
    kept_sights: list[ZoneSight] = []
    by_history = any(NEED in check.needs for check in plan.checks("zone"))
    sights, count = plan.sights(), 0
    for sight in sights:
        looked = observe(sight, deadline_seconds=max(0, wanted.deadline_seconds - (now() - started).total_seconds()), rate_per_s=wanted.rate_per_s)
        pasts = read_pasts(store, looked.zones, viewer=wanted.viewer)
        count += max(len(looked.zones), len(looked.presences))
        zones, presences, endpoints = deque(with_origins(looked.zones, plan, sight.view)), deque(looked.presences), looked.endpoints
        shown = {met.zone: met for met in looked.presences}
        looked = replace(looked, zones=(), presences=(), endpoints=())  # what is judged is let go: a thousand zones weigh too much beside their findings
        looks.append(looked)
        while zones:
            looked_at = zones.popleft()
            seen = with_shown(replace(looked_at, ds_given=wanted.ds) if wanted.ds else looked_at, shown.pop(looked_at.zone, None))
            pieces = to_evidence(seen)
            hand = ZoneInHand(seen, plan.terms(seen.zone), pasts.get((seen.view, seen.name), NO_PAST))
            past = piece_of(hand.past, seen) if by_history else None
            evidence.update({piece.id: piece for piece in (*pieces, *((past,) if past else ()))})
            if (kept_sight := sight_of(hand)) is not None:
                kept_sights.append(kept_sight)
            for check in plan.checks("zone"):
                rests_on = (pieces[0].id, past.id) if past and NEED in check.needs else (pieces[0].id,)
                found += [replace(one, evidence=(*one.evidence, *rests_on)) for one in judge_one(check, hand, Subject("zone", seen.name), judged_at, plan, seen.view)]
        while presences:
            met = presences.popleft()
            kept = presence_evidence.to_evidence(met)
            evidence.update({piece.id: piece for piece in kept})
            presence = PresenceInHand(met, plan.presence_terms(met.zone))
            verdicts = [one for check in plan.checks("presence") for one in judge_one(check, presence, Subject("zone", met.name), judged_at, plan, met.view)]
            found += [replace(one, evidence=(*one.evidence, kept[0].id)) for one in verdicts]
        for (service, endpoint), touched in zip(plan.endpoints(sight.view), endpoints, strict=True):
            in_hand, piece = plan.endpoint(service, endpoint, touched), endpoint_evidence.to_evidence(touched, service.id, endpoint.id)
            evidence[piece.id] = piece
            found += [replace(one, evidence=(*one.evidence, piece.id)) for check in plan.checks("endpoint") for one in judge_one(check, in_hand, Subject("service", service.id, endpoint.id), judged_at, plan, sight.view)]
    for contract in plan.contracts():
        found += [one for check in plan.checks("contract") for one in judge_one(check, contract, Subject("contract", contract.contract.id), judged_at, plan, PUBLIC)]
    found += plan.nothing_for(found, judged_at)
    waived = apply_waivers(found, inventory.waivers.values() if inventory else (), at=judged_at, names=plan.zone_names)
    return Checked(
        one_each(waived), tuple(evidence.values()), started, now(), count, sum(one.queries for one in looks),
        _vantage(looks), all(one.reason is not Reason.DEADLINE for one in waived), tuple(sight.view for sight in sights), int(wanted.deadline_seconds), sights=tuple(kept_sights),
    )  # fmt: skip


def key_of(finding: Finding) -> tuple[str, ...]:
    """What tells one finding from another in a run."""
    return (finding.view, str(finding.subject), finding.check, finding.code)


def judge_one(check: Check, hand: Any, subject: Subject, at: datetime, plan: Plan, view: str) -> tuple[Finding, ...]:
    """The check's findings; one that raises says so of this subject, and all else stands (dns.md 8)."""
    try:
        return check.judge(hand, at)
    except Exception as error:  # noqa: BLE001 (one check's failure is one result)
        member, members = plan.owner(subject)
        text = f"the check itself failed: {type(error).__name__}: {error}"
        return (Finding(check.id, "undetermined", subject, Status.UNDETERMINED, Severity.INFO, text, at, member=member, members=members, view=view, reason=Reason.CHECK_ERROR),)


def _vantage(looks: Sequence[Looked]) -> Mapping[str, str]:
    said = {family: [one.vantage.get(family, "unused") for one in looks] for family in ("ipv4", "ipv6", "smtp")}
    order = ("lost", "proven", "unused")
    return {family: min(words, key=order.index, default="unused") for family, words in said.items()}
