"""dnssec-ds-matches: a DS at the parent fits a zone key that signs the DNSKEY set, on every server."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.entry import fits, is_rolling_well, weigh_apex
from samdrift.compliance.key_ring import Worth
from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import publish_ds, remove_ds, sign_again
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.dns.records import Dnskey, Ds, ds_line
from samdrift.model.finding import Finding, Reason, Severity


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """Each DS against the keys of each server, and the keys that fit against the signatures over the DNSKEY set; dates left aside."""
    ledger = Ledger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    if not hand.ds_set:
        if hand.seen.parent_asked and not hand.ds_known:
            ledger.unknown(Reason.NO_WORKING_SERVER, "the parent's servers do not say which DS there are")
            return ledger.findings(well="")
        return ledger.not_applicable(f"{hand.seen.name} has no DS")
    computable = [ds for ds in hand.ds_set if ds.digest_type in {1, 2, 4}]
    now, rolling = int(at.timestamp()), is_rolling_well(hand, at)
    if not computable:
        ledger.unknown(Reason.ALGORITHM_UNSUPPORTED, f"no DS has a digest that can be computed here (types {_numbers(hand)})")
        return ledger.findings(well="")
    answering = [address for address in hand.speaking if hand.tells(address, types.DNSKEY)]
    judged = [address for address in answering if hand.keys(address)] or answering
    if not judged:
        ledger.unknown(Reason.NO_DATA, "no server answered the question for DNSKEY")
    for address in judged:
        _judge_server(ledger, hand, address, computable, now, rolling=rolling)
    tags = ", ".join(str(ds.key_tag) for ds in computable)
    return ledger.findings(well=f"DS {tags} fits a key that signs the DNSKEY set", judged=judged, rtypes=(types.DNSKEY,))


def _numbers(hand: ZoneInHand) -> str:
    return ", ".join(str(number) for number in sorted({ds.digest_type for ds in hand.ds_set}))


def _judge_server(ledger: Ledger, hand: ZoneInHand, address: str, wanted: list[Ds], now: int, *, rolling: bool) -> None:
    keys = hand.keys(address)
    valid: list[tuple[Dnskey, Worth]] = []
    for ds in wanted:
        key = _fitting(ledger, hand, address, ds, keys, rolling=rolling)
        if key is None:
            continue
        worth = _signs(hand, address, key, now)
        valid.append((key, worth))
        if worth is Worth.BAD:
            ledger.note("ds-key-silent", f"the key of DS {ds.key_tag} does not sign the DNSKEY set", address=address, part=_part(ds), rrset=f"{hand.text}/DNSKEY", value={"key_tag": ds.key_tag, "algorithm": ds.algorithm}, remedy=sign_again(hand, f"the key {ds.key_tag} must sign the DNSKEY set, for a DS points to it"))
        if not key.is_sep:
            ledger.note("not-sep", f"the key of DS {ds.key_tag} is not marked as secure entry point", address=address, part=_part(ds), rrset=f"{hand.text}/DNSKEY", value={"key_tag": ds.key_tag})
    signing = tuple(key for key in keys if key.is_sep and key.is_zone_key and not key.is_revoked) or tuple(key for key in keys if key.is_zone_key)
    if not valid:
        ledger.note("no-valid-key", "no DS fits a zone key: validating resolvers refuse the whole zone", address=address, rrset=f"{hand.text}/DS", value={"key_tags": tuple(ds.key_tag for ds in wanted)}, remedy=publish_ds(hand, signing, "Publish this DS instead"))
    elif all(worth is Worth.BAD for _, worth in valid):
        ledger.note("not-signed-by-ds", "no key that a DS points to signs the DNSKEY set: validating resolvers refuse the whole zone", address=address, rrset=f"{hand.text}/DNSKEY", value={"key_tags": tuple(key.key_tag for key, _ in valid)}, remedy=sign_again(hand, "a key with a DS must sign the DNSKEY set"))
    elif not any(worth is Worth.GOOD for _, worth in valid):
        costly = any(worth is Worth.TOO_COSTLY for _, worth in valid)
        ledger.unknown(Reason.TOO_COSTLY if costly else Reason.ALGORITHM_UNSUPPORTED, f"the signature over the DNSKEY set {'costs too much to verify' if costly else 'has an algorithm that cannot be computed here'}")


def _part(ds: Ds) -> str:
    return f"ds-{ds.key_tag}-{ds.digest_type}"


def _fitting(ledger: Ledger, hand: ZoneInHand, address: str, ds: Ds, keys: tuple[Dnskey, ...], *, rolling: bool) -> Dnskey | None:
    """The zone key that the DS fits; what stands in the way is noted."""
    value = {"key_tag": ds.key_tag, "algorithm": ds.algorithm, "digest_type": ds.digest_type}
    rrset = f"{hand.text}/DS"
    same_tag = [key for key in keys if key.key_tag == ds.key_tag]
    fitting = [key for key in same_tag if fits(hand, ds, key)]
    good = [key for key in fitting if key.is_zone_key and key.protocol == 3]
    if good:
        return good[0]
    if fitting:
        ledger.note("not-zone-key", f"the key of DS {ds.key_tag} is not marked as a zone key", address=address, part=_part(ds), rrset=f"{hand.text}/DNSKEY", value=value, remedy=remove_ds(hand, ds_line(hand.zone, ds)))
    elif same_tag and ds.well_formed:
        what = "digest" if any(key.algorithm == ds.algorithm for key in same_tag) else "algorithm"
        ledger.note("digest-mismatch", f"DS {ds.key_tag} (digest type {ds.digest_type}): its {what} is not that of the key with this tag", address=address, part=_part(ds), rrset=rrset, value=value, remedy=publish_ds(hand, tuple(same_tag), "Replace the DS by this one"))
    elif not same_tag:
        ledger.note("stale-ds", f"DS {ds.key_tag} points to a key that is not in the zone", address=address, part=_part(ds), rrset=rrset, value=value, remedy=None if rolling else remove_ds(hand, ds_line(hand.zone, ds)), severity=Severity.NOTICE if rolling else None)
    return None


def _signs(hand: ZoneInHand, address: str, key: Dnskey, now: int) -> Worth:
    """Whether a key made one of the signatures over the DNSKEY set: good, bad, or what keeps us from telling."""
    mine = [one for one in weigh_apex(hand, address, types.DNSKEY, now) if (one.signature.key_tag, one.signature.algorithm, one.signature.signer) == (key.key_tag, key.algorithm, hand.zone)]
    if any(one.worth is Worth.GOOD and one.key == key for one in mine):
        return Worth.GOOD
    return next((worth for worth in (Worth.TOO_COSTLY, Worth.UNSUPPORTED) if any(one.worth is worth for one in mine)), Worth.BAD)


CHECK = Check(
    id="dnssec-ds-matches",
    category="dnssec",
    title="DS fits a signing key",
    requirement="A DS at the parent fits a key of the zone that is marked as a zone key and signs the DNSKEY set.",
    remedy="Publish the DS of the key that signs, and take away DS whose key is gone.",
    codes=(
        Code("no-valid-key", Severity.FAILURE, "No DS fits a zone key.", ("zonemaster:DS02_NO_VALID_DNSKEY_FOR_ANY_DS",)),
        Code("not-signed-by-ds", Severity.FAILURE, "No key with a DS signs the DNSKEY set.", ("zonemaster:DS02_DNSKEY_NOT_SIGNED_BY_ANY_DS",)),
        Code("digest-mismatch", Severity.FAILURE, "A DS has the tag of a key but not its digest or algorithm.", ("zonemaster:DS02_NO_MATCH_DS_DNSKEY",)),
        Code("not-zone-key", Severity.FAILURE, "The key of a DS is not marked as a zone key.", ("zonemaster:DS02_DNSKEY_NOT_FOR_ZONE_SIGNING",)),
        Code("stale-ds", Severity.WARNING, "A DS points to a key that is not there.", ("zonemaster:DS02_NO_DNSKEY_FOR_DS",)),
        Code("ds-key-silent", Severity.WARNING, "The key of a DS does not sign the DNSKEY set.", ("zonemaster:DS02_NO_MATCHING_DNSKEY_RRSIG",)),
        Code("not-sep", Severity.NOTICE, "The key of a DS is not marked as secure entry point.", ("zonemaster:DS02_DNSKEY_NOT_SEP",)),
    ),
    needs=("zone",),
    references=("zonemaster:DNSSEC02", "rfc:4035"),
    judge=judge,
)
