"""The keys and DS of every zone above, from the root down, found out once a run (RFC 4035 5)."""

from __future__ import annotations

from samdrift.adapters.dns_look import Look, QuestionSet


async def _chain(look: Look) -> None:
    if look.parent is not None:
        look.keep(await look.walk.chain(look.parent))


SET = QuestionSet("zone.chain", "DNSKEY and DS of every zone above", then=_chain)
