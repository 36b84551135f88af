"""Questions for the addresses of the apex itself."""

from __future__ import annotations

from samdrift.adapters.dns_look import QuestionSet
from samdrift.model.dns import types

SET = QuestionSet("zone.address", "A at the apex", apex=(types.A,))
