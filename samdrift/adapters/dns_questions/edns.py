"""Questions that show how a server takes EDNS, once a server and run (RFC 6891); about the root, so that no zone stands in another's evidence."""

from __future__ import annotations

from samdrift.adapters.dns import Question
from samdrift.adapters.dns_look import QuestionSet
from samdrift.model.dns import types
from samdrift.model.dns.names import ROOT

SET = QuestionSet(
    "zone.edns", "EDNS version 1, an unknown option, an unknown flag",
    once=(Question(ROOT, types.SOA, "version-1"), Question(ROOT, types.SOA, "unknown-option"), Question(ROOT, types.SOA, "unknown-flag")),
)  # fmt: skip
