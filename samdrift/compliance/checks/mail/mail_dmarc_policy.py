"""mail-dmarc-policy: the DMARC policy asks receivers to act (RFC 9989 4.7)."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.dmarc_walk import find_dmarc
from samdrift.compliance.presence import PresenceInHand
from samdrift.compliance.presence_ledger import PresenceLedger
from samdrift.model.check import Check, Code
from samdrift.model.finding import Finding, Remedy, Severity


def judge(hand: PresenceInHand, at: datetime) -> tuple[Finding, ...]:
    """The policy that holds for the zone."""
    ledger = PresenceLedger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    found = find_dmarc(hand)
    if found.unknown is not None:
        ledger.unknown(found.unknown, f"the DMARC record of {hand.seen.name} could not be found out")
        return ledger.findings(well="")
    if found.record is None or len(hand.dmarc_texts) > 1 or (not hand.dmarc_texts and not hand.takes_mail and not hand.terms.mail):
        return ledger.not_applicable(f"{hand.seen.name} has no DMARC record to judge")
    above = found.is_above(hand.seen.name)
    policy, tag = found.record.policy_for(below=above), "sp" if above and "sp" in found.record.tags else "p"
    rrset, value = f"_dmarc.{found.domain}./TXT", {"policy": policy, "record": found.record.text}
    kept = "".join(f"; {key}={text}" for key, text in found.record.tags.items() if key not in {"v", "p", "t", "pct", tag})
    line = f'_dmarc.{hand.text} IN TXT "v=DMARC1; p={{policy}}{kept}"'
    if policy == "none":
        ledger.note("policy-none", f"the DMARC policy of {found.domain} asks for nothing ({tag}=none)", rrset=rrset, value=value, remedy=Remedy("Raise the policy to quarantine, then to reject, as the reports show that own mail passes", record=line.format(policy="quarantine"), by="dns-operator"))
    elif policy == "quarantine" and found.record.testing:
        ledger.note("testing", f"the DMARC policy of {found.domain} is only tested (t=y): quarantine is not carried out", rrset=rrset, value=value, remedy=Remedy("Take t=y away", record=line.format(policy="quarantine"), by="dns-operator"))
    return ledger.findings(well=f"the DMARC policy is {policy}", value=value)


CHECK = Check(
    id="mail-dmarc-policy",
    category="mail",
    title="DMARC asks receivers to act",
    requirement="The DMARC policy is quarantine or reject, and not only tested.",
    remedy="Set p=quarantine or p=reject, without t=y.",
    codes=(
        Code("policy-none", Severity.FAILURE, "The policy asks receivers for nothing.", ("internetnl:dmarc_policy",)),
        Code("testing", Severity.FAILURE, "The policy is quarantine but only tested (t=y)."),
    ),
    needs=("presence", "mail"),
    references=("internetnl:dmarc_policy", "rfc:9989"),
    judge=judge,
)
