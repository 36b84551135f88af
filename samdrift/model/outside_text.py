"""Text from outside (names, banners, annotations, TXT records) made harmless before people see it (interface.md U10, 9)."""

from __future__ import annotations

import re

HARMFUL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
"""Control characters, C1, line separators and whatever turns the direction of writing."""


def harmless(text: str) -> str:
    r"""Control, escape and bidirectional characters shown as `\x1b` or `\u202e`, the rest as it is.

    >>> harmless("röd\x1b[31m")
    'röd\\x1b[31m'
    """
    return HARMFUL.sub(lambda found: f"\\x{ord(found[0]):02x}" if ord(found[0]) < 256 else f"\\u{ord(found[0]):04x}", text)
