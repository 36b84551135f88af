"""dns-soa: one SOA, with times by which secondaries neither give up nor nag, the same on every server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from samdrift.compliance.delegation import odd_ones
from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import change_soa, fetch_anew
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.dns.records import Soa
from samdrift.model.finding import Finding, Severity

REFRESH_LEAST_S, RETRY_LEAST_S, EXPIRE_LEAST_S = 14_400, 3_600, 604_800
MINIMUM_S = (300, 86_400)


class _Fault(NamedTuple):
    code: str
    message: str
    field: str
    seconds: int
    better: int


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """The times of each server's SOA, and whether the servers agree but for the serial (that is dns-serial's)."""
    ledger = Ledger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    rrset = f"{hand.text}/SOA"
    held = {address: soa for address in hand.speaking if (soa := hand.soa_at(address)) is not None}
    for address in hand.speaking:
        count = len(hand.rrset(address, types.SOA))
        if count > 1:
            ledger.note("several", f"the server gives {count} SOA records; there is one", address=address, rrset=rrset, value={"count": count}, remedy=fetch_anew(hand, address, "A zone has one SOA"))
    for address, soa in held.items():
        for fault in _faults(soa):
            remedy = change_soa(hand, soa, fault.field, fault.better)
            ledger.note(fault.code, fault.message, address=address, rrset=rrset, value={fault.field: fault.seconds}, remedy=remedy)
    _differences(ledger, hand, held)
    first = next(iter(held.values()), None)
    well = "no SOA could be read" if first is None else f"refresh {first.refresh} s, retry {first.retry} s, expire {first.expire} s, minimum {first.minimum} s"
    return ledger.findings(well=well, judged=hand.speaking, rtypes=(types.SOA,))


def _faults(soa: Soa) -> Iterator[_Fault]:
    if soa.refresh < REFRESH_LEAST_S:
        yield _Fault("refresh-short", f"secondaries ask every {soa.refresh} s (refresh); {REFRESH_LEAST_S} s is enough with NOTIFY", "refresh", soa.refresh, REFRESH_LEAST_S)
    if soa.retry >= soa.refresh:
        yield _Fault("retry-long", f"retry is {soa.retry} s and refresh {soa.refresh} s: a failed refresh is not tried again sooner", "retry", soa.retry, max(1, soa.refresh // 4))
    elif soa.retry < RETRY_LEAST_S:
        yield _Fault("retry-short", f"secondaries try again after {soa.retry} s (retry); {RETRY_LEAST_S} s is enough", "retry", soa.retry, RETRY_LEAST_S)
    if soa.expire < soa.refresh:
        yield _Fault("expire-under-refresh", f"expire is {soa.expire} s and refresh {soa.refresh} s: secondaries give the zone up before they ask again", "expire", soa.expire, EXPIRE_LEAST_S)
    if soa.expire < EXPIRE_LEAST_S:
        yield _Fault("expire-short", f"secondaries give the zone up after {soa.expire} s without the primary; {EXPIRE_LEAST_S} s or more lets a week's outage pass", "expire", soa.expire, EXPIRE_LEAST_S)
    if not MINIMUM_S[0] <= soa.minimum <= MINIMUM_S[1]:
        yield _Fault("minimum-range", f"what is not there is remembered for {soa.minimum} s (minimum); {MINIMUM_S[0]} to {MINIMUM_S[1]} s is usual", "minimum", soa.minimum, 3_600)


def _differences(ledger: Ledger, hand: ZoneInHand, held: dict[str, Soa]) -> None:
    usual, odd = odd_ones({address: (soa.mname, soa.rname, soa.refresh, soa.retry, soa.expire, soa.minimum) for address, soa in held.items()})
    for address in sorted(odd):
        place = None if usual is None else address
        ledger.note("servers-differ", "the SOA differs between servers in more than its serial", address=place, rrset=f"{hand.text}/SOA")


CHECK = Check(
    id="dns-soa",
    category="dns",
    title="SOA with sound times",
    requirement="One SOA; refresh at least 4 h, retry at least 1 h and below refresh, expire at least a week and not below refresh, minimum 5 min to 1 d; the same everywhere.",
    remedy="Set the times of the SOA on the primary.",
    codes=(
        Code("several", Severity.FAILURE, "A server gives several SOA records.", ("zonemaster:MULTIPLE_SOA",)),
        Code("refresh-short", Severity.NOTICE, "Refresh is below four hours.", ("zonemaster:REFRESH_MINIMUM_VALUE_LOWER",)),
        Code("retry-short", Severity.NOTICE, "Retry is below one hour.", ("zonemaster:RETRY_MINIMUM_VALUE_LOWER",)),
        Code("retry-long", Severity.WARNING, "Retry is not below refresh.", ("zonemaster:REFRESH_LOWER_THAN_RETRY",)),
        Code("expire-short", Severity.WARNING, "Expire is below a week.", ("zonemaster:EXPIRE_MINIMUM_VALUE_LOWER",)),
        Code("expire-under-refresh", Severity.WARNING, "Expire is below refresh.", ("zonemaster:EXPIRE_LOWER_THAN_REFRESH",)),
        Code("minimum-range", Severity.NOTICE, "Minimum is not between 5 minutes and a day.", ("zonemaster:SOA_DEFAULT_TTL_MAXIMUM_VALUE_HIGHER", "zonemaster:SOA_DEFAULT_TTL_MAXIMUM_VALUE_LOWER")),
        Code("servers-differ", Severity.NOTICE, "The servers' SOA differ in more than the serial.", ("zonemaster:MULTIPLE_SOA_RNAMES", "zonemaster:MULTIPLE_SOA_TIME_PARAMETER_SET", "zonemaster:MULTIPLE_SOA_MNAMES")),
    ),
    needs=("zone",),
    references=("zonemaster:ZONE02", "zonemaster:ZONE03", "zonemaster:ZONE04", "zonemaster:ZONE05", "zonemaster:ZONE06", "zonemaster:ZONE10", "zonemaster:CONSISTENCY02", "zonemaster:CONSISTENCY03", "zonemaster:CONSISTENCY06", "rfc:1912"),
    judge=judge,
)
