"""SPF records read into terms: mechanisms with their qualifiers, modifiers, what each costs to look up (RFC 7208 4.6, 5, 6)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass

VERSION = "v=spf1"
COSTING = frozenset({"include", "a", "mx", "ptr", "exists", "redirect"})
"""Terms that ask the DNS (RFC 7208 4.6.4)."""
MOST_LOOKUPS, MOST_VOID = 10, 2
"""Look-ups that cost, and those among them that may find nothing (RFC 7208 4.6.4)."""
_MECHANISM = re.compile(r"([+?~-]?)([A-Za-z][A-Za-z0-9_.-]*)(?::((?:%\{[^}]*\}|[^/])*))?((?:/[0-9/]*)?)")
_IP = re.compile(r"([+?~-]?)(ip4|ip6):(.+)", re.IGNORECASE)
_MODIFIER = re.compile(r"([A-Za-z][A-Za-z0-9_.-]*)=(.*)")
_CIDR = re.compile(r"(?:/(0|[1-9][0-9]?))?(?://(0|[1-9][0-9]{0,2}))?")
_MACRO = re.compile(r"%(?:\{[slodiphcrtvSLODIPHCRTV][0-9]*[rR]?[-.+,/_=]*\}|%|_|-)")
_DOMAIN = re.compile(r"(?:[!-\-/-~]+\.)+(?=[A-Za-z0-9-]*[A-Za-z-])[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.?")
"""A name of two labels at least, the last of them no number (RFC 7208 7.1: `a:192.0.2.1` is no SPF)."""
_NEEDS_DOMAIN = frozenset({"include", "exists"})


@dataclass(frozen=True, slots=True)
class Term:
    """One term; `qualifier` is `+ - ~ ?` (modifiers have none), `domain` its target, None for the domain itself."""

    name: str
    qualifier: str = "+"
    domain: str | None = None
    text: str = ""

    @property
    def has_macro(self) -> bool:
        """Whether the target depends on the message, so that it cannot be looked up beforehand."""
        return self.domain is not None and "%" in self.domain


@dataclass(frozen=True, slots=True)
class Spf:
    """A record's terms in their order; `errors` says what does not parse, in words."""

    text: str
    terms: tuple[Term, ...] = ()
    errors: tuple[str, ...] = ()

    @property
    def end(self) -> Term | None:
        """The `all` that ends it, else its redirect; None when it ends open (neutral)."""
        named = {term.name: term for term in reversed(self.terms)}
        return named.get("all") or named.get("redirect")

    @property
    def followed(self) -> tuple[Term, ...]:
        """The terms that cost a look-up, up to `all`; a redirect counts when there is no `all` (RFC 7208 5.1, 6.1)."""
        found: list[Term] = []
        for term in self.terms:
            if term.name == "all":
                return tuple(one for one in found if one.name != "redirect")
            if term.name in COSTING:
                found.append(term)
        return tuple(found)


def spf_records(texts: Iterable[str]) -> tuple[str, ...]:
    """Those TXT records that are SPF: the version alone, or followed by a space (RFC 7208 4.5)."""
    return tuple(text for text in texts if text.lower() == VERSION or text.lower().startswith(VERSION + " "))


def read_spf(text: str) -> Spf:
    """The terms of a record.

    >>> [term.name for term in read_spf("v=spf1 mx include:mail.example -all").terms]
    ['mx', 'include', 'all']
    """
    terms: list[Term] = []
    errors: list[str] = []
    seen: set[str] = set()
    for word in text.split(" ")[1:]:
        if not word:
            continue
        try:
            term = _read_term(word)
        except ValueError as error:
            errors.append(f"{word[:80]}: {error}")
            continue
        if term.name in {"redirect", "exp"} and term.text.partition("=")[1]:
            if term.name in seen:
                errors.append(f"{term.name}= stands twice")
            seen.add(term.name)
        terms.append(term)
    if not text.isascii():
        errors.append("it has characters outside ASCII")
    return Spf(text, tuple(terms), tuple(errors))


def _read_term(word: str) -> Term:
    modifier = _MODIFIER.fullmatch(word)
    if modifier:
        return _read_modifier(modifier, word)
    address = _IP.fullmatch(word)
    if address:
        return Term(address[2].lower(), address[1] or "+", _network(address[2].lower(), address[3]), word)
    found = _MECHANISM.fullmatch(word)
    if not found:
        raise ValueError("no term of SPF")
    qualifier, name, domain, cidr = found[1] or "+", found[2].lower(), found[3], found[4]
    if name == "all":
        if domain is not None or cidr:
            raise ValueError("all takes nothing after it")
        return Term("all", qualifier, None, word)
    if name not in COSTING - {"redirect"}:
        raise ValueError("an unknown mechanism")
    if domain is None and (name in _NEEDS_DOMAIN or word.partition(":")[1]):
        raise ValueError("it needs a domain")
    if domain is not None:
        _check_domain(domain)
    if cidr and (name not in {"a", "mx"} or not _fits(cidr)):
        raise ValueError("a prefix length that cannot be")
    return Term(name, qualifier, domain, word)


def _read_modifier(found: re.Match[str], word: str) -> Term:
    name, value = found[1].lower(), found[2]
    if name in {"redirect", "exp"}:
        _check_domain(value)
        return Term(name, "", value, word)
    return Term("modifier", "", None, word)  # unknown ones are ignored (RFC 7208 6)


def _network(kind: str, text: str) -> str:
    made = ipaddress.IPv4Network if kind == "ip4" else ipaddress.IPv6Network
    address, slash, length = text.partition("/")
    if slash and not (length.isdigit() and length.isascii()):
        raise ValueError("a prefix length that is no number")
    try:
        return str(made(f"{address}/{length}" if slash else address, strict=False))
    except ValueError:
        raise ValueError(f"no {kind} network") from None


def _fits(cidr: str) -> bool:
    found = _CIDR.fullmatch(cidr)
    return bool(found and int(found[1] or 0) <= 32 and int(found[2] or 0) <= 128)


def _check_domain(text: str) -> None:
    if not text:
        raise ValueError("it needs a domain")
    if len(text) > 255:
        raise ValueError("a name that is too long")
    plain = _MACRO.sub("", text)
    if "%" in plain:
        raise ValueError("a macro that cannot be")
    if plain == text and not _DOMAIN.fullmatch(text):
        raise ValueError("no domain name")
    if any(len(label) > 63 for label in plain.split(".")):
        raise ValueError("a name that is too long")
