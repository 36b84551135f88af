"""dnssec-all-algorithms: the DNSKEY, SOA and NS sets bear a signature of each algorithm among the keys, on every server (RFC 6840 5.11)."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.entry import is_rolling_well
from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import sign_again
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.finding import Finding, Severity

KINDS = (types.DNSKEY, types.SOA, types.NS)


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """Algorithms of zone keys that are not revoked, against those of the signatures; whether these verify is dnssec-rrsig-valid's matter."""
    ledger = Ledger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    judged = tuple(address for address in hand.speaking if hand.keys(address))
    if not judged:
        return ledger.without_keys()
    rolling = is_rolling_well(hand, at)
    for address in judged:
        wanted = {key.algorithm for key in hand.keys(address) if key.is_zone_key and not key.is_revoked}
        for kind in KINDS:
            made = {signature.algorithm for signature in hand.signatures(address, kind)}
            if made:
                for algorithm in sorted(wanted - made):
                    _note(ledger, hand, address, kind, algorithm, rolling=rolling)
    numbers = sorted({key.algorithm for address in judged for key in hand.keys(address)})
    return ledger.findings(well=f"all is signed with algorithm {', '.join(map(str, numbers))}", judged=judged, rtypes=KINDS)


def _note(ledger: Ledger, hand: ZoneInHand, address: str, kind: int, algorithm: int, *, rolling: bool) -> None:
    name = types.type_name(kind)
    text = f"{name} bears no signature of algorithm {algorithm}, which the zone has a key of"
    ledger.note(
        "algorithm-missing", text, address=address, part=f"{name}-{algorithm}", rrset=f"{hand.text}/{name}", value={"algorithm": algorithm},
        remedy=None if rolling else sign_again(hand, text), severity=Severity.NOTICE if rolling else None,
    )  # fmt: skip


CHECK = Check(
    id="dnssec-all-algorithms",
    category="dnssec",
    title="Signed with each algorithm",
    requirement="DNSKEY, SOA and NS bear an RRSIG of each algorithm that the zone has a key of.",
    remedy="Sign with keys of each algorithm, or take away the keys that sign nothing.",
    codes=(Code("algorithm-missing", Severity.WARNING, "A set bears no signature of an algorithm that the zone has a key of.", ("zonemaster:DS13_ALGO_NOT_SIGNED_DNSKEY", "zonemaster:DS13_ALGO_NOT_SIGNED_SOA", "zonemaster:DS13_ALGO_NOT_SIGNED_NS")),),
    needs=("zone",),
    references=("zonemaster:DNSSEC13", "rfc:6840", "rfc:4035"),
    judge=judge,
)
