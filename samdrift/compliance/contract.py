"""The contract in hand: one contract of the inventory, and who is concerned."""

from __future__ import annotations

from dataclasses import dataclass

from samdrift.model.nouns.contract import Contract
from samdrift.model.problem import Place


@dataclass(frozen=True, slots=True)
class ContractInHand:
    """`place` is where it stands in the inventory."""

    contract: Contract
    place: Place | None = None
