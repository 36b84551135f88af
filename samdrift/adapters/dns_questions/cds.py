"""Questions for what the zone wants its DS to be (RFC 7344)."""

from __future__ import annotations

from samdrift.adapters.dns_look import QuestionSet
from samdrift.model.dns import types

SET = QuestionSet("zone.cds", "CDS and CDNSKEY at the apex", if_there=(types.CDS, types.CDNSKEY))
