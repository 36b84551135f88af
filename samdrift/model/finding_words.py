"""Findings in the language of who reads them; JSON keeps the English message."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from string import Formatter

from samdrift.model.finding import Finding
from samdrift.model.period import read_instant
from samdrift.model.text import Text, catalogue
from samdrift.model.written import instant

DETAIL = "detail."
DEEPEST = 4
"""A detail may name another one: a broken chain its link, a key its state."""


def in_words(finding: Finding, text: Text) -> str:
    """What a finding says: its own message in English, else the code's sentence with the date it turns on."""
    if text.language == "en":
        return finding.message
    if finding.reason is not None:
        return text("finding.undetermined", reason=finding.reason)
    if finding.code in {"ok", "not-applicable"}:
        return text(f"finding.{finding.code}")
    key = f"finding.{finding.check}.{finding.code}"
    if key not in catalogue():
        return finding.message
    sentence, until = text(key), finding.value.get("expires_at") or finding.value.get("until_date")
    if not isinstance(until, str):
        return sentence
    return text("finding.until", what=sentence, until=instant(read_instant(until), text.language) if "T" in until else until)


def in_detail(message: str, text: Text) -> str:
    """A finding's message in the reader's language, with its names and numbers as they are; one that no text `detail.{what}` tells stays English.

    >>> in_detail("DS 4711 points to a key that is not in the zone", Text("sv"))
    'DS 4711 pekar på en nyckel som inte finns i zonen'
    """
    return message if text.language == "en" else told(message) or message


def told(message: str, depth: int = 0) -> str | None:
    """The Swedish of an English message; None where no text tells it. Several in one finding stand with `; ` between."""
    for literal, pattern, swedish in _details():
        found = pattern.fullmatch(message) if literal in message else None
        if found is not None:
            return swedish.format(**{name: (told(value, depth + 1) if depth < DEEPEST else None) or value for name, value in found.groupdict().items()})
    parts = message.split("; ")
    each = [told(part, depth + 1) for part in parts] if len(parts) > 1 and depth < DEEPEST else []
    return "; ".join(part for part in each if part) if each and all(each) else None


@cache
def _details() -> Sequence[tuple[str, re.Pattern[str], str]]:
    """(the longest fixed piece, the English as a pattern, the Swedish) of every detail, the most particular first."""
    found = []
    for key, (swedish, english) in catalogue().items():
        if key.startswith(DETAIL):
            pieces = [(fixed, name) for fixed, name, _, _ in Formatter().parse(english)]
            pattern = "".join(re.escape(fixed) + (f"(?P<{name}>.*?)" if name else "") for fixed, name in pieces)
            fixed_parts = [fixed for fixed, _ in pieces]
            found.append((sum(map(len, fixed_parts)), max(fixed_parts, key=len), re.compile(pattern, re.DOTALL), swedish))
    return [(literal, pattern, swedish) for _, literal, pattern, swedish in sorted(found, key=lambda one: -one[0])]
