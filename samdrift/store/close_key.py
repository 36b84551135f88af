"""The key that signs closes: Ed25519 (RFC 8032) in the state folder, outside the database (costs.md C1)."""

from __future__ import annotations

import stat
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from samdrift.model.errors import WrongUse
from samdrift.store.closes import Close, Signer
from samdrift.store.keys import folder

NAME = "close-ed25519.pem"


def close_signer(state_dir: Path) -> Signer | None:
    """What signs a digest, or None when no key is set; WrongUse when others may read the key or it is no Ed25519 key."""
    path = folder(state_dir) / NAME
    if not path.exists():
        return None
    mode = path.stat().st_mode
    if mode & 0o077:
        raise WrongUse(f"others may read the key {path} (mode {stat.S_IMODE(mode):04o})", help=f"chmod 600 {path}")
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError):
        raise WrongUse(f"{path} cannot be read as a private key", help=f"openssl genpkey -algorithm ed25519 -out {path}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise WrongUse(f"{path} is no Ed25519 key", help=f"openssl genpkey -algorithm ed25519 -out {path}")
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    return lambda digest: (key.sign(digest).hex(), public)


def signature_fault(close: Close) -> str | None:
    """What is wrong with a close's signature, or None when it holds or none was made."""
    if close.signature is None and close.signer is None:
        return None
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(close.signer or ""))
        public.verify(bytes.fromhex(close.signature or ""), bytes.fromhex(close.digest))
    except (InvalidSignature, ValueError):
        return f"the signature of {close.month} does not fit its digest"
    return None
