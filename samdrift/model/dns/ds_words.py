"""DS words: a DS or CDS as one gives it by hand, with blanks or commas, of whatever digest (dns.md D4, D8)."""

from __future__ import annotations

import re
import struct

from samdrift.model.errors import WrongUse

FORM = "'34217 13 2 05DD5165…' or 34217,13,2,05DD5165…"


def read_ds_words(text: str, option: str) -> bytes:
    """The record's data; WrongUse when it is none. A digest of a wrong type or length is kept: that is for the checks to say.

    >>> read_ds_words("1,13,2,ABCD", "--ds").hex()
    '00010d02abcd'
    """
    words = [word for word in re.split(r"[\s,]+", text.strip()) if word]
    try:
        tag, algorithm, digest_type = (int(word) for word in words[:3])
        if not words[3:]:
            raise ValueError("no digest")
        return struct.pack(">HBB", tag, algorithm, digest_type) + bytes.fromhex("".join(words[3:]))
    except (ValueError, struct.error):
        raise WrongUse(f"{option} {text[:80]!r}: no tag, algorithm, digest type and hex digest", help=f"for example {option} {FORM}") from None
