"""age: seals a secret to several recipients, and opens it with a custodian's identity; what is sealed goes by standard input and output alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from samdrift.adapters.process import run
from samdrift.model.errors import CouldNotObserve, WrongUse

LIMIT_S = 60


def seal(text: str, recipients: Sequence[str]) -> bytes:
    """The armoured file that any one of the recipients (`age1…`) opens; WrongUse when age does not take them."""
    argv = ["age", "--encrypt", "--armor"]
    for one in recipients:
        argv += ["--recipient", one]
    ended = run(argv, limit_seconds=LIMIT_S, stdin=text.encode())
    if ended.code != 0 or not ended.stdout.startswith(b"-----BEGIN AGE ENCRYPTED FILE-----"):
        raise WrongUse(f"age does not seal: {ended.said}", help="recipients are public keys, age1…, in inventory/files/escrow")
    return ended.stdout


def unseal(sealed: bytes, identity: Path) -> str:
    """What a custodian's identity file opens; CouldNotObserve (3) when it does not."""
    ended = run(["age", "--decrypt", "--identity", str(identity)], limit_seconds=LIMIT_S, stdin=sealed)
    if ended.code != 0:
        raise CouldNotObserve(f"age does not open it with this identity: {ended.said}", help="the custodian must be one of the recipients")
    return ended.stdout.decode()
