"""Whose fault a silence is (dns.md D5): the address's only when its family answered after the silence had ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from samdrift.compliance.checks.ipv6 import ipv6_service_parity
from samdrift.compliance.endpoint import EndpointInHand
from samdrift.compliance.presence import PresenceInHand
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.dns import types
from samdrift.model.dns.names import from_text
from samdrift.model.dns.observation import Exchange, ZoneObservation
from samdrift.model.endpoint_observation import EndpointObservation, Touch
from samdrift.model.finding import Reason
from samdrift.model.presence.observation import PresenceObservation
from samdrift.model.presence.talks import MailTalk, WebTalk

ZONE, ADDRESS = from_text("krokom.example"), "2001:db8:22::53"
AT = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.mark.parametrize(("reason", "transport"), [(Reason.TIMEOUT, "tcp"), (Reason.UNREACHABLE, "udp"), (Reason.STALLED, "tcp")])
def test_a_silence_that_outlasts_the_familys_last_answer_is_nobodys_fault(reason, transport):
    silent = Exchange("child", ADDRESS, transport, ZONE, types.SOA, AT, 3_500_000, error=reason)

    def trouble(last_answer: timedelta):
        seen = ZoneObservation(ZONE, "public", AT, AT + timedelta(seconds=9), None, (silent,), (), {"ipv6": AT + last_answer})
        return ZoneInHand(seen).trouble(ADDRESS, transport)

    assert trouble(timedelta(seconds=1)) == (Reason.NO_VANTAGE_IPV6, False)
    assert trouble(timedelta(seconds=4)) == (reason, True)


@pytest.mark.parametrize(
    ("talk", "later", "early"),
    [(WebTalk("www", 443, ADDRESS, AT, Reason.TIMEOUT, 5_000_000), {"family": 6, "smtp": 0}, Reason.NO_VANTAGE_IPV6), (MailTalk("mx", ADDRESS, AT, Reason.TIMEOUT, 5_000_000), {"family": 6, "smtp": 6}, Reason.NO_VANTAGE_SMTP)],
)  # fmt: skip
def test_web_and_mail_that_fell_silent_after_the_last_answer_are_nobodys_fault(talk, later, early):
    """A try of 5 s that began before the last answer and went on after it proves nothing of the other side."""

    def trouble(family: int, smtp: int):
        seen = PresenceObservation(ZONE, "public", AT, AT + timedelta(seconds=9), last_answer={"ipv6": AT + timedelta(seconds=family)}, last_smtp=AT + timedelta(seconds=smtp))
        return PresenceInHand(seen).trouble(talk)

    assert trouble(**later) == (Reason.TIMEOUT, True)
    lost = {**later, "smtp": 1} if isinstance(talk, MailTalk) else {**later, "family": 1}
    assert trouble(**lost) == (early, False)


@pytest.mark.parametrize(("last_answer_s", "code"), [(6, "port-closed"), (1, "undetermined")])
def test_an_endpoint_that_fell_silent_after_the_last_answer_is_nobodys_fault(last_answer_s, code):
    touches = (Touch("192.0.2.80", AT, certificate="aa"), Touch("2001:db8::80", AT, Reason.TIMEOUT, 5_000_000))
    seen = EndpointObservation("www.krokom.example", 443, "https", AT, touches, {}, {family: AT + timedelta(seconds=last_answer_s) for family in ("ipv4", "ipv6")})
    found = ipv6_service_parity.CHECK.judge(EndpointInHand("webb", "w", seen, "krokom", (), "krokom.example", None), AT)
    assert [one.code for one in found] == [code]
