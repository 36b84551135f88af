"""Cleaning: what is kept of a whole text, without what moves by itself and without secrets (playbooks.md N3)."""

from __future__ import annotations

import re
from functools import cache

from samdrift.network.platform import Platform

REDACTED = "<redacted>"


@cache
def _noise(platform: Platform) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in platform.noise))


@cache
def _secrets(platform: Platform) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in platform.secrets)


def cleaned(platform: Platform, text: str) -> str:
    r"""The text that is kept and compared: noise lines gone, secrets as `<redacted>`, so that a new salt is no change.

    >>> from samdrift.network.platforms.frr import PLATFORM
    >>> cleaned(PLATFORM, "Building configuration...\n!\npassword p1\nend\n")
    '!\npassword <redacted>\nend\n'
    """
    kept = [_redacted(platform, line) for line in text.splitlines() if not _noise(platform).fullmatch(line.strip())]
    while kept and not kept[0].strip():
        kept.pop(0)
    return "\n".join(kept) + "\n"


def _redacted(platform: Platform, line: str) -> str:
    for pattern in _secrets(platform):
        if found := pattern.match(line):
            return f"{found[1]} {REDACTED}"
    return line
