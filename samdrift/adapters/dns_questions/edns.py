"""Questions that show how a server takes EDNS, once a server and run (RFC 6891); about the root, so that no zone stands in another's evidence."""

from __future__ import annotations

from samdrift.adapters.dns import Question
from samdrift.adapters.dns_look import Look, QuestionSet
from samdrift.model.dns import types
from samdrift.model.dns.message import Variant
from samdrift.model.dns.names import ROOT

PROBES: tuple[Variant, ...] = ("version-1", "unknown-option", "unknown-flag")


async def _again(look: Look) -> None:
    """A server may drop questions about zones that it does not have: a probe without an answer is put again about the zone itself."""
    lost = [each for each in look.exchanges if each.variant in PROBES and each.name == ROOT and each.reply is None]
    held = {(each.address, each.variant) for each in look.exchanges if each.variant in PROBES and each.reply is not None}
    wanted = [each for each in lost if (each.address, each.variant) not in held and each.address in look.answering and look.walk.asker.takes_edns(each.address)]
    await look.ask_each((each.address, Question(look.zone, types.SOA, each.variant)) for each in wanted)


SET = QuestionSet(
    "zone.edns", "EDNS version 1, an unknown option, an unknown flag", once=tuple(Question(ROOT, types.SOA, variant) for variant in PROBES), then=_again
)  # fmt: skip
