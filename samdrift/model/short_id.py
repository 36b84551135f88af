"""Short ids that can be read out on the phone: a letter for the kind, hyphen, signs without I L O U (interface.md U20)."""

from __future__ import annotations

import hashlib

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""
KINDS = {"alert": "L", "hold": "H", "incident": "I", "run": "K", "plan": "P"}


def short_id(kind: str, seed: bytes, length: int = 4) -> str:
    """The id of `kind` made from `seed`; lengthen it by one when it clashes."""
    number = int.from_bytes(hashlib.sha256(seed).digest(), "big")
    signs = []
    for _ in range(length):
        number, index = divmod(number, 32)
        signs.append(ALPHABET[index])
    return f"{KINDS[kind]}-{''.join(signs)}"


def read_short_id(text: str) -> str:
    """The canonical form of what a person said: any case, with or without hyphen, O for 0, I and L for 1."""
    signs = text.strip().upper().replace("-", "")
    return f"{signs[:1]}-{signs[1:].replace('O', '0').replace('I', '1').replace('L', '1')}"
