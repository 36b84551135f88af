"""The walk over an SPF record and all that it leads to: what it costs, what it loops over, what it ends in (RFC 7208 4.6.4, 5.2, 6.1)."""

from __future__ import annotations

from dataclasses import dataclass, field

from samdrift.compliance.presence import PresenceInHand
from samdrift.model.dns import types
from samdrift.model.finding import Reason
from samdrift.model.mail.spf import MOST_LOOKUPS, Term, read_spf, spf_records

MOST_ERRORS = 5
"""Of one record that are told; one is enough to void it."""


@dataclass(slots=True)
class SpfWalk:
    """`lookups` is counted to one over what is allowed; `loop` names a domain that leads to itself; `end` is the last word on all others."""

    lookups: int = 0
    void: list[str] = field(default_factory=list)
    loop: str | None = None
    errors: list[tuple[str, str]] = field(default_factory=list)
    broken: list[tuple[str, str]] = field(default_factory=list)
    unknown: list[tuple[str, Reason]] = field(default_factory=list)
    end: Term | None = None


def walk_spf(hand: PresenceInHand) -> SpfWalk:
    """From the domain's own record on; it must have just one."""
    walked = SpfWalk()
    walked.end = _walk(walked, hand, hand.seen.name, hand.spf_texts[0], (hand.seen.name,))
    return walked


def _walk(walked: SpfWalk, hand: PresenceInHand, domain: str, text: str, path: tuple[str, ...]) -> Term | None:
    """What the record says of all others: its `all`, its redirect's, or None when it says nothing."""
    record = read_spf(text)
    walked.errors += [(domain, error) for error in record.errors[:MOST_ERRORS] if (domain, error) not in walked.errors]
    end = record.end
    for term in record.followed:
        walked.lookups += 1
        if walked.lookups > MOST_LOOKUPS:
            break
        if term.name in {"include", "redirect"}:
            led = _enter(walked, hand, term, path)
            end = led if term.name == "redirect" else end
        elif not term.has_macro and term.name != "ptr":
            _count_void(walked, hand, term, domain)
    return None if end is not None and end.name == "redirect" else end


def _enter(walked: SpfWalk, hand: PresenceInHand, term: Term, path: tuple[str, ...]) -> Term | None:
    if term.has_macro or term.domain is None:
        return None
    domain = term.domain.lower().rstrip(".")
    if domain in path:
        walked.loop, walked.lookups = domain, MOST_LOOKUPS + 1
        return None
    found = hand.lookup(domain, types.TXT)
    if found.failure is not None:
        walked.unknown.append((domain, found.failure))
        return None
    texts = spf_records(hand.texts(domain))
    if not found.records:
        walked.void.append(domain)
    if len(texts) != 1:
        walked.broken.append((domain, "has no SPF record" if not texts else f"has {len(texts)} SPF records"))
        return None
    return _walk(walked, hand, domain, texts[0], (*path, domain))


def _count_void(walked: SpfWalk, hand: PresenceInHand, term: Term, domain: str) -> None:
    target = (term.domain or domain).lower().rstrip(".")
    found = [hand.lookup(target, rtype) for rtype in {"mx": (types.MX,), "exists": (types.A,)}.get(term.name, (types.A, types.AAAA))]
    failed = [one.failure for one in found if one.failure is not None]
    if failed:
        walked.unknown.append((target, failed[0]))
    elif not any(one.records for one in found):
        walked.void.append(target)
