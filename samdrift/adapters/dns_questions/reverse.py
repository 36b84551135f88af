"""Questions for the names of the name servers' addresses (PTR), found out by the tree."""

from __future__ import annotations

from samdrift.adapters.dns_look import Look, QuestionSet
from samdrift.model.dns import types
from samdrift.model.dns.names import reverse_name


async def _reverse(look: Look) -> None:
    for address in sorted({one for held in look.hosts.values() for one in held}):
        await look.resolve(reverse_name(address), types.PTR)


SET = QuestionSet("zone.reverse", "PTR of every address of the name servers", then=_reverse)
