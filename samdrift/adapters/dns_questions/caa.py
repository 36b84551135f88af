"""Questions for who may issue certificates (RFC 8659)."""

from __future__ import annotations

from samdrift.adapters.dns_look import QuestionSet
from samdrift.model.dns import types

SET = QuestionSet("zone.caa", "CAA at the apex", apex=(types.CAA,))
