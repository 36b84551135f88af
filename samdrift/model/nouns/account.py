"""Account: which SIE account a line of a service is booked on (costs.md 5b)."""

from __future__ import annotations

from samdrift.model.fields import Decimal, Id, Noun, Ref, Text
from samdrift.model.nouns import NounSpec


class Account(Noun):
    """The most specific row wins."""

    id: Id
    service: Ref | None = None
    member: Ref | None = None
    vat_rate: Decimal | None = None
    account: Text
    dimension: int | None = None
    object: Text | None = None
    receivable: Text | None = None
    vat_account: Text | None = None


NOUN = NounSpec("accounts", "account", Account)
