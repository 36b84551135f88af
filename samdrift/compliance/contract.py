"""The contract in hand: one contract of the inventory, and who is concerned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from samdrift.model.problem import Place

if TYPE_CHECKING:
    from samdrift.model.nouns.contract import Contract


@dataclass(frozen=True, slots=True)
class ContractInHand:
    """`place` is where it stands in the inventory."""

    contract: Contract
    place: Place | None = None
