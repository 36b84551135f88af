"""ipv6-web: the web of a zone is there over IPv6 as over IPv4: address, ports, status, content."""

from __future__ import annotations

import ipaddress
from datetime import datetime

from samdrift.compliance.presence import PresenceInHand, shown_name
from samdrift.compliance.presence_ledger import PresenceLedger
from samdrift.model.check import Check, Code
from samdrift.model.dns.observation import Host
from samdrift.model.finding import Finding, Reason, Remedy, Severity
from samdrift.model.presence.talks import WebTalk

WEB, DNS = "web-operator", "dns-operator"
MOST_OFF = 0.1
"""Share of a page's words that may differ between the families."""
REDIRECTS = range(300, 400)


def judge(hand: PresenceInHand, at: datetime) -> tuple[Finding, ...]:
    """Each web name by itself: the families compared address by address."""
    ledger = PresenceLedger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    looked = [host for host in hand.web_hosts if _host(ledger, host)]
    if not looked and not ledger.noted:
        return ledger.not_applicable(f"{hand.seen.name} has no web: neither it nor www has an address")
    names = ", ".join(shown_name(host.name) for host in looked)
    return ledger.findings(well=f"{names}: over IPv6 as over IPv4", rests_on=[talk for host in looked for port in (80, 443) for talk in hand.web_talks(host.name, port)])


def _host(ledger: PresenceLedger, host: Host) -> bool:
    """Whether the name has an address to judge."""
    name = shown_name(host.name)
    for family, reason in sorted(host.unknown.items()):
        ledger.unknown(reason, f"the {family} addresses of {name} could not be found out", part=name)
    mapped = [one for one in host.of("ipv6") if ipaddress.IPv6Address(one).ipv4_mapped]
    six, four = [one for one in host.of("ipv6") if one not in mapped], host.of("ipv4")
    for address in mapped:
        ledger.note("v4-mapped", f"{name} has the AAAA {address}, an IPv4 address in disguise", host=name, address=address, rrset=f"{name}./AAAA", remedy=Remedy(f"Replace the AAAA of {name} by the server's own IPv6 address", record=f"{name}. IN AAAA <the server's IPv6 address>", by=DNS))
    if host.unknown:
        return bool(four or six)
    if four and not six and not mapped:
        ledger.note("no-aaaa", f"{name} has IPv4 but no IPv6 address", host=name, rrset=f"{name}./AAAA", remedy=Remedy(f"Give {name} an IPv6 address and let the web server listen on it", record=f"{name}. IN AAAA <the server's IPv6 address>", by=DNS))
    if six and not four:
        ledger.note("v6-only", f"{name} has IPv6 addresses alone", host=name)
    if four and six:
        for port in (80, 443):
            _port(ledger, name, port, [talk for talk in ledger.hand.web_talks(host.name, port) if talk.address not in mapped])
    return bool(four or six or mapped)


def _port(ledger: PresenceLedger, name: str, port: int, talks: list[WebTalk]) -> None:
    four, six = [talk for talk in talks if ":" not in talk.address], [talk for talk in talks if ":" in talk.address]
    open_four, open_six = [talk for talk in four if talk.closed is None], [talk for talk in six if talk.closed is None]
    if open_six and not open_four:
        ledger.note("v6-only", f"{name} answers on port {port} over IPv6 alone", host=name, part=f"{name}:{port}")
    if not open_four:
        return
    for talk in six:
        if talk.closed is None:
            continue
        reason, proven = ledger.hand.trouble(talk)
        if not proven:
            ledger.unknown(reason, f"whether {name} answers on port {port} over IPv6 is not known: IPv6 does not work from here", part=f"{name}:{port}", address=talk.address)
            continue
        remedy = Remedy(f"Let the web server listen on [{talk.address}]:{port}, and let the firewall pass it as it does over IPv4", command=f"ss -ltn 'sport = :{port}'", by=WEB)
        ledger.note("port-closed", f"{name} port {port} is open over IPv4 but not over IPv6 ({reason})", host=name, part=f"{name}:{port}", address=talk.address, value={"port": port, "cause": str(reason)}, remedy=remedy)
    if open_six:
        _same(ledger, name, port, open_four, open_six)


def _status(talk: WebTalk, *, first: bool) -> str:
    last = talk.first if first else talk.last
    if last is None or last.status is None:
        return str((talk.tls.failed if talk.tls else None) or (last.failed if last else None) or "nothing")
    return str(last.status)


def _same(ledger: PresenceLedger, name: str, port: int, four: list[WebTalk], six: list[WebTalk]) -> None:
    ended = [talk.last.status for talk in (*four, *six) if talk.last is not None]
    first = any(status is not None and status in REDIRECTS for status in ended)  # one that leads on to what does not answer: that is told there
    said = tuple(" ".join(sorted({_status(talk, first=first) for talk in talks})) for talks in (four, six))
    if any(str(Reason.STALLED) in words.split() for words in said):
        ledger.unknown(Reason.STALLED, f"{name} port {port} did not answer in time", part=f"{name}:{port}")
        return
    same_place = Remedy(f"Let {name} be served by the same virtual host over both families", by=WEB)
    if said[0] != said[1]:
        ledger.note("status-differs", f"{name} port {port} gives {said[0]} over IPv4 and {said[1]} over IPv6", host=name, part=f"{name}:{port}", value={"port": port, "ipv4": said[0], "ipv6": said[1]}, remedy=same_place, rests_on=(*four, *six))
        return
    off = max((_off(one, other) for one in four for other in six), default=0.0)
    if off > MOST_OFF:
        ledger.note("content-differs", f"{name} port {port} shows other text over IPv6: {round(off * 100)} % of the words differ", host=name, part=f"{name}:{port}", value={"port": port, "differs_permille": round(off * 1000)}, remedy=same_place, rests_on=(*four, *six))


def _off(one: WebTalk, other: WebTalk) -> float:
    """The share of words that differ, by classes of words; 0 where a text is missing or was cut."""
    first, second = one.last, other.last
    if first is None or second is None or not first.words or not second.words or first.cut or second.cut:
        return 0.0
    return sum(abs(a - b) for a, b in zip(first.words, second.words, strict=True)) / (sum(first.words) + sum(second.words))


CHECK = Check(
    id="ipv6-web",
    category="ipv6",
    title="The web is reached over IPv6",
    requirement="The zone's web names have an AAAA where they have an A, and ports 80 and 443 answer over IPv6 as over IPv4.",
    remedy="Publish the AAAA, and let the web server listen and the firewall pass over IPv6 as over IPv4.",
    codes=(
        Code("no-aaaa", Severity.FAILURE, "A web name has no IPv6 address.", ("internetnl:web_aaaa",)),
        Code("v4-mapped", Severity.FAILURE, "An AAAA holds an IPv4 address in disguise."),
        Code("port-closed", Severity.FAILURE, "A port is open over IPv4 but not over IPv6.", ("internetnl:web_reach",)),
        Code("status-differs", Severity.WARNING, "The web answers otherwise over IPv6."),
        Code("content-differs", Severity.WARNING, "More than a tenth of the text differs over IPv6.", ("internetnl:web_ipv46",)),
        Code("v6-only", Severity.NOTICE, "The web is there over IPv6 alone."),
    ),
    needs=("presence", "web"),
    references=("internetnl:web_aaaa", "internetnl:web_reach", "rfc:6540"),
    judge=judge,
)
