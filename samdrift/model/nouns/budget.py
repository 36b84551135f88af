"""Budget: kronor per pool of an agreement and year (costs.md S1)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from samdrift.model.fields import Id, Kronor, Noun, Ref
from samdrift.model.nouns import NounSpec


class Budget(Noun):
    """One year's budget of an agreement."""

    id: Id
    agreement: Ref
    year: Annotated[int, Field(ge=2000, le=2200)]
    pools: dict[Ref, Kronor]


NOUN = NounSpec("budgets", "budget", Budget)
