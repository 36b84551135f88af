"""Questions for AAAA at the apex: also how a server treats such questions (RFC 4074)."""

from __future__ import annotations

from samdrift.adapters.dns_look import QuestionSet
from samdrift.model.dns import types

SET = QuestionSet("zone.aaaa", "AAAA at the apex", apex=(types.AAAA,))
