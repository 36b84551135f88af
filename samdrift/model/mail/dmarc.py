"""DMARC records read into tags, and the names of the tree walk (RFC 9989 4.10, 5; reports' addresses RFC 9990)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

WALK_LABELS = 7
"""A name of eight labels or more is followed by its last seven, so that a walk has at most eight questions."""
MOST_RECEIVERS = 10
_VERSION = re.compile(r"v[ \t]*=[ \t]*DMARC1[ \t]*(?:;|$)")
_TAG = re.compile(r"([A-Za-z]+)[ \t]*=[ \t]*([\x20-\x3a\x3c-\x7e]*)")
_POLICY = frozenset({"none", "quarantine", "reject"})
_ALLOWED: Mapping[str, frozenset[str]] = {
    "p": _POLICY, "sp": _POLICY, "np": _POLICY, "t": frozenset("yn"), "psd": frozenset("ynu"), "adkim": frozenset("rs"), "aspf": frozenset("rs"),
}  # fmt: skip
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s,!]+")
_MAILTO = re.compile(r"mailto:[^@\s]+@([A-Za-z0-9._-]+)(?:!\d+[kmgtKMGT]?)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dmarc:
    """A record's tags, the first of each; `errors` says what is not as the RFC has it."""

    text: str
    tags: Mapping[str, str]
    errors: tuple[str, ...] = ()

    @property
    def policy(self) -> str:
        """`p`, or `none` where it is absent or cannot be (RFC 9989 4.10.1)."""
        value = self.tags.get("p", "none").lower()
        return value if value in _POLICY else "none"

    def policy_for(self, *, below: bool) -> str:
        """The policy for the record's own domain, or for one below it (`sp`)."""
        value = self.tags.get("sp", "").lower() if below else ""
        return value if value in _POLICY else self.policy

    @property
    def testing(self) -> bool:
        return self.tags.get("t", "n").lower() == "y"

    @property
    def report_hosts(self) -> tuple[str, ...]:
        """The domains to which aggregate reports go by mail, lower-case, each once; no more than can be looked at."""
        found = [match[1].lower().rstrip(".") for uri in self.tags.get("rua", "").split(",") if (match := _MAILTO.fullmatch(uri.strip()))]
        return tuple(dict.fromkeys(found))[:MOST_RECEIVERS]


def dmarc_records(texts: Iterable[str]) -> tuple[str, ...]:
    """Those TXT records that are DMARC: `v=DMARC1` first, in this case of letters."""
    return tuple(text for text in texts if _VERSION.match(text.strip(" \t")))


def read_dmarc(text: str) -> Dmarc:
    """The tags of a record; unknown tags are ignored.

    >>> read_dmarc("v=DMARC1; p=reject; rua=mailto:d@krokom.example").policy
    'reject'
    """
    tags: dict[str, str] = {}
    errors: list[str] = []
    parts = [part.strip(" \t") for part in text.strip(" \t").split(";")]
    for place, part in enumerate(parts):
        if not part:
            if place < len(parts) - 1:
                errors.append("an empty tag")
            continue
        found = _TAG.fullmatch(part)
        if not found:
            errors.append(f"{part[:60]}: no tag=value")
            continue
        name, value = found[1].lower(), found[2].strip(" \t")
        if name in tags:
            errors.append(f"{name}= stands twice")
            continue
        tags[name] = value
        allowed = _ALLOWED.get(name)
        if allowed is not None and value.lower() not in allowed:
            errors.append(f"{name}={value[:40]}: one of {', '.join(sorted(allowed))}")
    errors += [f"{name}: {uri[:60]} is no address" for name in ("rua", "ruf") for uri in tags.get(name, "").split(",") if name in tags and not _URI.match(uri.strip())]
    if "p" not in tags and "rua" not in tags:
        errors.append("neither p= nor rua=: receivers take no notice of it")
    return Dmarc(text, tags, tuple(errors))


def walk_names(domain: str) -> tuple[str, ...]:
    """The domains whose `_dmarc` is asked, from the domain itself up to its top-level domain.

    >>> walk_names("a.b.c.d.e.mail.krokom.example")[:3]
    ('a.b.c.d.e.mail.krokom.example', 'b.c.d.e.mail.krokom.example', 'c.d.e.mail.krokom.example')
    """
    parts = domain.split(".")
    rest = [".".join(parts[at:]) for at in range(max(1, len(parts) - WALK_LABELS), len(parts))]
    return (domain, *rest)


def organizational_domain(domain: str, records: Sequence[tuple[str, Dmarc]]) -> str:
    """Of the records that a walk found, longest name first, the organizational domain (RFC 9989 4.10.2)."""
    for place, record in records:
        psd = record.tags.get("psd", "u").lower()
        if psd == "n":
            return place
        if psd == "y" and place != domain:
            kept = len(place.split(".")) + 1
            return ".".join(domain.split(".")[-kept:])
    return records[-1][0] if records else domain
