"""Proofs: whether a chain of drill proofs is as it was written (backup.md B21)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from samdrift.model.chain import GENESIS
from samdrift.model.drill_proof import DrillProof


@dataclass(frozen=True, slots=True)
class ProofVerdict:
    """Whether one proof's digest is that of its content, and whether it follows the one before."""

    proof: DrillProof
    digest: str
    whole: bool
    chained: bool
    manifest: bool | None = None


def verify_proofs(stored: Sequence[tuple[DrillProof, str]], *, complete: bool) -> tuple[ProofVerdict, ...]:
    """Verdicts in the given order, oldest first; with `complete` False (a member's own proofs) gaps between entries are expected."""
    found = []
    previous = GENESIS
    for proof, digest in stored:
        chained = proof.previous == previous or not complete
        found.append(ProofVerdict(proof, digest, proof.digest == digest, chained))
        previous = digest
    return tuple(found)
