"""dnssec-cds-same: CDS and CDNSKEY say the same, on every server, under the signature of a key that the parent knows (RFC 7344 4)."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.cds import KINDS, Wish, agree, seconds, wishes, without_wish
from samdrift.compliance.entry import behind, fits, is_rolling_well, weigh_apex
from samdrift.compliance.key_ring import Worth
from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import fetch_anew, sign_again
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.finding import Finding, Severity


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """Servers among themselves, the one set with the other, and both against the DS that stand."""
    ledger = Ledger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    held = wishes(hand)
    if not held:
        return without_wish(ledger, hand)
    _judge_servers(ledger, hand, held, rolling=is_rolling_well(hand, at))
    for address, wish in held.items():
        _judge_sets(ledger, hand, address, wish)
        _judge_signer(ledger, hand, address, wish, seconds(at))
    return ledger.findings(well="CDS and CDNSKEY say the same everywhere", judged=tuple(held), rtypes=KINDS)


def _judge_servers(ledger: Ledger, hand: ZoneInHand, held: dict[str, Wish], *, rolling: bool) -> None:
    told = {address: held[address].all if address in held else None for address in hand.speaking if address in held or all(hand.tells(address, kind) for kind in KINDS)}
    if len(set(told.values())) < 2:
        return
    late = behind(hand)
    usual = max(set(told.values()), key=lambda one: (sum(mine == one for mine in told.values()), sum(told[a] == one and a not in late for a in told), repr(one)))
    for address, mine in told.items():
        if mine != usual:
            notice = rolling and bool(late)
            text = "this server gives other CDS or CDNSKEY than the others" if mine else "this server gives no CDS or CDNSKEY, others do"
            ledger.note("servers-differ", text, address=address, part="sets", rrset=f"{hand.text}/CDS", remedy=fetch_anew(hand, address, "It has other CDS"), severity=Severity.NOTICE if notice else None)


def _judge_sets(ledger: Ledger, hand: ZoneInHand, address: str, wish: Wish) -> None:
    cds, cdnskey = wish.counts
    if cds and not cdnskey:
        ledger.note("only-cds", "there is a CDS, but no CDNSKEY", address=address, rrset=f"{hand.text}/CDNSKEY")
    elif cdnskey and not cds:
        ledger.note("only-cdnskey", "there is a CDNSKEY, but no CDS", address=address, rrset=f"{hand.text}/CDS")
    elif not agree(hand, wish):
        text = "CDS and CDNSKEY are not of the same keys"
        ledger.note("cds-cdnskey-differ", text, address=address, rrset=f"{hand.text}/CDS", remedy=sign_again(hand, text))


def _judge_signer(ledger: Ledger, hand: ZoneInHand, address: str, wish: Wish, now: int) -> None:
    """RFC 7344 4.1: signed by a key that is in the DNSKEY set and that a DS points to; without DS there is none yet."""
    if not hand.ds_set:
        return
    for kind, count in zip(KINDS, wish.counts, strict=True):
        weighed = weigh_apex(hand, address, kind, now) if count else ()
        good = [one.key for one in weighed if one.worth is Worth.GOOD and one.key is not None]
        if good and not any(fits(hand, ds, key) for ds in hand.ds_set for key in good):
            name = types.type_name(kind)
            text = f"{name} is signed by key {', '.join(str(key.key_tag) for key in good)}, which no DS points to"
            ledger.note("not-by-ds-key", text, address=address, part=name, rrset=f"{hand.text}/{name}", value={"key_tags": tuple(key.key_tag for key in good)}, remedy=sign_again(hand, f"{name} must be signed by a key that a DS points to"))


CHECK = Check(
    id="dnssec-cds-same",
    category="dnssec",
    title="CDS and CDNSKEY alike",
    requirement="CDS and CDNSKEY are of the same keys, the same on every server, and signed by a key that a DS points to.",
    remedy="Sign the zone anew on its primary and let every server fetch it.",
    codes=(
        Code("servers-differ", Severity.FAILURE, "Servers give different CDS or CDNSKEY sets.", ("zonemaster:DS15_INCONSISTENT_CDS", "zonemaster:DS15_INCONSISTENT_CDNSKEY")),
        Code("cds-cdnskey-differ", Severity.FAILURE, "CDS and CDNSKEY are not of the same keys.", ("zonemaster:DS15_MISMATCH_CDS_CDNSKEY",)),
        Code("only-cds", Severity.NOTICE, "There is a CDS without CDNSKEY.", ("zonemaster:DS15_HAS_CDS_NO_CDNSKEY",)),
        Code("only-cdnskey", Severity.NOTICE, "There is a CDNSKEY without CDS.", ("zonemaster:DS15_HAS_CDNSKEY_NO_CDS",)),
        Code("not-by-ds-key", Severity.FAILURE, "CDS or CDNSKEY is signed by no key that a DS points to.", ("zonemaster:DS18_NO_MATCH_CDS_RRSIG_DS", "zonemaster:DS18_NO_MATCH_CDNSKEY_RRSIG_DS")),
    ),
    needs=("zone", "zone.cds"),
    references=("zonemaster:DNSSEC15", "zonemaster:DNSSEC18", "rfc:7344"),
    judge=judge,
)
