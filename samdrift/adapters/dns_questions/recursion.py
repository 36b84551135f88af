"""A question for somebody else's name with recursion desired, once a server and run."""

from __future__ import annotations

from samdrift.adapters.dns import Question
from samdrift.adapters.dns_look import QuestionSet
from samdrift.model.dns import types
from samdrift.model.dns.names import from_text

FOREIGN = from_text("samdrift-recursion-probe.invalid")
"""Nobody's name (RFC 6761 6.4): a server that recurses says NXDOMAIN with RA, one that does not refuses or refers."""
SET = QuestionSet("zone.recursion", "a foreign name, with recursion desired", once=(Question(FOREIGN, types.A, "recursive"),))
