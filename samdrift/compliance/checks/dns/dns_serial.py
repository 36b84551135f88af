"""dns-serial: every server has the same version of the zone, or has not had the time to fetch the newest."""

from __future__ import annotations

from datetime import datetime, timedelta

from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import fetch_anew
from samdrift.compliance.serials import newest, versions
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.finding import Finding, Severity


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """Each server's serial against the newest; a difference known for less than refresh is a notice."""
    ledger = Ledger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    held = versions(hand)
    top = newest(one.soa.serial for one in held.values()) if held else None
    for address, version in held.items():
        if not version.is_behind:
            continue
        lag, longest = version.lag(at), version.longest(at)
        young = longest is not None and longest < timedelta(seconds=version.soa.refresh)
        since = "" if lag is None else f", known for {int(lag.total_seconds())} s"
        ledger.note(
            "serial-differs", f"the server has serial {version.soa.serial}, another {top}{since}", address=address, rrset=f"{hand.text}/SOA",
            value={"serial": version.soa.serial, "newest": top, "lag_seconds": None if lag is None else int(lag.total_seconds())},
            remedy=fetch_anew(hand, address, f"It has serial {version.soa.serial}, the newest is {top}"), severity=Severity.NOTICE if young else None,
        )  # fmt: skip
    return ledger.findings(well=f"every server has serial {top}", judged=hand.speaking, rtypes=(types.SOA,), value={"serial": top})


CHECK = Check(
    id="dns-serial",
    category="dns",
    title="The same version everywhere",
    requirement="Every server has the same serial, but for the time that a secondary may take to fetch a new version (refresh).",
    remedy="Let the secondary fetch the zone, and see that NOTIFY and transfers get through.",
    codes=(Code("serial-differs", Severity.WARNING, "A server has an older version of the zone (a notice while that is younger than refresh).", ("zonemaster:MULTIPLE_SOA_SERIALS",)),),
    needs=("zone", "past"),
    references=("zonemaster:CONSISTENCY01", "rfc:1982", "rfc:1996"),
    judge=judge,
)
