"""A transfer asked for at every address; only the first message of what comes is read."""

from __future__ import annotations

from samdrift.adapters.dns_look import QuestionSet
from samdrift.model.dns import types

SET = QuestionSet("zone.transfer", "AXFR of the zone", tcp=(types.AXFR,))
