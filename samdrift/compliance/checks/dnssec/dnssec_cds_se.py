"""dnssec-cds-se: whether the registry of .se would take the CDS that the zone publishes, as far as that can be seen (dns.md D16)."""

from __future__ import annotations

from datetime import datetime, timedelta

from samdrift.compliance.cds import KINDS, Wish, agree, seconds, wishes, without_wish
from samdrift.compliance.entry import is_of_key, weigh_apex
from samdrift.compliance.key_ring import Worth, in_force
from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import OPERATOR, sign_again
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.dns.names import from_text
from samdrift.model.dns.records import Ds
from samdrift.model.finding import Finding, Reason, Remedy, Severity
from samdrift.model.period import rfc3339

REGISTRIES = frozenset({from_text("se"), from_text("nu"), from_text("example")})
"""Internetstiftelsen's; `example` is run so in the lab (common.md 9)."""
MOST_CDS = 6
FIRST_WAIT = timedelta(hours=72)
BETWEEN_RUNS = timedelta(hours=26)
"""A change is seen up to a nightly run after it came."""
NOT_SEEN = "status ACTIVE, Registry Lock and the view from three places cannot be seen from here"


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """Each rule of the registry that can be seen, and by name those that cannot."""
    ledger = Ledger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    if hand.seen.parent not in REGISTRIES:
        return ledger.not_applicable(f"the parent of {hand.seen.name} is not run by the registry of .se")
    held = wishes(hand)
    if not held:
        return without_wish(ledger, hand)
    first = next(iter(held.values()))
    if hand.seen.ds_given is None and first.cds and frozenset(first.cds) == frozenset(hand.ds_set) and len({wish.all for wish in held.values()}) == 1:
        return ledger.findings(well=f"the DS are what CDS asks for: nothing to change ({NOT_SEEN})", judged=tuple(held), rtypes=KINDS)
    _judge_sight(ledger, hand, held)
    for address, wish in held.items():
        _judge_server(ledger, hand, address, wish, seconds(at))
    _judge_newer(ledger, hand, held, at)
    if not hand.ds_set and hand.ds_known:
        _judge_first(ledger, hand, held, at)
    return ledger.findings(well=f"the registry would take it ({NOT_SEEN})", judged=tuple(held), rtypes=KINDS)


def _refused(ledger: Ledger, hand: ZoneInHand, part: str, why: str, remedy: Remedy, address: str | None = None) -> None:
    ledger.note("would-be-refused", f"the registry would refuse the CDS: {why}", address=address, part=part, rrset=f"{hand.text}/CDS", value={"not_seen": NOT_SEEN}, remedy=remedy)


def _judge_sight(ledger: Ledger, hand: ZoneInHand, held: dict[str, Wish]) -> None:
    """Seen alike from everywhere: by every server of the zone."""
    lacking = [address for address in hand.speaking if address not in held]
    if lacking or len({wish.all for wish in held.values()}) > 1:
        why = f"{', '.join(lacking)} give none" if lacking else "its servers give different ones"
        _refused(ledger, hand, "alike", why, sign_again(hand, "every server must give the same CDS"))


def _judge_server(ledger: Ledger, hand: ZoneInHand, address: str, wish: Wish, now: int) -> None:
    if wish.counts[0] > MOST_CDS:
        _refused(ledger, hand, "count", f"there are {wish.counts[0]} CDS, at most {MOST_CDS} are taken", sign_again(hand, "publish fewer CDS"))
    if not wish.counts[0]:
        _refused(ledger, hand, "no-cds", "there is a CDNSKEY alone, and the registry reads CDS", sign_again(hand, "publish CDS too"))
    elif wish.counts[1] and not agree(hand, wish):
        _refused(ledger, hand, "cdnskey", "CDNSKEY does not fit CDS", sign_again(hand, "CDNSKEY must fit CDS"))
    if wish.cds and not _validates(hand, address, wish.cds, now):
        _refused(ledger, hand, "validates", "the zone would not validate with the new DS", sign_again(hand, "a key of the CDS must sign the DNSKEY set"), address)


def _validates(hand: ZoneInHand, address: str, wanted: tuple[Ds, ...], now: int) -> bool:
    """Whether a key of the new DS signs the server's DNSKEY set, in force."""
    weighed = weigh_apex(hand, address, types.DNSKEY, now)
    return any(one.worth is Worth.GOOD and one.key is not None and in_force(one.signature, now) and any(is_of_key(hand.zone, ds, one.key) for ds in wanted) for one in weighed)


def _judge_newer(ledger: Ledger, hand: ZoneInHand, held: dict[str, Wish], at: datetime) -> None:
    """Nothing newer is undone: the CDS was signed after the DS last changed (RFC 8078 3.3, RFC 7344 6.2)."""
    changed = max((one.since_at or one.first_at for one in hand.past.of("ds") if one.gone_at is None and (one.since_at or one.first_at) != hand.past.first_at), default=None)
    made = _signed_at(hand, held, at)
    if changed is not None and made is not None and made < changed - BETWEEN_RUNS:
        _refused(ledger, hand, "newer", f"it was signed {rfc3339(made)}, before the DS last changed ({rfc3339(changed)})", sign_again(hand, "the CDS must be signed after the last change of DS"))


def _signed_at(hand: ZoneInHand, held: dict[str, Wish], at: datetime) -> datetime | None:
    """The latest inception of a signature over CDS."""
    now = seconds(at)
    ages = [one.signature.age_seconds(now) for address in held for one in weigh_apex(hand, address, types.CDS, now)]
    return at - timedelta(seconds=min(ages)) if ages else None


def _judge_first(ledger: Ledger, hand: ZoneInHand, held: dict[str, Wish], at: datetime) -> None:
    """First signing: TCP on all addresses, unchanged for 72 h, and signed after the last change."""
    wait = Remedy("Leave the CDS unchanged until 72 h have passed", by=OPERATOR)
    for address in hand.child_addresses:
        if not hand.reached(address, "tcp"):
            _refused(ledger, hand, "tcp", "it does not answer over TCP", Remedy(f"Let {address} answer on TCP port 53", by=OPERATOR), address)
    if hand.past.runs == 0:
        ledger.unknown(Reason.NO_DATA, "for a first DS the CDS must stand unchanged for 72 h; no earlier run saw it", part="first")
        return
    changed = max((_stands_since(hand, name, at) for wish in held.values() for name in wish.names), default=at)
    if at - changed < FIRST_WAIT:
        _refused(ledger, hand, "first", f"for a first DS it must stand unchanged for 72 h; it was seen for {int((at - changed).total_seconds()) // 3600} h", wait)
    made = _signed_at(hand, held, at)
    if made is not None and changed != hand.past.first_at and made < changed - BETWEEN_RUNS:
        _refused(ledger, hand, "inception", f"its signature began {rfc3339(made)}, before the last change", sign_again(hand, "the signature must begin after the CDS last changed"))


def _stands_since(hand: ZoneInHand, name: str, at: datetime) -> datetime:
    """Since when every server that gives one CDS gives it without a gap; now, when no earlier run saw it."""
    return max((one.since_at or one.first_at for one in hand.past.of("cds", name) if one.gone_at is None), default=at)


CHECK = Check(
    id="dnssec-cds-se",
    category="dnssec",
    title="CDS that .se takes",
    requirement="A CDS under .se is seen alike on every server, at most six, fits CDNSKEY, validates with the new DS, undoes nothing newer; for a first DS it has stood for 72 h.",
    remedy="Mend what each reason names; the registry looks again every day.",
    codes=(Code("would-be-refused", Severity.WARNING, "The registry of .se would refuse the CDS, for the reason named."),),
    needs=("zone", "zone.cds", "past"),
    references=("se:cds-policy", "rfc:8078"),
    judge=judge,
)
