"""Try a change: a proposed zone file, DS or CDS judged against parent, anchors and history, before it is live (dns.md D13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from samdrift.adapters.clock import now
from samdrift.adapters.dns_zonefile import read_zone_file
from samdrift.adapters.told_walk import look_by_telling
from samdrift.compliance.presence import PresenceInHand
from samdrift.compliance.proposed import answers_from, still_standing, with_cds
from samdrift.compliance.proposed_zone import ProposedZone
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.dns.ds_words import read_ds_words
from samdrift.model.dns.evidence import OBSERVATION, answer_ids, from_evidence, to_evidence
from samdrift.model.dns.names import Name
from samdrift.model.dns.observation import Exchange, Host, ZoneObservation
from samdrift.model.dns.past import NO_PAST
from samdrift.model.errors import WrongUse
from samdrift.model.finding import Evidence, Finding, Severity, Status, Subject, one_each
from samdrift.model.presence import evidence as presence_evidence
from samdrift.model.presence.lookup import Lookup
from samdrift.model.viewer import Viewer
from samdrift.operations.check_compliance import Checked, judge_one
from samdrift.operations.look_up_origins import with_origins
from samdrift.operations.observe_compliance import Sight, observe
from samdrift.operations.plan_compliance import Plan, Wanted
from samdrift.operations.zone_history import read_pasts
from samdrift.store import Store, findings
from samdrift.store import evidence as stored

if TYPE_CHECKING:
    from samdrift.model.inventory import Inventory

DELETE = bytes.fromhex("0000000000")
OF_THE_FILE = frozenset({
    "delegation-ns-count", "delegation-ns-set", "delegation-ns-name", "delegation-glue", "delegation-ns-address", "delegation-diversity", "ipv6-ns-count", "dns-soa", "dns-names",
    "mail-mx", "mail-spf", "mail-spf-policy", "mail-dmarc", "mail-dmarc-policy", "mail-dkim",
})  # fmt: skip
"""What a zone file tells beside DNSSEC without any server of the zone: its names, servers and mail."""
UNSIGNED = frozenset({("dnssec-cds-valid", "unsigned"), ("dnssec-rrsig-valid", "missing")})
"""What a CDS given by hand cannot have: the signer has not seen it."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is to be tried: a zone file, DS and CDS as words; empty: as it is."""

    zonefile: Path | None = None
    ds: tuple[str, ...] = ()
    cds: tuple[str, ...] = ()

    @property
    def ds_data(self) -> tuple[bytes, ...] | None:
        """The DS set that would stand: what is given, or what the CDS ask for; None: the parent's own."""
        if self.ds:
            return tuple(read_ds_words(one, "--ds") for one in self.ds)
        return tuple(data for data in self.cds_data if data != DELETE) if self.cds else None

    @property
    def cds_data(self) -> tuple[bytes, ...]:
        return tuple(read_ds_words(one, "--cds") for one in self.cds)


def try_change(inventory: Inventory | None, wanted: Wanted, proposal: Proposal, store: Store | None) -> Checked:
    """Judge what would be; nothing is sent to the zone's servers. Of each finding `change` says whether it would appear, go or stay the same."""
    if len(wanted.names) != 1:
        raise WrongUse("a change is tried on one zone: give its NAME", help="samdrift check run krokom.example --ds '34217 13 2 05DD5165…'")
    zone, started = wanted.names[0], now()
    records = read_zone_file(proposal.zonefile, zone) if proposal.zonefile else None
    ds, cds = proposal.ds_data, proposal.cds_data
    plan = Plan(inventory, replace(wanted, checks=tuple(check for check in wanted.checks if check.category == "dnssec" or (records is not None and check.id in OF_THE_FILE))))
    found: list[Finding] = []
    evidence: dict[str, Evidence] = {}
    views, queries = [], 0
    for sight in plan.sights():
        looked = observe(replace(sight, parent_only=True, presences=()), deadline_seconds=wanted.deadline_seconds, rate_per_s=wanted.rate_per_s)
        views.append(sight.view)
        queries += looked.queries
        for above in looked.zones:
            before = _before(store, above, viewer=wanted.viewer)
            seen = _proposed(above, before.exchanges if records is None else answers_from(zone, records, above.started_at), ds, cds)
            if records is not None:
                file = ProposedZone(zone, records, above.started_at, before.lookups)
                names = {*file.servers, *ZoneInHand(above).ns_names("parent")}
                (seen,) = with_origins([replace(seen, hosts=file.hosts(names, (*before.hosts, *above.hosts, *above.given)))], plan, sight.view)
                found += _mail(plan, sight, file, before, wanted.at or started)
            past = still_standing(read_pasts(store, [seen], viewer=wanted.viewer).get((seen.view, seen.name), NO_PAST), wanted.at or started)
            pieces = to_evidence(seen)
            evidence |= {piece.id: piece for piece in pieces}
            hand = ZoneInHand(seen, plan.terms(seen.zone), past)
            judged = [one for check in plan.checks("zone") for one in judge_one(check, hand, Subject("zone", seen.name), wanted.at or started, plan, seen.view)]
            kept = [one for one in judged if not (cds and _by_hand(one))]
            found += _compared([replace(one, evidence=(*one.evidence, pieces[0].id)) for one in kept], before.findings, {check.id for check in plan.checks("zone")})
    found += Plan(inventory, wanted).nothing_for(found, wanted.at or started)
    return Checked(one_each(found), tuple(evidence.values()), started, now(), len(views), queries, {}, complete=True, views=tuple(views), deadline_seconds=int(wanted.deadline_seconds))


def _mail(plan: Plan, sight: Sight, file: ProposedZone, before: _Before, at: datetime) -> list[Finding]:
    """The checks of mail by the file; names of others are as the last stored run found them."""
    shown = next((one for one in sight.presences if one.zone == file.zone), None)
    if shown is None:
        return []
    met = look_by_telling(shown, file.resolve, view=sight.view)
    hand, checks = PresenceInHand(met, plan.presence_terms(met.zone)), plan.checks("presence")
    return _compared([one for check in checks for one in judge_one(check, hand, Subject("zone", met.name), at, plan, met.view)], before.findings, {check.id for check in checks})


def _by_hand(one: Finding) -> bool:
    """Whether a finding only says that the signer has not seen the CDS that was given."""
    if (one.check, one.code) == ("dnssec-denial", "wrong-types"):
        return one.value.get("missing") == ("CDS",)
    return (one.check, one.code) in UNSIGNED and str(one.value.get("rrset", "")).endswith("/CDS")


@dataclass(frozen=True, slots=True)
class _Before:
    """What stands now, as the last stored run saw it: its findings, and what the zone's servers answered."""

    findings: tuple[Finding, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    hosts: tuple[Host, ...] = ()
    lookups: Mapping[tuple[Name, int], Lookup] = field(default_factory=dict)


def _before(store: Store | None, seen: ZoneObservation, *, viewer: Viewer) -> _Before:
    if store is None:
        return _Before()
    with store.read() as connection:
        known = tuple(one for one, _ in findings.current(connection, viewer=viewer, subjects=[Subject("zone", seen.name)]) if one.view == seen.view)
        newest = sorted(known, key=lambda one: (one.check.startswith("dnssec-"), one.observed_at), reverse=True)
        pieces = [piece for name in dict.fromkeys(name for one in newest for name in one.evidence) if (piece := stored.find(connection, name, viewer=viewer)) is not None]
        zone = next((one for one in pieces if one.kind == OBSERVATION), None)
        mail = next((one for one in pieces if one.kind == presence_evidence.PRESENCE), None)
        answers = [held for one in (zone,) if one for name in answer_ids(one) if (held := stored.find(connection, name, viewer=viewer)) is not None]
        rests = [held for one in (mail,) if one for name in presence_evidence.piece_ids(one) if (held := stored.find(connection, name, viewer=viewer)) is not None]
    looked = None if zone is None else from_evidence(zone, answers)
    met = None if mail is None else presence_evidence.from_evidence(mail, rests)
    return _Before(
        known, () if looked is None else tuple(each for each in looked.exchanges if each.side == "child"), () if looked is None else looked.hosts,
        {} if met is None else {(one.name, one.type): one for one in met.lookups},
    )  # fmt: skip


def _proposed(above: ZoneObservation, child: tuple[Exchange, ...], ds: tuple[bytes, ...] | None, cds: tuple[bytes, ...]) -> ZoneObservation:
    exchanges = (*(each for each in above.exchanges if each.side != "child"), *child)
    return replace(above, exchanges=with_cds(above.zone, exchanges, cds, above.started_at) if cds else exchanges, ds_given=ds)


def _compared(judged: list[Finding], before: tuple[Finding, ...], checks: set[str]) -> list[Finding]:
    """Each finding with what becomes of it; what would go stands beside, well."""
    stood = {(one.check, one.code) for one in before}
    will = {(one.check, one.code) for one in judged}
    found = [replace(one, value={**one.value, "change": "same" if (one.check, one.code) in stood else "appears"}) for one in judged]
    open_ones = [one for one in before if one.check in checks and (one.check, one.code) not in will and (one.status in {Status.FAILURE, Status.WARNING} or one.severity is Severity.NOTICE)]
    gone = {(one.check, one.code, str(one.subject)): one for one in open_ones}
    return found + [replace(one, status=Status.OK, severity=Severity.INFO, message=f"would go: {one.message}", remedy=None, waiver=None, value={**one.value, "change": "goes"}) for one in gone.values()]

