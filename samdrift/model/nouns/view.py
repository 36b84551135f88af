"""View: from where and with which roots zones are judged; `public` is built in (dns.md D4)."""

from __future__ import annotations

from typing import Literal

from samdrift.model.fields import Id, Noun, Prefix, Text
from samdrift.model.nouns import NounSpec


class View(Noun):
    """`hints` and `trust_anchors` are files under inventory/files; `stands_for_public` are prefixes that count as public in a lab."""

    id: Id
    hints: Text | None = None
    trust_anchors: Text | None = None
    ca: Text | None = None
    private_addresses: Literal["allowed", "refused"] = "refused"
    stands_for_public: tuple[Prefix, ...] = ()
    transfer_from: tuple[Prefix, ...] = ()


NOUN = NounSpec("views", "view", View)
