"""Questions for what is not there: a type that nobody uses at the apex, and a random name below it (RFC 4035 5.4, RFC 5155 8)."""

from __future__ import annotations

from samdrift.adapters.dns import Question
from samdrift.adapters.dns_look import Look, QuestionSet
from samdrift.model.dns import types


def _questions(look: Look, _address: str) -> tuple[Question, ...]:
    return Question(look.zone, types.UNUSED), Question(look.probe, types.A)


SET = QuestionSet("zone.denial", "an unused type at the apex, and a random name", at_address=_questions)
