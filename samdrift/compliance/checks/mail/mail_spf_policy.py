"""mail-spf-policy: the SPF record tells receivers to doubt or refuse all other senders."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.presence import PresenceInHand
from samdrift.compliance.presence_ledger import PresenceLedger
from samdrift.compliance.spf_walk import walk_spf
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.finding import Finding, Reason, Remedy, Severity
from samdrift.model.mail.spf import MOST_LOOKUPS, read_spf

CLOSED = frozenset("~-")


def judge(hand: PresenceInHand, at: datetime) -> tuple[Finding, ...]:
    """What the record, or the one that it is redirected to, says of all others."""
    ledger = PresenceLedger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    own = hand.lookup(hand.seen.zone, types.TXT)
    if own.failure is not None:
        ledger.unknown(own.failure, f"the SPF record of {hand.seen.name} could not be found out")
        return ledger.findings(well="")
    if len(hand.spf_texts) != 1:
        return ledger.not_applicable(f"{hand.seen.name} has no single SPF record to judge")
    text = hand.spf_texts[0]
    end, walked = read_spf(text).end, walk_spf(hand)
    if end is not None and end.name == "redirect" and walked.lookups > MOST_LOOKUPS:
        return ledger.not_applicable("the SPF record costs too many look-ups to hold")
    if end is not None and end.name == "redirect" and (walked.unknown or end.has_macro):
        ledger.unknown(walked.unknown[0][1] if walked.unknown else Reason.NO_DATA, f"where {end.text} ends could not be found out")
        return ledger.findings(well="")
    last = walked.end
    if last is None or last.qualifier not in CLOSED:
        shown = last.text if last is not None else "nothing"
        kept = " ".join(word for word in text.split(" ") if word.lower().lstrip("+-~?") != "all" and not word.lower().startswith("redirect="))
        remedy = Remedy("End the SPF record by ~all, and by -all once all senders are in it", record=f'{hand.text} IN TXT "{kept} -all"', by="dns-operator")
        ledger.note("too-open", f"the SPF record ends in {shown}: any server may send for {hand.seen.name}", rrset=f"{hand.text}/TXT", remedy=remedy, rests_on=[own])
    return ledger.findings(well=f"the SPF record ends in {last.text if last else ''}", rests_on=[own])


CHECK = Check(
    id="mail-spf-policy",
    category="mail",
    title="SPF closes the door",
    requirement="The SPF record ends in ~all or -all.",
    remedy="End the SPF record by ~all or -all.",
    codes=(Code("too-open", Severity.FAILURE, "The SPF record lets every server send.", ("internetnl:spf_policy",)),),
    needs=("presence", "mail"),
    references=("internetnl:spf_policy", "rfc:7208"),
    judge=judge,
)
