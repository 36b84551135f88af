"""mail-mx-dnssec: senders that validate find each mail exchanger by signed records (RFC 7672 2.2)."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.chain import Link, State
from samdrift.compliance.presence import PresenceInHand, shown_name
from samdrift.compliance.presence_ledger import PresenceLedger
from samdrift.compliance.secured import secured
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.dns.names import to_text
from samdrift.model.dns.observation import Host
from samdrift.model.finding import Finding, Reason, Remedy, Severity

ORDER = (State.BOGUS, State.UNKNOWN, State.INSECURE, State.SECURE)


def judge(hand: PresenceInHand, at: datetime) -> tuple[Finding, ...]:
    """The chain down to each mail exchanger's name, and the signatures over its addresses."""
    ledger = PresenceLedger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    if hand.mx_unknown is not None:
        ledger.unknown(hand.mx_unknown, f"the MX of {hand.seen.name} could not be found out")
        return ledger.findings(well="")
    if not hand.takes_mail:
        return ledger.not_applicable(f"{hand.seen.name} takes no mail")
    for host in hand.mail_hosts:
        _host(ledger, host, at)
    return ledger.findings(well=f"{len(hand.mail_hosts)} mail exchangers are found by signed records", rests_on=[hand.lookup(hand.seen.zone, types.MX)])


def _host(ledger: PresenceLedger, host: Host, at: datetime) -> None:
    hand, name = ledger.hand, shown_name(host.name)
    looked = [hand.lookup(host.name, rtype) for rtype in (types.A, types.AAAA)]
    known = [one for one in looked if one.failure is None]
    if not known:
        ledger.unknown(looked[0].failure or Reason.NO_DATA, f"the addresses of {name} could not be found out", part=name)
        return
    link = min((secured(hand, one, at) for one in known), key=lambda one: ORDER.index(one.state))
    value = {"zone_of_link": to_text(link.at)}
    if link.state is State.UNKNOWN:
        ledger.unknown(link.reason or Reason.NO_DATA, f"whether {name} is signed is not known: {link.text}", part=name)
    elif link.state is State.BOGUS:
        ledger.note("mx-bogus", f"{name} cannot be reached by who validates: {link.text}", host=name, rrset=f"{name}./A", value=value, remedy=_remedy(link, "Mend the signatures"), rests_on=known)
    elif link.state is State.INSECURE:
        ledger.note("mx-insecure", f"{name} is not protected by DNSSEC: {link.text}", host=name, rrset=f"{name}./A", value=value, remedy=_remedy(link, "Sign the zone and have its parent publish the DS"), rests_on=known)


def _remedy(link: Link, what: str) -> Remedy:
    return Remedy(f"{what}, or let the MX name a host in a signed zone ({link.text})", by="dns-operator")


CHECK = Check(
    id="mail-mx-dnssec",
    category="mail",
    title="Mail exchangers are found by signed records",
    requirement="The chain of trust holds down to the name and addresses of every mail exchanger.",
    remedy="Sign the zone of the mail exchanger and publish its DS.",
    codes=(
        Code("mx-bogus", Severity.FAILURE, "The chain down to a mail exchanger is broken.", ("internetnl:dnssec_mx_valid",)),
        Code("mx-insecure", Severity.WARNING, "A mail exchanger's name is not signed.", ("internetnl:dnssec_mx_exists",)),
    ),
    needs=("presence", "mail"),
    references=("internetnl:dnssec_mx_exists", "internetnl:dnssec_mx_valid", "rfc:4035", "rfc:7672"),
    judge=judge,
)
