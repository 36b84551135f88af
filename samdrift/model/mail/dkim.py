"""DKIM keys as they stand in the DNS (RFC 6376 3.6.1, RFC 8463)."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

_TAG = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*=\s*([^;]*)")


@dataclass(frozen=True, slots=True)
class DkimKey:
    """A published key: its kind, its bits where it is RSA, whether it is revoked (`p=` empty); `broken` says why it cannot be read."""

    kind: str = "rsa"
    bits: int | None = None
    revoked: bool = False
    broken: str | None = None


def read_dkim(texts: Iterable[str]) -> DkimKey | None:
    """The key among a name's TXT records; None when there is none."""
    for text in texts:
        tags = {found[1].lower(): "".join(found[2].split()) for part in text.split(";") if (found := _TAG.fullmatch(part))}
        if "p" in tags and tags.get("v", "DKIM1") == "DKIM1":
            return _key(tags.get("k", "rsa").lower(), tags["p"])
    return None


def _key(kind: str, text: str) -> DkimKey:
    if not text:
        return DkimKey(kind, revoked=True)
    try:
        octets = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return DkimKey(kind, broken="p= is no base64")
    if kind != "rsa":
        return DkimKey(kind, broken=None if kind == "ed25519" and len(octets) == 32 else f"k={kind} is unknown or p= has the wrong length")
    try:
        made = load_der_public_key(octets)
    except (ValueError, UnsupportedAlgorithm):
        return DkimKey(kind, broken="p= is no RSA key")
    return DkimKey(kind, made.key_size) if isinstance(made, rsa.RSAPublicKey) else DkimKey(kind, broken="p= is no RSA key")
