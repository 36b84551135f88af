"""Questions for the texts of the apex (SPF among them)."""

from __future__ import annotations

from samdrift.adapters.dns_look import QuestionSet
from samdrift.model.dns import types

SET = QuestionSet("zone.txt", "TXT at the apex", apex=(types.TXT,))
