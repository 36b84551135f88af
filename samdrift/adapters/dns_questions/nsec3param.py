"""Questions for the parameters of NSEC3 (RFC 5155 4)."""

from __future__ import annotations

from samdrift.adapters.dns_look import QuestionSet
from samdrift.model.dns import types

SET = QuestionSet("zone.nsec3param", "NSEC3PARAM at the apex", if_there=(types.NSEC3PARAM,))
