"""dnssec-ds-matches: a DS at the parent fits a zone key that signs the DNSKEY set, on every server."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import publish_ds, remove_ds, sign_again
from samdrift.compliance.signatures import Proof, verify
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.dns.records import Dnskey, Ds, ds_line, make_ds
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
    if not computable:
        ledger.unknown(Reason.ALGORITHM_UNSUPPORTED, f"no DS has a digest that can be computed here (types {_numbers(hand)})")
        return ledger.findings(well="")
    answering = [address for address in hand.speaking if _asked_keys(hand, address)]
    judged = [address for address in answering if hand.keys(address)] or answering
    if not judged:
        ledger.unknown(Reason.NO_DATA, "no server answered the question for DNSKEY")
    for address in judged:
        _judge_server(ledger, hand, address, computable)
    tags = ", ".join(str(ds.key_tag) for ds in computable)
    return ledger.findings(well=f"DS {tags} fits a key that signs the DNSKEY set", judged=judged, rtypes=(types.DNSKEY,))


def _numbers(hand: ZoneInHand) -> str:
    return ", ".join(str(number) for number in sorted({ds.digest_type for ds in hand.ds_set}))


def _asked_keys(hand: ZoneInHand, address: str) -> bool:
    message = hand.message("child", address, types.DNSKEY)
    return message is not None and message.rcode == types.NOERROR and message.authoritative


def _judge_server(ledger: Ledger, hand: ZoneInHand, address: str, wanted: list[Ds]) -> None:
    keys = hand.keys(address)
    valid, silent, undecided = [], [], False
    for ds in wanted:
        key = _fitting(ledger, hand, address, ds, keys)
        if key is None:
            continue
        valid.append(key)
        proof = _signs(hand, address, key)
        undecided = undecided or proof is Proof.UNSUPPORTED
        if proof is Proof.BAD:
            silent.append(key)
            ledger.note("ds-key-silent", f"the key of DS {ds.key_tag} does not sign the DNSKEY set", address=address, part=_part(ds), rrset=f"{hand.text}/DNSKEY", value={"key_tag": ds.key_tag, "algorithm": ds.algorithm}, remedy=sign_again(hand, f"the key {ds.key_tag} must sign the DNSKEY set, for a DS points to it"))
        if not key.is_sep:
            ledger.note("not-sep", f"the key of DS {ds.key_tag} is not marked as secure entry point", address=address, part=_part(ds), rrset=f"{hand.text}/DNSKEY", value={"key_tag": ds.key_tag})
    signing = tuple(key for key in keys if key.is_sep and key.is_zone_key and not key.is_revoked) or tuple(key for key in keys if key.is_zone_key)
    if not valid:
        ledger.note("no-valid-key", "no DS fits a zone key: validating resolvers refuse the whole zone", address=address, rrset=f"{hand.text}/DS", value={"key_tags": tuple(ds.key_tag for ds in wanted)}, remedy=publish_ds(hand, signing, "Publish this DS instead"))
    elif len(silent) == len(valid):
        ledger.note("not-signed-by-ds", "no key that a DS points to signs the DNSKEY set: validating resolvers refuse the whole zone", address=address, rrset=f"{hand.text}/DNSKEY", value={"key_tags": tuple(key.key_tag for key in valid)}, remedy=sign_again(hand, "a key with a DS must sign the DNSKEY set"))
    elif undecided and not any(_signs(hand, address, key) is Proof.GOOD for key in valid):
        ledger.unknown(Reason.ALGORITHM_UNSUPPORTED, "the signature over the DNSKEY set has an algorithm that cannot be computed here")


def _part(ds: Ds) -> str:
    return f"ds-{ds.key_tag}-{ds.digest_type}"


def _fitting(ledger: Ledger, hand: ZoneInHand, address: str, ds: Ds, keys: tuple[Dnskey, ...]) -> Dnskey | None:
    """The zone key that the DS fits; what stands in the way is noted."""
    value = {"key_tag": ds.key_tag, "algorithm": ds.algorithm, "digest_type": ds.digest_type}
    rrset = f"{hand.text}/DS"
    same_tag = [key for key in keys if key.key_tag == ds.key_tag]
    fits = [key for key in same_tag if key.algorithm == ds.algorithm and (made := make_ds(hand.zone, key, ds.digest_type)) is not None and made.digest == ds.digest]
    good = [key for key in fits if key.is_zone_key and key.protocol == 3]
    if good:
        return good[0]
    if fits:
        ledger.note("not-zone-key", f"the key of DS {ds.key_tag} is not marked as a zone key", address=address, part=_part(ds), rrset=f"{hand.text}/DNSKEY", value=value, remedy=remove_ds(hand, ds_line(hand.zone, ds)))
    elif same_tag and ds.well_formed:
        what = "digest" if any(key.algorithm == ds.algorithm for key in same_tag) else "algorithm"
        ledger.note("digest-mismatch", f"DS {ds.key_tag} (digest type {ds.digest_type}): its {what} is not that of the key with this tag", address=address, part=_part(ds), rrset=rrset, value=value, remedy=publish_ds(hand, tuple(same_tag), "Replace the DS by this one"))
    elif not same_tag:
        ledger.note("stale-ds", f"DS {ds.key_tag} points to a key that is not in the zone", address=address, part=_part(ds), rrset=rrset, value=value, remedy=remove_ds(hand, ds_line(hand.zone, ds)))
    return None


def _signs(hand: ZoneInHand, address: str, key: Dnskey) -> Proof:
    """Whether a key made one of the signatures over the DNSKEY set."""
    rrset = hand.rrset(address, types.DNSKEY)
    proofs = [verify(rrset, signature, key) for signature in hand.signatures(address, types.DNSKEY) if (signature.key_tag, signature.algorithm, signature.signer) == (key.key_tag, key.algorithm, hand.zone)]
    if Proof.GOOD in proofs:
        return Proof.GOOD
    return Proof.UNSUPPORTED if Proof.UNSUPPORTED in proofs else Proof.BAD


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
