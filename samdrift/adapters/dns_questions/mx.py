"""Questions for where the zone takes mail."""

from __future__ import annotations

from samdrift.adapters.dns_look import QuestionSet
from samdrift.model.dns import types

SET = QuestionSet("zone.mx", "MX at the apex", apex=(types.MX,))
