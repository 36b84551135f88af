"""Questions over TCP beside SOA, which is always asked there."""

from __future__ import annotations

from samdrift.adapters.dns_look import QuestionSet
from samdrift.model.dns import types

SET = QuestionSet("zone.tcp", "NS at the apex over TCP", tcp=(types.NS,))
