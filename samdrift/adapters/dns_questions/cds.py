"""Questions for what the zone wants its DS to be (RFC 7344)."""

from __future__ import annotations

from samdrift.adapters.dns import Question
from samdrift.adapters.dns_look import Look, QuestionSet
from samdrift.model.dns import types

KINDS = (types.CDS, types.CDNSKEY)


async def _spot(look: Look) -> None:
    """One server whose denial at the apex shows no CDS is asked all the same: a signer may serve one that its own proof denies. If it does, all are asked."""
    denied = [one for one in look.answering if (there := look.apex_types(one)) is not None and types.CDS not in there]
    if not denied:
        return
    message = await look.ask("child", denied[0], Question(look.zone, types.CDS))
    if message is not None and message.rrset(look.zone, types.CDS):
        await look.ask_each((one, Question(look.zone, rtype)) for one in denied for rtype in KINDS if (one, rtype) != (denied[0], types.CDS))


SET = QuestionSet("zone.cds", "CDS and CDNSKEY at the apex", if_there=KINDS, then=_spot)
