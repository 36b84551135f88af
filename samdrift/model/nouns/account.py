"""Account: which SIE account a line of a service is booked on (costs.md 5b)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from samdrift.model.fields import Decimal, Id, Noun, Ref, Text
from samdrift.model.nouns import NounSpec

AccountNumber = Annotated[str, Field(pattern=r"^[0-9]{3,10}$")]
"""A number of the chart of accounts; SIE writes it bare, so it holds digits alone."""


class Account(Noun):
    """The most specific row wins."""

    id: Id
    """The row's id, stable for ever. For example: hall-25"""
    service: Ref | None = None
    """The service whose lines are booked here. For example: hall"""
    member: Ref | None = None
    """The member whose lines are booked here. For example: are"""
    vat_rate: Decimal | None = None
    """The VAT rate of those lines [per cent]. For example: 25"""
    account: AccountNumber
    """SIE account that is credited. For example: '3681'"""
    dimension: Annotated[int, Field(ge=1, le=999)] | None = None
    """SIE dimension of the object. For example: 1"""
    object: Text | None = None
    """SIE object within the dimension. For example: '410'"""
    receivable: AccountNumber | None = None
    """SIE account of the receivable. For example: '1510'"""
    vat_account: AccountNumber | None = None
    """SIE account of the VAT. For example: '2611'"""


NOUN = NounSpec("accounts", "account", Account)
