"""Budget: kronor per pool of an agreement and year (costs.md S1)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from samdrift.model.fields import Id, Kronor, Noun, Ref
from samdrift.model.nouns import NounSpec


class Budget(Noun):
    """One year's budget of an agreement."""

    id: Id
    """The budget's id. For example: budget-2026"""
    agreement: Ref
    """The agreement. For example: joint-operations"""
    year: Annotated[int, Field(ge=2000, le=2200)]
    """The calendar year. For example: 2026"""
    pools: dict[Ref, Kronor]
    """Pool to its budget for the year [kr]. For example: {administration: 4114800.00}"""


NOUN = NounSpec("budgets", "budget", Budget)
