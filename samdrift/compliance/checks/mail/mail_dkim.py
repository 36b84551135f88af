"""mail-dkim: keys for signatures are published: there are selectors, and those of the inventory hold a key that is strong enough."""

from __future__ import annotations

from datetime import datetime

from samdrift.compliance.presence import PresenceInHand
from samdrift.compliance.presence_ledger import PresenceLedger
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.finding import Finding, Remedy, Severity
from samdrift.model.mail.dkim import read_dkim

SMALLEST_BITS = 1024
"""RFC 8301 3.2."""
MAIL = "mail-operator"


def judge(hand: PresenceInHand, at: datetime) -> tuple[Finding, ...]:
    """Whether names below _domainkey exist, and each selector that the inventory names."""
    ledger = PresenceLedger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    if not hand.takes_mail and not hand.terms.mail and not hand.terms.selectors:
        return ledger.not_applicable(f"{hand.seen.name} takes no mail") if hand.mx_unknown is None else _unknown(ledger, hand)
    apex = hand.lookup(hand.below("_domainkey"), types.TXT)
    if apex.failure is not None:
        ledger.unknown(apex.failure, f"whether _domainkey.{hand.seen.name} exists could not be found out")
    elif apex.exists is False and not hand.terms.selectors:
        remedy = Remedy("Sign outgoing mail and publish the key", record=f'<selector>._domainkey.{hand.text} IN TXT "v=DKIM1; k=rsa; p=<the public key>"', by=MAIL)
        ledger.note("no-domainkey", f"nothing stands below _domainkey.{hand.seen.name}: mail is not signed", rrset=f"_domainkey.{hand.text}/TXT", remedy=remedy, rests_on=[apex])
    for selector in hand.terms.selectors:
        _selector(ledger, selector)
    shown = ", ".join(hand.terms.selectors) or "the inventory names no selector"
    return ledger.findings(well=f"keys are published: {shown}", rests_on=[apex])


def _unknown(ledger: PresenceLedger, hand: PresenceInHand) -> tuple[Finding, ...]:
    assert hand.mx_unknown is not None
    ledger.unknown(hand.mx_unknown, f"the MX of {hand.seen.name} could not be found out")
    return ledger.findings(well="")


def _selector(ledger: PresenceLedger, selector: str) -> None:
    hand = ledger.hand
    name = f"{selector}._domainkey.{hand.text}"
    looked = hand.lookup(name, types.TXT)
    if looked.failure is not None:
        ledger.unknown(looked.failure, f"the key of selector {selector} could not be found out", part=selector)
        return
    key = read_dkim(hand.texts(name))
    remedy = Remedy(f"Publish the public key of selector {selector} again, or take it out of the inventory", record=f'{name} IN TXT "v=DKIM1; k=rsa; p=<the public key>"', by=MAIL)
    if key is None or key.revoked or key.broken:
        why = "has no key" if key is None else "is revoked (p= is empty)" if key.revoked else f"cannot be read: {key.broken}"
        ledger.note("selector-missing", f"selector {selector} {why}", part=selector, rrset=f"{name}/TXT", remedy=remedy, rests_on=[looked])
    elif key.bits is not None and key.bits < SMALLEST_BITS:
        ledger.note("key-small", f"the key of selector {selector} has {key.bits} bits: receivers do not take it", part=selector, rrset=f"{name}/TXT", value={"bits": key.bits}, remedy=Remedy("Sign with a new key of 2048 bits under a new selector", record=remedy.record, by=MAIL), rests_on=[looked])


CHECK = Check(
    id="mail-dkim",
    category="mail",
    title="DKIM keys are published",
    requirement="Names exist below _domainkey; each selector of the inventory holds a key of at least 1024 bits.",
    remedy="Sign outgoing mail, and publish each selector's key with 2048 bits.",
    codes=(
        Code("no-domainkey", Severity.WARNING, "Nothing stands below _domainkey.", ("internetnl:dkim",)),
        Code("selector-missing", Severity.FAILURE, "A selector of the inventory holds no key."),
        Code("key-small", Severity.FAILURE, "An RSA key has under 1024 bits (RFC 8301)."),
    ),
    needs=("presence", "mail"),
    references=("internetnl:dkim", "rfc:6376", "rfc:8301"),
    judge=judge,
)
