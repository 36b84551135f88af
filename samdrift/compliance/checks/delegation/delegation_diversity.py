"""delegation-diversity: the name servers do not all fall with one network or one hall, and the delegation fits into a plain answer."""

from __future__ import annotations

import ipaddress
from datetime import datetime

from samdrift.compliance.delegation import all_names
from samdrift.compliance.ledger import Ledger
from samdrift.compliance.referral import referral_octets
from samdrift.compliance.remedies import OPERATOR, REGISTRAR, add_server
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.dns.observation import FAMILIES, Family
from samdrift.model.dns.special import block_of, is_in
from samdrift.model.finding import Finding, Reason, Remedy, Severity, Value

LENGTHS: dict[Family, int] = {"ipv4": 24, "ipv6": 48}
"""The longest prefixes that are routed everywhere: addresses within one of them share their way in any case."""
LARGEST = 512
OLDEST_DAYS = 366
"""A table of autonomous systems that is older says nothing of today."""


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """Prefixes and autonomous systems in the public view, the latter by a dated table; sites where the inventory knows them; the size of the referral."""
    ledger = Ledger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    names = all_names(hand)
    value: dict[str, Value] = {}
    if hand.seen.facts.public and not _is_own_tree(hand):
        for family in FAMILIES:
            prefixes = sorted({str(ipaddress.ip_network(f"{one}/{LENGTHS[family]}", strict=False)) for one in hand.addresses(names, family)})
            value[f"{family}_prefixes"] = tuple(prefixes)
            if len(prefixes) == 1 and len(hand.addresses(names, family)) > 1:
                ledger.note("one-prefix", f"all {family.replace('ip', 'IP')} addresses of the name servers lie in {prefixes[0]}", part=family, rrset=f"{hand.text}/NS", value={"prefix": prefixes[0]}, remedy=add_server(hand, "Have a name server in another network"))
            _systems(ledger, hand, family, at, value)
    _sites(ledger, hand, value)
    octets = referral_octets(hand.zone, names, with_ipv6=bool(hand.addresses(names, "ipv6")))
    value["referral_octets"] = octets
    if octets > LARGEST:
        remedy = Remedy("Name fewer servers, or servers with names that share their ending", by=REGISTRAR)
        ledger.note("too-large", f"a referral to the zone may take {octets} octets, over {LARGEST}: without EDNS it is cut off", rrset=f"{hand.text}/NS", value={"octets": octets}, remedy=remedy)
    return ledger.findings(well="the name servers stand apart", judged=hand.speaking, rtypes=(types.NS, types.A, types.AAAA), value=value)


def _systems(ledger: Ledger, hand: ZoneInHand, family: Family, at: datetime, value: dict[str, Value]) -> None:
    """Whether one system announces all addresses of a family; without a table that is fresh and holds them all it cannot be told."""
    addresses, table = hand.addresses(all_names(hand), family), hand.seen.facts.origins
    if len(addresses) < 2:
        return
    if table is None or (at.date() - table.dated).days > OLDEST_DAYS:
        why = "there is no table of autonomous systems here" if table is None else f"the table of autonomous systems is of {table.dated.isoformat()}"
        ledger.unknown(Reason.NO_TABLE, f"whether one system announces all name servers is not known: {why}", part="systems")
        return
    held = {address: systems for address, systems in table.of if address in addresses}
    value[f"{family}_systems"] = tuple(sorted({one for systems in held.values() for one in systems}))
    value["table_date"] = table.dated.isoformat()
    foreign = [address for address in addresses if not held.get(address)]
    shared = set.intersection(*(set(held[address]) for address in addresses)) if not foreign else set()
    told = {one for systems in held.values() for one in systems}
    if len(told) == 1 and shared:
        ledger.note("one-as", f"all {family.replace('ip', 'IP')} addresses of the name servers are announced by AS{shared.pop()}", part=f"{family}-system", rrset=f"{hand.text}/NS", value={"system": told.pop()}, remedy=add_server(hand, "Have a name server at another operator"))
    elif foreign and len(told) < 2:
        ledger.unknown(Reason.NO_TABLE, f"the table of {table.dated.isoformat()} does not hold {', '.join(foreign)}", part=f"{family}-system")


def _is_own_tree(hand: ZoneInHand) -> bool:
    """Whether the roots in use stand in blocks that nobody routes: networks of such a tree are no routed prefixes."""
    roots = hand.seen.facts.roots
    return bool(roots) and all(block_of(one) is not None for one in roots)


def _sites(ledger: Ledger, hand: ZoneInHand, value: dict[str, Value]) -> None:
    addresses = [one for family in FAMILIES for one in hand.addresses(all_names(hand), family)]
    known = {one: next((site for prefix, site in hand.terms.sites if is_in(one, [prefix])), None) for one in addresses}
    sites = sorted({site for site in known.values() if site is not None})
    value["sites"] = tuple(sites)
    if len(addresses) > 1 and len(sites) == 1 and None not in known.values():
        ledger.note("one-site", f"all name servers stand at {sites[0]}", rrset=f"{hand.text}/NS", value={"place": sites[0]}, remedy=Remedy("Have a name server at another site", by=OPERATOR))


CHECK = Check(
    id="delegation-diversity",
    category="delegation",
    title="Name servers stand apart",
    requirement="In each family the name servers have addresses in two networks or more, of two autonomous systems or more, at two sites or more, and the delegation fits into 512 octets.",
    remedy="Have a name server in another network, at another site.",
    codes=(
        Code("one-prefix", Severity.WARNING, "All addresses of a family lie in one network.", ("zonemaster:CN04_IPV4_SINGLE_PREFIX", "zonemaster:CN04_IPV6_SINGLE_PREFIX")),
        Code("one-as", Severity.WARNING, "All addresses of a family are announced by one autonomous system.", ("zonemaster:IPV4_ONE_ASN", "zonemaster:IPV6_ONE_ASN")),
        Code("one-site", Severity.WARNING, "All name servers stand at one site."),
        Code("too-large", Severity.WARNING, "A referral does not fit into 512 octets.", ("zonemaster:REFERRAL_SIZE_TOO_LARGE",)),
    ),
    needs=("zone", "origins"),
    references=("zonemaster:CONNECTIVITY03", "zonemaster:CONNECTIVITY04", "zonemaster:DELEGATION03", "rfc:2182"),
    judge=judge,
)
