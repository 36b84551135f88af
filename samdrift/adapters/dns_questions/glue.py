"""Questions for the addresses of the zone's own name servers, at every address of the zone."""

from __future__ import annotations

from samdrift.adapters.dns import Question
from samdrift.adapters.dns_look import Look, QuestionSet
from samdrift.adapters.dns_walk import TYPE_OF


def _questions(look: Look, _address: str) -> tuple[Question, ...]:
    return tuple(Question(name, rtype) for name in look.inside for rtype in TYPE_OF.values())


SET = QuestionSet("zone.glue", "A and AAAA of servers named within the zone", at_address=_questions)
