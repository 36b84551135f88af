"""Whose fault a silence is (dns.md D5): the address's only when its family answered after the silence had ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from samdrift.compliance.zone import ZoneInHand
from samdrift.model.dns import types
from samdrift.model.dns.names import from_text
from samdrift.model.dns.observation import Exchange, ZoneObservation
from samdrift.model.finding import Reason

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
