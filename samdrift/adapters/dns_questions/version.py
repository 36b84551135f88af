"""The question for a server's software, once a server and run."""

from __future__ import annotations

from samdrift.adapters.dns import Question
from samdrift.adapters.dns_look import QuestionSet
from samdrift.model.dns import types
from samdrift.model.dns.names import from_text

SET = QuestionSet("zone.version", "version.bind in class CH", once=(Question(from_text("version.bind"), types.TXT, "chaos"),))
