"""ipv6-service-parity: what a service's endpoint gives over IPv4 it gives over IPv6 too."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from samdrift.compliance.endpoint import EndpointInHand
from samdrift.compliance.zone import NO_VANTAGE, SILENCE
from samdrift.model.check import Check, Code, Verdict
from samdrift.model.dns.observation import Family, family_of
from samdrift.model.endpoint_observation import Touch
from samdrift.model.finding import Finding, Reason, Remedy, Severity, Subject, Value

OWNER = "service-operator"


def judge(hand: EndpointInHand, at: datetime) -> tuple[Finding, ...]:  # noqa: ARG001 (the protocol of checks)
    """One endpoint: addresses, port, health and certificate by family; each difference is said."""
    return tuple(replace(one, members=hand.members) for one in _judge(hand))


def _judge(hand: EndpointInHand) -> tuple[Finding, ...]:
    seen = hand.seen
    verdict = Verdict(CHECK.id, Subject("service", hand.service, hand.endpoint), seen.started_at, {code.id: code.severity for code in CHECK.codes}, member=hand.member)
    where = f"{seen.host}:{seen.port}"
    value: dict[str, Value] = {"zone": hand.zone, "host": seen.host, "port": seen.port, "protocol": seen.protocol}
    if seen.stopped is not None:
        return (verdict.undetermined(seen.stopped, f"the look at {where} ended before it was whole", value=value),)
    four, six = hand.of("ipv4"), hand.of("ipv6")
    unknown = sorted(seen.unknown.items())
    if unknown:
        family, reason = unknown[0]
        return (verdict.undetermined(reason, f"the {family} addresses of {seen.host} could not be found out", value=value),)
    if not four and not six:
        return (replace(verdict.not_applicable(f"{seen.host} has no address of either family: there is nothing to compare"), value=value),)
    if not six:
        remedy = Remedy(f"Give {seen.host} an IPv6 address and let the service listen on it", record=f"{seen.host}. IN AAAA <the server's IPv6 address>", by=OWNER)
        return (verdict.found("no-aaaa", f"{seen.host} has IPv4 but no IPv6 address", value=value, remedy=remedy),)
    if not four:
        return (verdict.found("v6-only", f"{seen.host} has IPv6 addresses alone", value=value), verdict.ok(f"{where} answers over IPv6", value=value)) if _open(six) else (verdict.undetermined(_why(hand, six[0])[0], f"{where} does not answer", value=value),)
    return tuple(_compare(hand, verdict, four, six, value, where))


def _open(touches: tuple[Touch, ...]) -> list[Touch]:
    return [touch for touch in touches if touch.closed is None]


def _why(hand: EndpointInHand, touch: Touch) -> tuple[Reason, bool]:
    """Why an address is closed, and whether that is proven to be its own fault (D5)."""
    family: Family = family_of(touch.address)
    proven = hand.seen.last_answer.get(family)
    if touch.closed in SILENCE and (proven is None or proven < touch.silent_until):
        return NO_VANTAGE[family], False
    return touch.closed or Reason.NO_DATA, True


def _compare(hand: EndpointInHand, verdict: Verdict, four: tuple[Touch, ...], six: tuple[Touch, ...], value: dict[str, Value], where: str) -> list[Finding]:
    open_four, open_six = _open(four), _open(six)
    if not open_four and not open_six:
        return [verdict.undetermined(_why(hand, four[0])[0], f"{where} answers over neither family", value=value)]
    found = []
    closed = [touch for touch in six if touch.closed is not None]
    if open_four and closed:
        judged = [_why(hand, touch) for touch in closed]
        if all(proven for _, proven in judged):
            addresses = ", ".join(f"{touch.address} ({reason})" for touch, (reason, _) in zip(closed, judged, strict=True))
            remedy = Remedy(f"Let the service listen on [::]:{hand.seen.port}, and let the firewall pass it as it does over IPv4", command=f"ss -ltn 'sport = :{hand.seen.port}'", by=OWNER)
            found.append(verdict.found("port-closed", f"{hand.seen.host} port {hand.seen.port} is open over IPv4 but not on {addresses}", value={**value, "address": closed[0].address}, remedy=remedy))
        else:
            found.append(verdict.undetermined(judged[0][0], f"whether {where} answers over IPv6 is not known: IPv6 does not work from here", value=value))
    if not open_four:
        found.append(verdict.found("v6-only", f"{where} answers over IPv6 alone", value=value))
    if open_four and open_six:
        found += _same(verdict, hand, open_four, open_six, value)
    if not any(one.severity in {Severity.FAILURE, Severity.WARNING} or one.reason for one in found):
        found.append(verdict.ok(f"{where} answers alike over IPv4 and IPv6", value=value))
    return found


def _same(verdict: Verdict, hand: EndpointInHand, four: list[Touch], six: list[Touch], value: dict[str, Value]) -> list[Finding]:
    found = []
    healths = ({_health(touch) for touch in four}, {_health(touch) for touch in six})
    if hand.health_path is not None and healths[0] != healths[1]:
        shown = tuple(" ".join(sorted(each)) for each in healths)
        found.append(verdict.found("health-differs", f"{hand.seen.host}{hand.health_path} gives {shown[0]} over IPv4 and {shown[1]} over IPv6", value={**value, "ipv4": shown[0], "ipv6": shown[1]}, remedy=Remedy("Point both addresses to the same service, with the same virtual host", by=OWNER)))
    certificates = ({touch.certificate for touch in four}, {touch.certificate for touch in six})
    if certificates[0] != certificates[1]:
        found.append(verdict.found("certificate-differs", f"{hand.seen.host} shows another certificate over IPv6 than over IPv4", value=value, remedy=Remedy("Install the same certificate for both families", by=OWNER)))
    return found


def _health(touch: Touch) -> str:
    return str(touch.health) if touch.health is not None else str(touch.health_error or "nothing")


CHECK = Check(
    id="ipv6-service-parity",
    category="ipv6",
    title="Services answer alike over IPv4 and IPv6",
    requirement="Every endpoint that a service has over IPv4 it has over IPv6: address, open port, the same health and certificate.",
    remedy="Publish an AAAA record, and let the service listen and the firewall pass over IPv6 as over IPv4.",
    codes=(
        Code("no-aaaa", Severity.FAILURE, "The endpoint's host has no IPv6 address."),
        Code("port-closed", Severity.FAILURE, "The port is open over IPv4 but not over IPv6."),
        Code("health-differs", Severity.FAILURE, "The health path answers otherwise over IPv6."),
        Code("certificate-differs", Severity.WARNING, "Another certificate is shown over IPv6."),
        Code("v6-only", Severity.NOTICE, "The endpoint is there over IPv6 alone."),
    ),
    needs=("endpoint",),
    references=("internetnl:web_aaaa", "internetnl:web_reach", "rfc:6540"),
    judge=judge,
)
