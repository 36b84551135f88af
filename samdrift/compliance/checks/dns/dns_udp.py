"""dns-udp: every address of every name server answers about SOA and NS over UDP."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance import serving
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check
from samdrift.model.finding import Finding


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """Each address, also one that answers without authority."""
    return serving.judge(CHECK, "udp", hand, at)


CHECK = Check(
    id="dns-udp",
    category="dns",
    title="Name servers answer over UDP",
    requirement="Every address of every name server answers questions for SOA and NS over UDP, with authority and with the record asked for.",
    remedy="Let the server answer on that address over UDP: listening, firewall, the zone loaded.",
    codes=serving.codes("udp"),
    needs=("zone",),
    references=("zonemaster:CONNECTIVITY01", "rfc:1035", "rfc:2181"),
    judge=judge,
)
