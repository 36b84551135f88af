"""tls-https: the web answers on 443, port 80 leads there, and browsers are told to stay (RFC 6797)."""

from __future__ import annotations

import re
from datetime import datetime

from samdrift.compliance.presence import PresenceInHand, shown_name
from samdrift.compliance.presence_ledger import PresenceLedger
from samdrift.model.check import Check, Code
from samdrift.model.dns.observation import Host
from samdrift.model.finding import Finding, Reason, Remedy, Severity
from samdrift.model.presence.talks import WebTalk

YEAR_SECONDS = 31_536_000
WEB = "web-operator"
_URL = re.compile(r"([a-z][a-z0-9+.-]*)://(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)", re.IGNORECASE)
_MAX_AGE = re.compile(r'(?:^|;)\s*max-age\s*=\s*"?(\d{1,18})"?\s*(?:;|$)', re.IGNORECASE)


def judge(hand: PresenceInHand, at: datetime) -> tuple[Finding, ...]:
    """Each web name that the inventory promises or that answers."""
    ledger = PresenceLedger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    hosts = [host for host in hand.web_hosts if hand.has_web(host.name)]
    _unmet(ledger, hosts)
    if not hosts and not ledger.noted:
        return ledger.not_applicable(f"{hand.seen.name} has no web")
    for host in hosts:
        _https(ledger, host)
        for talk in hand.web_talks(host.name, 80):
            _forced(ledger, talk)
    names = ", ".join(shown_name(host.name) for host in hosts)
    return ledger.findings(well=f"{names}: https alone", rests_on=[talk for host in hosts for port in (80, 443) for talk in hand.web_talks(host.name, port)])


def _unmet(ledger: PresenceLedger, hosts: list[Host]) -> None:
    """Names that may have a web but could not be met: no vantage, or the look was cut short."""
    hand = ledger.hand
    for host in hand.web_hosts:
        if host in hosts:
            continue
        name = shown_name(host.name)
        if host.unknown and not host.addresses:
            ledger.unknown(next(iter(host.unknown.values())), f"the addresses of {name} could not be found out", part=name)
        troubles = [hand.trouble(talk) for port in (80, 443) for talk in hand.web_talks(host.name, port)]
        if troubles and not any(proven for _, proven in troubles):
            ledger.unknown(troubles[0][0], f"whether {name} has a web is not known from here", part=name)
        elif not troubles and host.addresses:
            ledger.unknown(hand.seen.stopped or Reason.NO_DATA, f"{name} was not met", part=name)


def _https(ledger: PresenceLedger, host: Host) -> None:
    hand, name = ledger.hand, shown_name(host.name)
    talks = hand.web_talks(host.name, 443)
    remedy = Remedy(f"Let the web server of {name} listen on port 443 with a certificate for that name", command=f"certbot --nginx -d {name}", by=WEB)
    if not host.addresses and not host.unknown:
        ledger.note("no-https", f"{name} has no address", host=name, remedy=Remedy(f"Give {name} its addresses, or take it out of the zone's web names", record=f"{name}. IN A <the web server's address>", by=WEB))
        return
    opened = [talk for talk in talks if talk.closed is None]
    four_open = any(":" not in talk.address for talk in opened)
    for talk in talks:
        if talk.closed is not None:
            reason, proven = hand.trouble(talk)
            if not proven:
                ledger.unknown(reason, f"whether {name} answers on port 443 is not known from here", part=name, address=talk.address)
            elif ":" in talk.address and four_open:
                ledger.skip(talk.address, reason)  # a lack over IPv6 alone is told by ipv6-web
            else:
                ledger.note("no-https", f"{name} does not answer on port 443 ({reason})", host=name, address=talk.address, value={"cause": str(reason)}, remedy=remedy)
        elif talk.tls is None or talk.tls.version is None:
            _no_session(ledger, talk, remedy)
        else:
            _hsts(ledger, talk)
    if not talks:
        ledger.unknown(hand.seen.stopped or next(iter(host.unknown.values()), Reason.NO_DATA), f"{name} was not met", part=name)


def _no_session(ledger: PresenceLedger, talk: WebTalk, remedy: Remedy) -> None:
    tls = talk.tls
    if tls is not None and tls.failed is Reason.ALGORITHM_UNSUPPORTED:
        ledger.unknown(tls.failed, f"our own TLS could not meet {talk.host} ({tls.error})", part=talk.host, address=talk.address)
    else:
        ledger.note("no-https", f"{talk.host} takes connections on port 443 but no TLS ({tls.error if tls else 'nothing'})", host=talk.host, address=talk.address, remedy=remedy, rests_on=[talk])


def _hsts(ledger: PresenceLedger, talk: WebTalk) -> None:
    first = talk.first
    if first is None or first.status is None:
        ledger.unknown((first.failed if first else None) or Reason.NO_DATA, f"{talk.host} gives no reply over https", part=talk.host, address=talk.address)
        return
    header = f"max-age={YEAR_SECONDS}"
    remedy = Remedy(f"Send Strict-Transport-Security: {header} over https", command=f'add_header Strict-Transport-Security "{header}" always;', by=WEB)
    told = first.field("Strict-Transport-Security")
    found = _MAX_AGE.search(told) if told else None
    if found is None:
        ledger.note("hsts-none", f"{talk.host} does not tell browsers to stay with https (HSTS)", host=talk.host, address=talk.address, value={"header": told[:200] if told else None}, remedy=remedy, rests_on=[talk])
    elif int(found[1]) < YEAR_SECONDS:
        ledger.note("hsts-short", f"{talk.host} tells browsers to stay with https for {found[1]} seconds, under a year", host=talk.host, address=talk.address, value={"max_age_seconds": int(found[1])}, remedy=remedy, rests_on=[talk])


def _forced(ledger: PresenceLedger, talk: WebTalk) -> None:
    """Port 80 must lead to https on the same host before anywhere else."""
    first = talk.first
    if talk.closed is not None or first is None:
        return
    if first.status is None:
        ledger.unknown(first.failed or Reason.NO_DATA, f"{talk.host} gives no reply on port 80", part=f"{talk.host}:80", address=talk.address)
        return
    found = _URL.match(first.leads_to or "")
    target = (found[1].lower(), found[2].lower().rstrip(".")) if found else None
    if target is None or target[0] != "https" or target[1] != talk.host:
        where = f"leads to {target[0]}://{target[1]} first" if target else f"answers {first.status} without leading to https"
        remedy = Remedy(f"Answer on port 80 with 301 to https://{talk.host}/ alone", command="return 301 https://$host$request_uri;", by=WEB)
        ledger.note("not-forced", f"{talk.host} port 80 {where}", host=talk.host, address=talk.address, value={"status": first.status, "location": first.leads_to}, remedy=remedy, rests_on=[talk])


CHECK = Check(
    id="tls-https",
    category="tls",
    title="The web is https alone",
    requirement="443 answers; 80 leads to https on the same host first; HSTS holds for at least a year.",
    remedy="Serve https, redirect port 80 to it, and send Strict-Transport-Security.",
    codes=(
        Code("no-https", Severity.FAILURE, "A web name does not answer over https.", ("internetnl:https_exists",)),
        Code("not-forced", Severity.FAILURE, "Port 80 does not lead to https on the same host first.", ("internetnl:https_forced",)),
        Code("hsts-none", Severity.WARNING, "HSTS is not sent.", ("internetnl:https_hsts",)),
        Code("hsts-short", Severity.WARNING, "HSTS holds for less than a year.", ("internetnl:https_hsts",)),
    ),
    needs=("presence", "web"),
    references=("internetnl:https_exists", "internetnl:https_forced", "internetnl:https_hsts", "rfc:6797"),
    judge=judge,
)
