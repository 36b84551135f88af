"""dns-secondary-lag: no secondary is so far behind that it has failed to refresh, or will soon give the zone up."""

from __future__ import annotations

from datetime import datetime, timedelta

from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import fetch_anew
from samdrift.compliance.serials import Version, versions
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.finding import Finding, Reason, Severity, Value


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """How long each server has been behind, by what earlier runs saw; without history that cannot be told."""
    ledger = Ledger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    held = versions(hand)
    lags: dict[str, Value] = {}
    limits: dict[str, Value] = {}
    for address, version in sorted(held.items()):
        lag = version.lag(at) if version.is_behind else timedelta()
        if lag is None:
            ledger.unknown(Reason.NO_DATA, f"{address} is behind; since when is known at the next run", part=address)
            continue
        lags[address] = int(lag.total_seconds())
        limits[address] = version.soa.refresh + version.soa.retry
        _judge(ledger, hand, address, version, lag)
    return ledger.findings(well=f"{len(held)} addresses are up to date", judged=hand.speaking, rtypes=(types.SOA,), value={"lag_seconds": lags, "lag_limit_seconds": limits})


def _judge(ledger: Ledger, hand: ZoneInHand, address: str, version: Version, lag: timedelta) -> None:
    soa, seconds = version.soa, int(lag.total_seconds())
    left, limit = soa.expire - seconds, soa.refresh + soa.retry
    rrset = f"{hand.text}/SOA"
    value: dict[str, Value] = {"lag_seconds": seconds, "lag_limit_seconds": limit, "expires_in_seconds": left, "expire_seconds": soa.expire, "serial": soa.serial}
    remedy = fetch_anew(hand, address, f"It has been behind for {seconds} s and gives the zone up in {max(0, left)} s")
    if left * 4 < soa.expire:
        ledger.note("expires-soon", f"behind for {seconds} s: it gives the zone up in {max(0, left)} s (expire {soa.expire} s)", address=address, rrset=rrset, value=value, remedy=remedy)
    if seconds > limit:
        ledger.note("behind", f"behind for {seconds} s, more than refresh and retry ({limit} s): its refreshes fail", address=address, rrset=rrset, value=value, remedy=remedy)


CHECK = Check(
    id="dns-secondary-lag",
    category="dns",
    title="Secondaries keep up",
    requirement="No secondary is behind for longer than refresh and retry, nor has less than a quarter of expire left.",
    remedy="Let the secondary fetch the zone before it gives it up.",
    codes=(
        Code("behind", Severity.WARNING, "A secondary has been behind for longer than refresh and retry."),
        Code("expires-soon", Severity.FAILURE, "A secondary will soon give the zone up."),
    ),
    needs=("zone", "past"),
    references=("rfc:1034", "rfc:1996"),
    judge=judge,
)
