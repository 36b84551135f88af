"""dnssec-rrsig-lifetime: every signature has days left, and none is made to last for more than half a year."""

from __future__ import annotations

from datetime import UTC, datetime

from samdrift.compliance.answers import Answer, answers
from samdrift.compliance.entry import entry_keys
from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import sign_again
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.dns.records import Rrsig
from samdrift.model.finding import Finding, Remedy, Severity, Value
from samdrift.model.period import rfc3339

LONG_SECONDS = 180 * 86_400
DAY = 86_400


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """Of each RRset and algorithm the signature that lasts longest; one that has expired belongs to dnssec-rrsig-valid."""
    ledger = Ledger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    if not hand.is_signed:
        return ledger.not_applicable(f"{hand.seen.name} is not signed")
    now, kinds = int(at.timestamp()), set()
    earliest: int | None = None
    for answer in answers(hand):
        kinds.add(answer.type)
        for signature in _longest(_counting(hand, answer), now):
            left = signature.left_seconds(now)
            if left >= 0:
                _judge_one(ledger, hand, answer, signature, now)
            earliest = now + left if earliest is None or now + left < earliest else earliest
    value: dict[str, Value] = {} if earliest is None else {"expires_at": _instant(earliest)}
    well = "no signature was seen" if earliest is None else f"the first signature ends {_instant(earliest)}"
    return ledger.findings(well=well, judged=hand.speaking, rtypes=sorted(kinds), value=value)


def _counting(hand: ZoneInHand, answer: Answer) -> tuple[Rrsig, ...]:
    """The signatures that count: over the DNSKEY set those by the keys that a resolver enters by, when there are any."""
    if answer.type != types.DNSKEY or answer.owner != hand.zone:
        return answer.signatures
    tags = {(key.key_tag, key.algorithm) for key in entry_keys(hand, answer.address)}
    return tuple(one for one in answer.signatures if (one.key_tag, one.algorithm) in tags) or answer.signatures


def _longest(signatures: tuple[Rrsig, ...], now: int) -> list[Rrsig]:
    by_algorithm: dict[int, Rrsig] = {}
    for one in signatures:
        held = by_algorithm.get(one.algorithm)
        if held is None or one.left_seconds(now) > held.left_seconds(now):
            by_algorithm[one.algorithm] = one
    return [by_algorithm[number] for number in sorted(by_algorithm)]


def _instant(seconds: int) -> str:
    return rfc3339(datetime.fromtimestamp(seconds, UTC))


def _judge_one(ledger: Ledger, hand: ZoneInHand, answer: Answer, signature: Rrsig, now: int) -> None:
    left = signature.left_seconds(now)
    until = _instant(now + left)
    address, name, rrset = answer.address, answer.label(hand.zone), answer.rrset_name
    value: dict[str, Value] = {"expires_at": until, "left_seconds": left, "key_tag": signature.key_tag}
    part = f"{name}-{signature.algorithm}"
    if left < hand.terms.signature_failure_seconds:
        ledger.note("expires-soon", f"the signature over {name} ends {until}, in under {_days(hand.terms.signature_failure_seconds)}", address=address, part=part, rrset=rrset, value=value, remedy=sign_again(hand, f"the signature over {name} ends {until}"))
    elif left < hand.terms.signature_warning_seconds:
        ledger.note("expires", f"the signature over {name} ends {until}, in under {_days(hand.terms.signature_warning_seconds)}", address=address, part=part, rrset=rrset, value=value, remedy=sign_again(hand, f"the signature over {name} ends {until}"))
    elif hand.soa is not None and left < hand.soa.expire:
        ledger.note("below-soa-expire", f"the signature over {name} ends {until}, before a cut-off secondary gives the zone up ({hand.soa.expire} s)", address=address, part=part, rrset=rrset, value={**value, "soa_expire_seconds": hand.soa.expire})
    if max(left, signature.span_seconds) > LONG_SECONDS:
        ledger.note("long", f"the signature over {name} is made for {signature.span_seconds // DAY} days; over {LONG_SECONDS // DAY} days an old answer can be replayed too long", address=address, part=part, rrset=rrset, value={**value, "span_seconds": signature.span_seconds}, remedy=Remedy("Sign for at most 180 days, better for two weeks", command={"knot": "knotc conf-set 'policy[default].rrsig-lifetime' 14d"}.get(hand.terms.software), by="dns-operator"))


def _days(seconds: int) -> str:
    days, rest = divmod(seconds, DAY)
    return f"{days} days" if not rest else f"{seconds} s"


CHECK = Check(
    id="dnssec-rrsig-lifetime",
    category="dnssec",
    title="Signatures last long enough",
    requirement="Every RRSIG has at least five days left (two at the very least), no less than the SOA's expire, and spans at most 180 days.",
    remedy="Sign again, and have the signer do so well before the end.",
    codes=(
        Code("expires-soon", Severity.FAILURE, "A signature ends within two days (or what the zone sets).", ("zonemaster:REMAINING_SHORT",)),
        Code("expires", Severity.WARNING, "A signature ends within five days (or what the zone sets)."),
        Code("below-soa-expire", Severity.NOTICE, "A signature ends before a cut-off secondary would give the zone up."),
        Code("long", Severity.WARNING, "A signature is made for more than 180 days.", ("zonemaster:REMAINING_LONG", "zonemaster:DURATION_LONG")),
    ),
    needs=("zone",),
    references=("zonemaster:DNSSEC04", "rfc:6781"),
    judge=judge,
)
