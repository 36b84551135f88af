"""A look by telling asks nobody; and CDS is asked of one server although its denial shows none, of all when it is there all the same."""

from __future__ import annotations

import asyncio
import struct
from datetime import UTC, datetime

import pytest

from samdrift.adapters.dns_questions import cds
from samdrift.adapters.presence import Shown
from samdrift.adapters.told_walk import look_by_telling
from samdrift.compliance.proposed import exchange_of
from samdrift.model.dns import types
from samdrift.model.dns.message import Record, read_message
from samdrift.model.dns.names import from_text
from samdrift.model.finding import Reason

ZONE, AT = from_text("krokom.example"), datetime(2026, 11, 24, 8, tzinfo=UTC)


def test_what_is_told_is_what_is_seen_and_what_nobody_knows_is_no_data():
    mx = Record(ZONE, types.MX, types.IN, 300, struct.pack(">H", 10) + from_text("mx.krokom.example"))
    asked = []

    def told(name, rtype):
        asked.append((name, rtype))
        return (exchange_of(name, rtype, AT, 0x8400, [mx] if rtype == types.MX else [], []),) if name == ZONE else ()

    seen = look_by_telling(Shown(ZONE), told, view="public")
    found = {(one.name, one.type): one for one in seen.lookups}
    assert found[ZONE, types.MX].records == (mx,)
    assert found[from_text("_dmarc.krokom.example"), types.TXT].failure is Reason.NO_DATA
    assert found[from_text("mx.krokom.example"), types.A].failure is Reason.NO_DATA
    assert (seen.exists, seen.web, seen.mail, seen.at_servers) == (True, (), (), ())
    assert set(found) == set(asked)


class Servers:
    """What the question set knows of a look: two servers whose denial at the apex shows no CDS."""

    zone, answering = ZONE, ("192.0.2.1", "192.0.2.2")

    def __init__(self, served: bool) -> None:
        self.served, self.asked = served, []

    def apex_types(self, _address):
        return frozenset({types.SOA, types.NS, types.RRSIG})

    async def ask(self, _side, address, question):
        self.asked.append((address, question.type))
        answer = [Record(ZONE, types.CDS, types.IN, 300, b"\0\1\r\2" + bytes(32))] if self.served else []
        return read_message(exchange_of(ZONE, question.type, AT, 0x8400, answer, []).reply)

    async def ask_each(self, questions):
        for address, question in questions:
            await self.ask("child", address, question)


@pytest.mark.parametrize(("served", "asked"), [(False, 1), (True, 4)])
def test_one_server_is_asked_for_cds_that_it_denies_and_all_when_it_is_served(served, asked):
    look = Servers(served)
    assert cds.SET.then is not None
    asyncio.run(cds.SET.then(look))
    assert look.asked[0] == ("192.0.2.1", types.CDS)
    assert len(set(look.asked)) == len(look.asked) == asked
