"""dnssec-ds-digest: every DS has a digest of a kind that resolvers take, and of that kind's length (RFC 9904, 9905)."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import publish_ds, remove_ds
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.dns.records import Dnskey, Ds, ds_line
from samdrift.model.finding import Finding, Reason, Remedy, Severity

DEPRECATED = frozenset({1, 3})
GOOD = frozenset({2, 4, 5, 6})
PRIVATE = frozenset({253, 254})
RESERVED = range(128, 253)
"""IANA's DS digest registry as RFC 9904 left it (2025-11)."""


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """From the records as they came: a digest of type 0 or of a wrong length stops nothing else (D8)."""
    ledger = Ledger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    if not hand.ds_set and not hand.ds_cut:
        if hand.seen.parent_asked and not hand.ds_known:
            ledger.unknown(Reason.NO_WORKING_SERVER, "the parent's servers do not say which DS there are")
            return ledger.findings(well="")
        return ledger.not_applicable(f"{hand.seen.name} has no DS")
    for ds in hand.ds_set:
        _judge_one(ledger, hand, ds)
    for data in hand.ds_cut:
        ledger.note("digest-length", f"a DS record has {len(data)} octets of data, too few for any", part=f"ds-cut-{data.hex()}", rrset=f"{hand.text}/DS", remedy=_right(hand, None))
    if not any(ds.digest_type == 2 for ds in hand.ds_set):
        ledger.note("no-sha256", "no DS has a SHA-256 digest (type 2), the one that every resolver takes", rrset=f"{hand.text}/DS")
    kinds = ", ".join(types.DIGEST_NAMES.get(one, str(one)) for one in sorted({ds.digest_type for ds in hand.ds_set}))
    return ledger.findings(well=f"the digests of DS are well: {kinds}", judged=hand.parent_addresses, rtypes=(types.DS, types.NS))


def _judge_one(ledger: Ledger, hand: ZoneInHand, ds: Ds) -> None:
    name = f"DS {ds.key_tag} has digest type {ds.digest_type}"
    told = types.DIGEST_NAMES.get(ds.digest_type)
    code, what = _kind(ds.digest_type)
    if code is not None:
        _note(ledger, hand, ds, code, f"{name} ({told})" if told else f"{name}, {what}")
    wanted = types.DIGEST_OCTETS.get(ds.digest_type)
    if wanted is not None and len(ds.digest) != wanted:
        _note(ledger, hand, ds, "digest-length", f"{name} and {len(ds.digest)} octets of digest instead of {wanted}")


def _kind(digest_type: int) -> tuple[str | None, str]:
    if digest_type in GOOD:
        return None, ""
    if digest_type == 0:
        return "digest-not-ds", "which means deletion in a CDS and is no digest of a DS"
    if digest_type in DEPRECATED:
        return "digest-deprecated", "which is deprecated"
    if digest_type in PRIVATE:
        return "digest-private", "which is for private use"
    return ("digest-reserved", "which is reserved") if digest_type in RESERVED else ("digest-unassigned", "which is not assigned")


def _note(ledger: Ledger, hand: ZoneInHand, ds: Ds, code: str, message: str) -> None:
    value = {"key_tag": ds.key_tag, "algorithm": ds.algorithm, "digest_type": ds.digest_type}
    ledger.note(code, message, part=f"ds-{ds.key_tag}-{ds.digest_type}", rrset=f"{hand.text}/DS", value=value, remedy=_right(hand, ds))


def _right(hand: ZoneInHand, ds: Ds | None) -> Remedy:
    """The DS with SHA-256 of the live key instead; when that is there already, only take the odd one away."""
    keys: dict[bytes, Dnskey] = {key.data: key for address in hand.speaking for key in hand.keys(address) if key.is_zone_key and (key.key_tag == ds.key_tag if ds else key.is_sep)}
    if ds is not None and (not keys or any(other.key_tag == ds.key_tag and other.digest_type == 2 and other.well_formed for other in hand.ds_set)):
        return remove_ds(hand, ds_line(hand.zone, ds))
    return publish_ds(hand, tuple(keys.values()), "Replace the DS by one with SHA-256")


CHECK = Check(
    id="dnssec-ds-digest",
    category="dnssec",
    title="DS with a sound digest",
    requirement="Every DS has a digest of type 2, 4, 5 or 6 and of that type's length; one of them is SHA-256.",
    remedy="Replace the DS by one with SHA-256 (type 2) of the same key.",
    codes=(
        Code("digest-deprecated", Severity.FAILURE, "A DS has a SHA-1 or GOST 94 digest, which is deprecated.", ("zonemaster:DS01_DS_ALGO_DEPRECATED",)),
        Code("digest-not-ds", Severity.FAILURE, "A DS has digest type 0, which is no digest.", ("zonemaster:DS01_DS_ALGO_NOT_DS",)),
        Code("digest-reserved", Severity.FAILURE, "A DS has a reserved digest type.", ("zonemaster:DS01_DS_ALGO_RESERVED",)),
        Code("digest-unassigned", Severity.FAILURE, "A DS has a digest type that is not assigned.", ("zonemaster:DS01_DS_ALGO_UNASSIGNED",)),
        Code("digest-private", Severity.FAILURE, "A DS has a digest type for private use.", ("zonemaster:DS01_DS_ALGO_PRIVATE",)),
        Code("digest-length", Severity.FAILURE, "The digest of a DS has not the length of its type."),
        Code("no-sha256", Severity.NOTICE, "No DS has a SHA-256 digest.", ("zonemaster:DS01_DS_ALGO_2_MISSING",)),
    ),
    needs=("zone",),
    references=("zonemaster:DNSSEC01", "rfc:9904", "rfc:9905", "rfc:4509"),
    judge=judge,
)
