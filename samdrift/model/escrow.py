"""Escrow: a repository's second key, sealed to custodians of several organisations, and the proofs that it opens (backup.md B18)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

ProofKind = Literal["present", "proved"]


@dataclass(frozen=True, slots=True)
class EscrowKey:
    """One second key: its id in the repository, the SHA-256 of the sealed file, and to whom it is sealed (`age:<organisation>/<number>`)."""

    site: str
    repository: str
    key: str
    sealed_sha256: str
    recipients: tuple[str, ...]
    who: str
    made_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EscrowProof:
    """`present`: key and sealed file are there, unchanged. `proved`: a custodian opened the repository with what is sealed."""

    site: str
    repository: str
    key: str
    kind: ProofKind
    passed: bool
    message: str
    who: str
    at: datetime
