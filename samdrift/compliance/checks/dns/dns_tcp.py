"""dns-tcp: every address of every name server answers about SOA and NS over TCP."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance import serving
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check
from samdrift.model.finding import Finding


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """Each address, also one that answers without authority."""
    return serving.judge(CHECK, "tcp", hand, at)


CHECK = Check(
    id="dns-tcp",
    category="dns",
    title="Name servers answer over TCP",
    requirement="Every address of every name server answers questions for SOA and NS over TCP, with authority and with the record asked for.",
    remedy="Let the server answer on that address over TCP: listening, firewall, the zone loaded.",
    codes=serving.codes("tcp"),
    needs=("zone", "zone.tcp"),
    references=("zonemaster:CONNECTIVITY02", "rfc:7766"),
    judge=judge,
)
