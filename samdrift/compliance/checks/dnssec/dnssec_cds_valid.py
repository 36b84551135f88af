"""dnssec-cds-valid: CDS and CDNSKEY are signed, are of keys of the zone, and ask for one thing (RFC 7344 4.1, 8078 4)."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.cds import KINDS, Wish, seconds, wishes, without_wish
from samdrift.compliance.entry import fits, weigh_apex
from samdrift.compliance.key_ring import Worth, holds, in_force
from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import sign_again, sign_first
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.dns.records import Dnskey, Ds
from samdrift.model.finding import Finding, Reason, Severity


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """Each server's sets against its own keys."""
    ledger = Ledger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    held = wishes(hand)
    if not held:
        return without_wish(ledger, hand)
    for address, wish in held.items():
        _judge_deletes(ledger, hand, address, wish)
        if not hand.keys(address):
            if hand.tells(address, types.DNSKEY):
                ledger.note("without-dnskey", "there is a CDS or CDNSKEY, but the zone is not signed", address=address, rrset=f"{hand.text}/CDS", remedy=sign_first(hand))
            continue
        for kind in (kind for kind, count in zip(KINDS, wish.counts, strict=True) if count):
            _judge_signatures(ledger, hand, address, kind, seconds(at))
        for ds in wish.cds:
            _judge_cds(ledger, hand, address, ds)
        for key in wish.cdnskey:
            _judge_cdnskey(ledger, hand, address, key)
    return ledger.findings(well="CDS and CDNSKEY are signed and of the zone's keys", judged=tuple(held), rtypes=KINDS)


def _judge_deletes(ledger: Ledger, hand: ZoneInHand, address: str, wish: Wish) -> None:
    for kind, count in zip(KINDS, wish.counts, strict=True):
        if kind in wish.deletes:
            name = types.type_name(kind)
            if count > 1:
                text = f"{name} asks for deletion and for more beside it"
                ledger.note("mixed-delete", text, address=address, part=name, rrset=f"{hand.text}/{name}", remedy=sign_again(hand, f"take away either the delete record or the other {name} records"))
            else:
                ledger.note("delete", f"{name} asks the parent to remove every DS: the zone will not be validated any more", address=address, part=name, rrset=f"{hand.text}/{name}")


def _judge_signatures(ledger: Ledger, hand: ZoneInHand, address: str, kind: int, now: int) -> None:
    name, weighed = types.type_name(kind), weigh_apex(hand, address, kind, now)
    if not weighed:
        ledger.note("unsigned", f"{name} has no signature", address=address, part=name, rrset=f"{hand.text}/{name}", remedy=sign_again(hand, f"{name} has no signature"))
    elif not holds(weighed, now):
        limits = {Worth.UNSUPPORTED: Reason.ALGORITHM_UNSUPPORTED, Worth.TOO_COSTLY: Reason.TOO_COSTLY}
        limit = next((limits[one.worth] for one in weighed if one.worth in limits and in_force(one.signature, now)), None)
        if limit is not None:
            ledger.unknown(limit, f"the signatures over {name} could not be judged ({limit})", part=name)
            return
        text = f"no signature over {name} verifies and is in force"
        ledger.note("invalid-rrsig", text, address=address, part=name, rrset=f"{hand.text}/{name}", remedy=sign_again(hand, text))


def _judge_cds(ledger: Ledger, hand: ZoneInHand, address: str, ds: Ds) -> None:
    part, rrset = f"cds-{ds.key_tag}-{ds.digest_type}", f"{hand.text}/CDS"
    value = {"key_tag": ds.key_tag, "algorithm": ds.algorithm, "digest_type": ds.digest_type}
    if ds.digest_type == 0:
        text = f"CDS {ds.key_tag} has digest type 0 and is no delete record"
        ledger.note("digest-not-ds", text, address=address, part=part, rrset=rrset, value=value, remedy=sign_again(hand, text))
        return
    wanted = types.DIGEST_OCTETS.get(ds.digest_type)
    if wanted is not None and len(ds.digest) != wanted:
        text = f"CDS {ds.key_tag} has digest type {ds.digest_type} and {len(ds.digest)} octets of digest instead of {wanted}"
        ledger.note("digest-length", text, address=address, part=part, rrset=rrset, value=value, remedy=sign_again(hand, text))
        return
    same = [key for key in hand.keys(address) if (key.key_tag, key.algorithm) == (ds.key_tag, ds.algorithm)]
    fitting = [key for key in same if ds.digest_type not in {1, 2, 4} or fits(hand, ds, key)]
    _judge_key(ledger, hand, address, fitting, (f"CDS {ds.key_tag}", part, rrset, value))


def _judge_cdnskey(ledger: Ledger, hand: ZoneInHand, address: str, wanted: Dnskey) -> None:
    fitting = [key for key in hand.keys(address) if key.data == wanted.data]
    value = {"key_tag": wanted.key_tag, "algorithm": wanted.algorithm}
    _judge_key(ledger, hand, address, fitting, (f"CDNSKEY {wanted.key_tag}", f"cdnskey-{wanted.key_tag}", f"{hand.text}/CDNSKEY", value))


def _judge_key(ledger: Ledger, hand: ZoneInHand, address: str, fitting: list[Dnskey], told: tuple[str, str, str, dict[str, int]]) -> None:
    name, part, rrset, value = told
    if not fitting:
        ledger.note("matches-no-key", f"{name} is of no key of the zone", address=address, part=part, rrset=rrset, value=value, remedy=sign_again(hand, f"{name} is of no key of the zone"))
    elif not any(key.is_zone_key for key in fitting):
        ledger.note("not-zone-key", f"{name} is of a key that is not marked as a zone key", address=address, part=part, rrset=rrset, value=value, remedy=sign_again(hand, f"{name} must be of a zone key"))


CHECK = Check(
    id="dnssec-cds-valid",
    category="dnssec",
    title="CDS and CDNSKEY sound",
    requirement="CDS and CDNSKEY are signed, are of zone keys in the zone, and do not ask for deletion and more at once.",
    remedy="Let the signer make CDS and CDNSKEY, and sign the zone anew.",
    codes=(
        Code("unsigned", Severity.FAILURE, "CDS or CDNSKEY has no signature.", ("zonemaster:DS16_CDS_UNSIGNED", "zonemaster:DS17_CDNSKEY_UNSIGNED")),
        Code("invalid-rrsig", Severity.FAILURE, "No signature over CDS or CDNSKEY verifies.", ("zonemaster:DS16_CDS_INVALID_RRSIG", "zonemaster:DS17_CDNSKEY_INVALID_RRSIG")),
        Code("without-dnskey", Severity.FAILURE, "There is a CDS or CDNSKEY in a zone without keys.", ("zonemaster:DS16_CDS_WITHOUT_DNSKEY", "zonemaster:DS17_CDNSKEY_WITHOUT_DNSKEY")),
        Code("not-zone-key", Severity.FAILURE, "A CDS or CDNSKEY is of a key without the zone bit.", ("zonemaster:DS16_CDS_MATCHES_NON_ZONE_DNSKEY", "zonemaster:DS17_CDNSKEY_IS_NON_ZONE")),
        Code("mixed-delete", Severity.FAILURE, "A set asks for deletion and for more.", ("zonemaster:DS16_MIXED_DELETE_CDS", "zonemaster:DS17_MIXED_DELETE_CDNSKEY")),
        Code("digest-not-ds", Severity.FAILURE, "A CDS has digest type 0 and is no delete record."),
        Code("digest-length", Severity.FAILURE, "The digest of a CDS has not the length of its type."),
        Code("matches-no-key", Severity.WARNING, "A CDS or CDNSKEY is of no key of the zone.", ("zonemaster:DS16_CDS_MATCHES_NO_DNSKEY", "zonemaster:DS17_CDNSKEY_MATCHES_NO_DNSKEY")),
        Code("delete", Severity.NOTICE, "The zone asks for its DS to be removed.", ("zonemaster:DS16_DELETE_CDS", "zonemaster:DS17_DELETE_CDNSKEY")),
    ),
    needs=("zone", "zone.cds"),
    references=("zonemaster:DNSSEC16", "zonemaster:DNSSEC17", "rfc:7344", "rfc:8078"),
    judge=judge,
)
