"""tls-security-txt: whoever finds a weakness is told where to turn, and the file has not run out (RFC 9116)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from samdrift.compliance.presence import PresenceInHand
from samdrift.compliance.presence_ledger import PresenceLedger
from samdrift.model.check import Check, Code
from samdrift.model.finding import Finding, Reason, Remedy, Severity
from samdrift.model.period import rfc3339
from samdrift.model.presence.talks import WebTalk

SOON = timedelta(days=21)
PATH = "/.well-known/security.txt"
_FIELD = re.compile(r"^([A-Za-z-]+):(.*)$", re.MULTILINE)


def judge(hand: PresenceInHand, at: datetime) -> tuple[Finding, ...]:
    """The file of the zone's first web name."""
    ledger = PresenceLedger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    host = next((host for host in hand.web_hosts if host.addresses), None)
    talks = [talk for talk in hand.web_talks(host.name, 443) if talk.tls is not None and talk.tls.version is not None] if host else []
    if not talks:
        if hand.seen.stopped is None:
            return ledger.not_applicable(f"{hand.seen.name} has no web over https")
        ledger.unknown(hand.seen.stopped, "the look ended before it was whole")
        return ledger.findings(well="")
    told = next((talk for talk in talks if talk.security_txt is not None), None)
    if told is None or told.security_txt is None:
        ledger.unknown(hand.seen.stopped or Reason.NO_DATA, f"security.txt of {talks[0].host} could not be fetched")
        return ledger.findings(well="")
    expires = _file(ledger, told, told.security_txt, at)
    return ledger.findings(well="security.txt tells where to turn", value={"expires_at": rfc3339(expires)} if expires else {})


def _file(ledger: PresenceLedger, talk: WebTalk, told: tuple[int | None, bytes], at: datetime) -> datetime | None:
    status, octets = told
    fields = [(name.lower(), value.strip()) for name, value in _FIELD.findall(octets.decode("utf-8", "replace").replace("\r\n", "\n"))]
    url = f"https://{talk.host}{PATH}"
    until = (at + timedelta(days=365)).replace(hour=0, minute=0, second=0, microsecond=0)
    remedy = Remedy(f"Write the file anew at {url}", record=f"Contact: mailto:security@{ledger.hand.seen.name}\nExpires: {rfc3339(until)}", by="web-operator")
    if status != 200 or not any(name == "contact" for name, _ in fields):
        ledger.note("none", f"there is no security.txt at {url}", host=talk.host, remedy=remedy)
        return None
    expires = next((found for name, value in fields if name == "expires" and (found := _instant(value))), None)
    value = {"expires_at": rfc3339(expires)} if expires else {}
    if expires is None:
        ledger.note("no-expires", f"{url} does not say until when it holds", host=talk.host, remedy=remedy)
    elif expires <= at:
        ledger.note("expired", f"{url} ran out {rfc3339(expires)}", host=talk.host, value=value, remedy=remedy)
    elif expires - at < SOON:
        ledger.note("expires-soon", f"{url} runs out {rfc3339(expires)}", host=talk.host, value=value, remedy=remedy)
    return expires


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.strip().upper())
        return found.astimezone(UTC) if found.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


CHECK = Check(
    id="tls-security-txt",
    category="tls",
    title="security.txt is there and holds",
    requirement="The web has a security.txt with a contact, and it does not run out within 21 days.",
    remedy="Write /.well-known/security.txt with Contact and Expires, and renew it every year.",
    codes=(
        Code("expired", Severity.WARNING, "security.txt has run out."),
        Code("expires-soon", Severity.WARNING, "security.txt runs out within 21 days."),
        Code("no-expires", Severity.WARNING, "security.txt does not say until when it holds (RFC 9116 2.5.5)."),
        Code("none", Severity.NOTICE, "There is no security.txt.", ("internetnl:http_securitytxt",)),
    ),
    needs=("presence", "web"),
    references=("internetnl:http_securitytxt", "rfc:9116"),
    judge=judge,
)
