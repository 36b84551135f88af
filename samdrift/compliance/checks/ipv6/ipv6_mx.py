"""ipv6-mx: every mail exchanger has an IPv6 address and answers on port 25 over it."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.presence import PresenceInHand, shown_name
from samdrift.compliance.presence_ledger import PresenceLedger
from samdrift.model.check import Check, Code
from samdrift.model.dns.observation import Host
from samdrift.model.finding import Finding, Reason, Remedy, Severity

MAIL, DNS = "mail-operator", "dns-operator"


def judge(hand: PresenceInHand, at: datetime) -> tuple[Finding, ...]:
    """Each mail exchanger by itself."""
    ledger = PresenceLedger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    if hand.mx_unknown is not None:
        ledger.unknown(hand.mx_unknown, f"the MX of {hand.seen.name} could not be found out")
        return ledger.findings(well="")
    if not hand.takes_mail:
        return ledger.not_applicable(f"{hand.seen.name} takes no mail")
    if hand.unfound:
        return ledger.not_applicable(f"no mail exchanger of {hand.seen.name} has an address")
    for host in hand.mail_hosts:
        _host(ledger, host)
    talks = [talk for host in hand.mail_hosts for talk in hand.mail_talks(host.name)]
    return ledger.findings(well=f"{len(hand.mail_hosts)} mail exchangers answer over IPv6", rests_on=[hand.lookup(hand.seen.zone, 15), *talks])


def _host(ledger: PresenceLedger, host: Host) -> None:
    hand, name = ledger.hand, shown_name(host.name)
    if "ipv6" in host.unknown:
        ledger.unknown(host.unknown["ipv6"], f"the IPv6 addresses of {name} could not be found out", part=name)
        return
    if host.of("ipv4") and not host.of("ipv6"):
        remedy = Remedy(f"Give {name} an IPv6 address and let the mail server listen on it", record=f"{name}. IN AAAA <the mail server's IPv6 address>", by=DNS)
        ledger.note("no-aaaa", f"the mail exchanger {name} has no IPv6 address", host=name, rrset=f"{name}./AAAA", remedy=remedy)
    met = {talk.address: talk for talk in hand.mail_talks(host.name)}
    for address in host.of("ipv6"):
        talk = met.get(address)
        if talk is None:
            ledger.unknown(hand.seen.stopped or Reason.NO_DATA, f"{name} was not tried on {address}", part=name, address=address)
        elif talk.closed is not None:
            reason, proven = hand.trouble(talk)
            if not proven:
                what = "port 25" if reason is Reason.NO_VANTAGE_SMTP else "IPv6"
                ledger.unknown(reason, f"whether {name} answers over IPv6 is not known: {what} does not work from here", part=name, address=address)
                continue
            remedy = Remedy(f"Let {name} listen on [{address}]:25, and let the firewall pass it as it does over IPv4", command="postconf inet_protocols inet_interfaces", by=MAIL)
            ledger.note("port-closed", f"{name} does not answer on port 25 over IPv6 ({reason})", host=name, address=address, value={"port": 25, "cause": str(reason)}, remedy=remedy)


CHECK = Check(
    id="ipv6-mx",
    category="ipv6",
    title="Mail exchangers are reached over IPv6",
    requirement="Every mail exchanger has an IPv6 address, and TCP port 25 answers on each.",
    remedy="Publish the AAAA of the mail exchanger, and let it listen and the firewall pass port 25 over IPv6.",
    codes=(
        Code("no-aaaa", Severity.FAILURE, "A mail exchanger has no IPv6 address.", ("internetnl:mx_aaaa",)),
        Code("port-closed", Severity.FAILURE, "A mail exchanger does not answer on port 25 over IPv6.", ("internetnl:mx_reach",)),
    ),
    needs=("presence", "mail-servers"),
    references=("internetnl:mx_aaaa", "internetnl:mx_reach", "rfc:3974"),
    judge=judge,
)
