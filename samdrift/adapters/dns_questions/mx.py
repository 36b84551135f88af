"""The question for the hosts that take the zone's mail, put to one server that answers; mail-mx looks at all of them."""

from __future__ import annotations

from samdrift.adapters.dns import Question
from samdrift.adapters.dns_look import Look, QuestionSet
from samdrift.model.dns import types


async def _one(look: Look) -> None:
    await look.ask_each((address, Question(look.zone, types.MX)) for address in look.answering[:1])


SET = QuestionSet("zone.mx", "MX at the apex, of one server", then=_one)
