"""dnssec-denial: every server proves by NSEC or NSEC3 what is not there, with records that stand in the right place and verify."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from samdrift.compliance.answers import counting
from samdrift.compliance.denial import Denial, Verdict, no_closer_name, no_name, no_type, read_denial
from samdrift.compliance.entry import behind, is_rolling_well, weigh_apex
from samdrift.compliance.key_ring import Worth, holds
from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import fetch_anew, sign_again
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.dns.message import Malformed, Message
from samdrift.model.dns.names import Name, count_labels
from samdrift.model.dns.observation import Exchange
from samdrift.model.dns.probe import is_probe
from samdrift.model.dns.records import Rrsig, read_rrsig
from samdrift.model.finding import Finding, Reason, Severity

KINDS = (types.NSEC, types.NSEC3)
TEXTS = {
    Verdict.NO_PROOF: "is not proven: the records for it are not in the reply",
    Verdict.WRONG_OWNER: "is not proven: the record in the reply stands at another place",
    Verdict.WRONG_TYPES: "is contradicted by the types that the record at the name has",
}
LIMITS = {Verdict.UNSUPPORTED: Reason.ALGORITHM_UNSUPPORTED, Verdict.TOO_COSTLY: Reason.TOO_COSTLY, Worth.UNSUPPORTED: Reason.ALGORITHM_UNSUPPORTED, Worth.TOO_COSTLY: Reason.TOO_COSTLY}


@dataclass(frozen=True, slots=True)
class _Case:
    """One reply that denies something: what was asked, and in words what is not there."""

    name: Name
    rtype: int
    message: Message
    what: str

    @property
    def part(self) -> str:
        """What the finding is about: the apex or the random name."""
        return "apex" if self.what.startswith("type") else "name"


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """Each reply of each server that says "there is none": of types at the apex, and of a random name."""
    ledger = Ledger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    judged = tuple(address for address in hand.speaking if hand.keys(address))
    if not judged:
        return ledger.without_keys()
    used: dict[str, frozenset[int]] = {}
    for address in judged:
        used[address] = _judge_server(ledger, hand, address, int(at.timestamp()))
    _judge_together(ledger, hand, used, rolling=is_rolling_well(hand, at))
    names = " and ".join(sorted({types.type_name(kind) for kinds in used.values() for kind in kinds}))
    return ledger.findings(well=f"absence is proven by {names}", judged=judged, rtypes=(types.UNUSED, types.A))


def _judge_server(ledger: Ledger, hand: ZoneInHand, address: str, now: int) -> frozenset[int]:
    """Judge the server's denials; gives the record types that it proves with."""
    used: set[int] = set()
    wrong: dict[tuple[Verdict, str], list[str]] = {}
    asked = {each.type for each in _questions(hand, address)}
    if types.UNUSED not in asked:
        ledger.unknown(Reason.NO_DATA, f"{address} was not asked for what is not there", part=address)
    for each in _questions(hand, address):
        message = each.whole
        if message is None or message.rcode not in {types.NOERROR, types.NXDOMAIN} or not message.authoritative:
            if each.type == types.UNUSED or is_probe(each.name, hand.zone):
                ledger.unknown(each.failure or Reason.NO_DATA, f"{address} does not answer the question for what is not there", part=address)
            continue
        case = _case(hand, each, message)
        if case is not None:
            used |= {record.type for record in message.authority if record.type in KINDS}
            denial = read_denial(hand.zone, message.authority)
            wrong.setdefault((_verdict(denial, case), case.part), []).append(case.what)
            _judge_types(ledger, hand, address, denial)
            _judge_signatures(ledger, hand, address, case, now)
    if (Verdict.NO_PROOF, "apex") in wrong and (Verdict.WRONG_OWNER, "name") in wrong:  # without the apex's own record a server falls back on any other
        wrong.setdefault((Verdict.NO_PROOF, "name"), []).extend(wrong.pop((Verdict.WRONG_OWNER, "name")))
    for (verdict, part), what in wrong.items():
        _note(ledger, hand, address, verdict, part, what)
    if set(KINDS) <= used:
        ledger.note("mixed", "the server proves by NSEC and by NSEC3", address=address, remedy=sign_again(hand, "NSEC and NSEC3 are mixed"))
    return frozenset(used)


def _questions(hand: ZoneInHand, address: str) -> Iterator[Exchange]:
    """The exchanges with a server that count, about the apex and the random name."""
    for each in counting(hand, address):
        if each.name == hand.zone or is_probe(each.name, hand.zone):
            yield each


def _case(hand: ZoneInHand, each: Exchange, message: Message) -> _Case | None:
    """What a reply denies; None when it gives what was asked and nothing need be proven."""
    if not message.answer:
        return _Case(each.name, each.type, message, f"type {types.type_name(each.type)}" if each.name == hand.zone else "a name")
    if each.name != hand.zone and _from_wildcard(message, each.name) is not None:
        return _Case(each.name, each.type, message, "a name nearer than the wildcard")
    return None


def _from_wildcard(message: Message, name: Name) -> int | None:
    """The labels that an answer's signature counts, when these are fewer than the name has."""
    for record in message.answer:
        if record.type == types.RRSIG and record.owner == name:
            try:
                counted = read_rrsig(record.data).labels
            except Malformed:
                continue
            return counted if counted < count_labels(name) else None
    return None


def _note(ledger: Ledger, hand: ZoneInHand, address: str, verdict: Verdict, part: str, what: list[str]) -> None:
    """What one verdict says of all that it was given for."""
    if verdict in LIMITS:
        ledger.unknown(LIMITS[verdict], f"what {address} says is not there cannot be judged ({LIMITS[verdict]})", part=address)
    elif verdict in TEXTS:
        text = f"that there is no {', '.join(dict.fromkeys(one.removeprefix('a ') for one in what))} {'at the apex ' if part == 'apex' else ''}{TEXTS[verdict]}"
        ledger.note(str(verdict), text, address=address, part=part, rrset=f"{hand.text}/NSEC", remedy=sign_again(hand, text))


def _verdict(denial: Denial, case: _Case) -> Verdict:
    if case.message.answer:
        return no_closer_name(denial, case.name, _from_wildcard(case.message, case.name) or 0)
    return no_name(denial, case.name) if case.message.rcode == types.NXDOMAIN else no_type(denial, case.name, case.rtype)


def _judge_types(ledger: Ledger, hand: ZoneInHand, address: str, denial: Denial) -> None:
    """The record at the apex has every type that the server gives there."""
    here = denial.at(hand.zone) if denial.limit is None else None
    if here is None:
        return
    given = {each.type for each in counting(hand, address) if each.name == hand.zone and hand.rrset(address, each.type)} | {types.RRSIG}
    given |= {types.NSEC} if denial.nsec else set()
    missing = sorted(given - here.types)
    if missing:
        names = ", ".join(types.type_name(one) for one in missing)
        text = f"the {'NSEC' if denial.nsec else 'NSEC3'} at the apex says that there is no {names}, which the server gives"
        ledger.note("wrong-types", text, address=address, part="apex-types", rrset=f"{hand.text}/{'NSEC' if denial.nsec else 'NSEC3'}", value={"missing": tuple(types.type_name(one) for one in missing)}, remedy=sign_again(hand, text))


def _judge_signatures(ledger: Ledger, hand: ZoneInHand, address: str, case: _Case, now: int) -> None:
    """Each record that proves verifies; where the zone's other signatures have run out too, only dnssec-rrsig-valid says so."""
    in_force = holds(weigh_apex(hand, address, types.SOA, now), now)
    for owner, rtype in dict.fromkeys((record.owner, record.type) for record in case.message.authority if record.type in KINDS):
        rrset = tuple(record for record in case.message.authority if (record.owner, record.type) == (owner, rtype))
        weighed = hand.rings[address].weigh(rrset, _signatures(case.message, owner, rtype), now)
        good = holds(weighed, now) if in_force else any(one.worth is Worth.GOOD for one in weighed)
        if good:
            continue
        limit = next((LIMITS[one.worth] for one in weighed if one.worth in LIMITS), None)
        name = types.type_name(rtype)
        if limit is not None:
            ledger.unknown(limit, f"the signature over {name} could not be judged ({limit})", part=name)
            continue
        text = f"the {name} that should prove something " + ("does not verify" if weighed else "has no signature")
        ledger.note("unverified", text, address=address, part=name, rrset=f"{hand.text}/{name}", remedy=sign_again(hand, text))


def _signatures(message: Message, owner: Name, covered: int) -> list[Rrsig]:
    found = []
    for record in message.signatures(owner, covered, section=message.authority):
        try:
            found.append(read_rrsig(record.data))
        except Malformed:
            continue
    return found


def _judge_together(ledger: Ledger, hand: ZoneInHand, used: dict[str, frozenset[int]], *, rolling: bool) -> None:
    """All servers prove by the same kind of record."""
    kinds = {address: held for address, held in used.items() if len(held) == 1}
    if len(set(kinds.values())) < 2:
        return
    usual = max(set(kinds.values()), key=lambda one: (sum(held == one for held in kinds.values()), sorted(one)))
    late = behind(hand)
    for address, held in kinds.items():
        if held != usual:
            name, others = (types.type_name(next(iter(one))) for one in (held, usual))
            notice = rolling and bool(late)
            ledger.note("servers-differ", f"this server proves by {name}, others by {others}", address=address, part="kind", remedy=fetch_anew(hand, address, f"It proves by {name}"), severity=Severity.NOTICE if notice else None)


CHECK = Check(
    id="dnssec-denial",
    category="dnssec",
    title="Absence is proven",
    requirement="Every server proves by NSEC or NSEC3 that a type or a name is not there, by records that verify, name the right types and are of one kind.",
    remedy="Sign the zone anew, and let every server fetch it.",
    codes=(
        Code("no-proof", Severity.FAILURE, "A reply lacks the NSEC or NSEC3 that prove it.", ("zonemaster:DS10_EXPECTED_NSEC_NSEC3_MISSING",)),
        Code("wrong-types", Severity.FAILURE, "The types of an NSEC or NSEC3 are not those of the name.", ("zonemaster:DS10_NSEC_ERR_TYPE_LIST", "zonemaster:DS10_NSEC3_ERR_TYPE_LIST")),
        Code("wrong-owner", Severity.FAILURE, "An NSEC or NSEC3 in a reply stands at another place than it must.", ("zonemaster:DS10_NSEC_MISMATCHES_APEX", "zonemaster:DS10_NSEC3_MISMATCHES_APEX")),
        Code("unverified", Severity.FAILURE, "An NSEC or NSEC3 has no signature that verifies.", ("zonemaster:DS10_NSEC_MISSING_SIGNATURE", "zonemaster:DS10_NSEC3_MISSING_SIGNATURE", "zonemaster:DS10_NSEC_NO_VERIFIED_SIGNATURE", "zonemaster:DS10_NSEC3_NO_VERIFIED_SIGNATURE", "zonemaster:DS10_NSEC_RRSIG_EXPIRED", "zonemaster:DS10_NSEC_RRSIG_NOT_YET_VALID", "zonemaster:DS10_NSEC_RRSIG_NO_DNSKEY", "zonemaster:DS10_NSEC_RRSIG_VERIFY_ERROR", "zonemaster:DS10_NSEC3_RRSIG_EXPIRED", "zonemaster:DS10_NSEC3_RRSIG_NOT_YET_VALID", "zonemaster:DS10_NSEC3_RRSIG_NO_DNSKEY", "zonemaster:DS10_NSEC3_RRSIG_VERIFY_ERROR")),
        Code("mixed", Severity.FAILURE, "One server uses NSEC and NSEC3.", ("zonemaster:DS10_MIXED_NSEC_NSEC3",)),
        Code("servers-differ", Severity.FAILURE, "Some servers use NSEC, others NSEC3.", ("zonemaster:DS10_INCONSISTENT_NSEC_NSEC3", "zonemaster:DS03_SERVER_NO_NSEC3")),
    ),
    needs=("zone", "zone.denial"),
    references=("zonemaster:DNSSEC10", "rfc:4035", "rfc:5155"),
    judge=judge,
)
