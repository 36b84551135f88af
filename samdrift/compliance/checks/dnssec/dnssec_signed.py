"""dnssec-signed: the zone is signed on every server, with the same keys, and every server of the parent has the same DS."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from samdrift.compliance.entry import behind, is_rolling_well
from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import REGISTRAR, fetch_anew, remove_ds, sign_first
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.dns.names import ROOT
from samdrift.model.dns.records import ds_line
from samdrift.model.finding import Finding, Reason, Remedy, Severity


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """Servers among themselves, the parent's servers among themselves, and the one side with the other."""
    ledger = Ledger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    told = tuple(address for address in hand.speaking if hand.tells(address, types.DNSKEY))
    for address in sorted(set(hand.speaking) - set(told)):
        ledger.unknown(_why(hand, address), f"{address} does not answer the question for DNSKEY", part=address)
    signed = tuple(address for address in told if hand.keys(address))
    _judge_parents(ledger, hand)
    if signed:
        _judge_servers(ledger, hand, told, signed, rolling=is_rolling_well(hand, at))
    elif told:
        _judge_unsigned(ledger, hand)
        if not ledger.noted and hand.terms.dnssec == "none":
            return ledger.not_applicable(f"{hand.seen.name} is not signed, and need not be")
    return ledger.findings(well=f"{hand.seen.name} is signed alike on every server, and has a DS" if hand.ds_set else f"{hand.seen.name} is signed alike on every server", judged=told, rtypes=(types.DNSKEY,))


def _why(hand: ZoneInHand, address: str) -> Reason:
    exchange = hand.exchange("child", address, types.DNSKEY)
    return (exchange.failure if exchange else None) or Reason.NO_DATA


def _judge_parents(ledger: Ledger, hand: ZoneInHand) -> None:
    sets = {address: held for address in hand.parent_addresses if (held := hand.ds_at(address)) is not None}
    if len(set(sets.values())) < 2:
        return
    usual, _ = Counter(sorted(sets.values(), key=repr)).most_common(1)[0]
    for address, held in sets.items():
        if held != usual:
            tags = ", ".join(str(ds.key_tag) for ds in held) or "none"
            ledger.note("parents-differ", f"the parent's server {address} gives other DS than its other servers: {tags}", part=f"parent-{address}", rrset=f"{hand.text}/DS", value={"parent_address": address, "key_tags": tuple(ds.key_tag for ds in held)}, remedy=Remedy(f"Tell the registry that its server {address} has other DS records of {hand.seen.name} than the others", by=REGISTRAR))


def _judge_servers(ledger: Ledger, hand: ZoneInHand, told: tuple[str, ...], signed: tuple[str, ...], *, rolling: bool) -> None:
    for address in told:
        if address not in signed:
            ledger.note("servers-differ", "this server gives the zone without keys, others give it signed", address=address, rrset=f"{hand.text}/DNSKEY", remedy=fetch_anew(hand, address, "It has an unsigned version"))
    keys = {address: frozenset(key.data for key in hand.keys(address)) for address in signed}
    if len(set(keys.values())) > 1:
        late = behind(hand)
        usual = max(set(keys.values()), key=lambda held: (sum(one == held for one in keys.values()), sum(keys[a] == held and a not in late for a in keys), sorted(held)))
        for address in signed:
            if keys[address] != usual:
                tags = tuple(sorted(key.key_tag for key in hand.keys(address)))
                notice = rolling and (address in late or any(keys[other] == usual and other in late for other in signed))
                ledger.note("keys-differ", f"this server gives other keys than the others: {', '.join(map(str, tags))}", address=address, rrset=f"{hand.text}/DNSKEY", value={"key_tags": tags}, remedy=fetch_anew(hand, address, "It has another set of keys"), severity=Severity.NOTICE if notice else None)
    if not hand.ds_set and hand.ds_known and hand.zone != ROOT and not _is_island(hand):
        entries = tuple({key.data: key for address in signed for key in hand.keys(address) if key.is_sep and key.is_zone_key}.values()) or hand.keys(signed[0])
        ledger.note("signed-no-ds", "the zone is signed, but the parent has no DS: nobody validates it", rrset=f"{hand.text}/DS", remedy=sign_first(hand, entries))


def _is_island(hand: ZoneInHand) -> bool:
    """Whether a trust anchor is the zone's own, so that it needs no DS."""
    return any(anchor.owner == hand.zone for anchor in hand.seen.facts.anchors or ())


def _judge_unsigned(ledger: Ledger, hand: ZoneInHand) -> None:
    if hand.ds_set:
        ledger.note("ds-not-signed", "the parent has a DS, but the zone is not signed: validating resolvers refuse the whole zone", rrset=f"{hand.text}/DS", value={"key_tags": tuple(ds.key_tag for ds in hand.ds_set)}, remedy=remove_ds(hand, "\n".join(ds_line(hand.zone, ds) for ds in hand.ds_set)))
    elif hand.terms.dnssec != "none":
        required = hand.terms.dnssec == "required"
        ledger.note("not-signed", "the zone is not signed", rrset=f"{hand.text}/DNSKEY", remedy=sign_first(hand), severity=Severity.FAILURE if required else None)


CHECK = Check(
    id="dnssec-signed",
    category="dnssec",
    title="Signed on every server",
    requirement="The zone is signed on every server with the same keys, the parent has a DS for it, the same on all of the parent's servers.",
    remedy="Sign the zone on its primary, let every server fetch it, and have the DS published.",
    codes=(
        Code("not-signed", Severity.WARNING, "The zone is not signed (a failure where the inventory requires it).", ("zonemaster:DS07_NOT_SIGNED",)),
        Code("signed-no-ds", Severity.WARNING, "The zone is signed, but the parent has no DS.", ("zonemaster:DS07_NO_DS_FOR_SIGNED_ZONE",)),
        Code("ds-not-signed", Severity.FAILURE, "The parent has a DS, but the zone is not signed.", ("zonemaster:DS11_DS_BUT_UNSIGNED_ZONE",)),
        Code("servers-differ", Severity.FAILURE, "Some servers give the zone signed, others unsigned.", ("zonemaster:DS07_INCONSISTENT_SIGNED", "zonemaster:DS11_INCONSISTENT_SIGNED_ZONE")),
        Code("keys-differ", Severity.FAILURE, "Servers give different DNSKEY sets."),
        Code("parents-differ", Severity.FAILURE, "The parent's servers give different DS sets.", ("zonemaster:DS07_INCONSISTENT_DS", "zonemaster:DS11_INCONSISTENT_DS")),
    ),
    needs=("zone",),
    references=("zonemaster:DNSSEC07", "zonemaster:DNSSEC11", "internetnl:dnssec_exists", "rfc:9364"),
    judge=judge,
)
