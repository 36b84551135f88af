"""mail-mx: mail exchangers are hosts with addresses, or the domain says that it takes no mail."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.presence import PresenceInHand, shown_name
from samdrift.compliance.presence_ledger import PresenceLedger
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.dns.names import count_labels, from_text, is_within
from samdrift.model.dns.observation import Host
from samdrift.model.finding import Finding, Remedy, Severity

DNS = "dns-operator"
ARPA = from_text("arpa")


def judge(hand: PresenceInHand, at: datetime) -> tuple[Finding, ...]:
    """The MX set by resolution, and as each server of the zone has it."""
    ledger = PresenceLedger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    zone = hand.seen.zone
    if count_labels(zone) < 2 or is_within(zone, ARPA):
        return ledger.not_applicable(f"{hand.seen.name} is no domain that takes mail")
    if hand.mx_unknown is not None:
        ledger.unknown(hand.mx_unknown, f"the MX of {hand.seen.name} could not be found out")
        return ledger.findings(well="")
    rrset = f"{hand.text}/MX"
    if not hand.mx:
        remedy = Remedy("If the domain takes no mail, say so (RFC 7505)", record=f"{hand.text} IN MX 0 .", by=DNS)
        ledger.note("no-mx", f"{hand.seen.name} has no MX", rrset=rrset, remedy=remedy, rests_on=[hand.lookup(zone, types.MX)])
    elif hand.takes_mail and any(one.is_null for one in hand.mx):
        ledger.note("null-mx-with-other", "there is a null MX beside others: senders may take it for no mail at all", rrset=rrset, remedy=Remedy("Remove the null MX, or the others", record=f"{hand.text} IN MX 0 .", by=DNS), rests_on=[hand.lookup(zone, types.MX)])
    differing = hand.differing(types.MX)
    for address, said in sorted(differing.items()):
        ledger.note("servers-differ", f"{address} has MX {', '.join(said) or 'none'}, others have not", address=address, part=address, rrset=rrset, value={"answers": said}, remedy=Remedy("Let every server of the zone have the same version of it: look at serial and transfer", by=DNS))
    for host in hand.mail_hosts:
        _host(ledger, host)
    what = "says that it takes no mail" if hand.null_mx else f"{len(hand.mail_hosts)} mail exchangers with addresses"
    return ledger.findings(well=what, rests_on=[hand.lookup(zone, types.MX)])


def _host(ledger: PresenceLedger, host: Host) -> None:
    hand, name = ledger.hand, shown_name(host.name)
    alias = hand.lookup(host.name, types.CNAME)
    if alias.failure is None and alias.exchanges[-1].message is not None and alias.exchanges[-1].message.rrset(host.name, types.CNAME):
        target = shown_name(alias.exchanges[-1].message.rrset(host.name, types.CNAME)[0].data)
        preference = next(one.preference for one in hand.mx if one.host == host.name)
        remedy = Remedy(f"Let the MX name {target} itself", record=f"{hand.text} IN MX {preference} {target}.", by=DNS)
        ledger.note("mx-is-alias", f"the mail exchanger {name} is an alias of {target}", host=name, rrset=f"{hand.text}/MX", value={"target": target}, remedy=remedy, rests_on=[alias])
    if host.addresses:
        return
    if host.unknown:
        ledger.unknown(next(iter(host.unknown.values())), f"the addresses of {name} could not be found out", part=name)
        return
    ledger.note("mx-unresolvable", f"the mail exchanger {name} has no address", host=name, rrset=f"{hand.text}/MX", remedy=Remedy(f"Give {name} its addresses, or remove it from the MX set", record=f"{name}. IN A <the mail server's address>", by=DNS))


CHECK = Check(
    id="mail-mx",
    category="mail",
    title="Mail exchangers are hosts",
    requirement="Every MX names a host with addresses, no alias; all servers have the same set; a null MX stands alone.",
    remedy="Let each MX name a host that has A and AAAA records of its own.",
    codes=(
        Code("mx-is-alias", Severity.FAILURE, "A mail exchanger is an alias (RFC 2181 10.3).", ("zonemaster:MX_RECORD_IS_CNAME",)),
        Code("mx-unresolvable", Severity.FAILURE, "A mail exchanger has no address."),
        Code("null-mx-with-other", Severity.WARNING, "A null MX stands beside others.", ("zonemaster:Z09_NULL_MX_WITH_OTHER_MX",)),
        Code("servers-differ", Severity.WARNING, "The zone's servers have different MX sets.", ("zonemaster:Z09_INCONSISTENT_MX_DATA", "zonemaster:Z09_INCONSISTENT_MX")),
        Code("no-mx", Severity.NOTICE, "The domain has no MX.", ("zonemaster:Z09_MISSING_MAIL_TARGET",)),
    ),
    needs=("presence", "mail"),
    references=("zonemaster:ZONE08", "zonemaster:ZONE09", "rfc:7505", "rfc:2181"),
    judge=judge,
)
