"""View: from where and with which roots zones are judged; `public` is built in (dns.md D4)."""

from __future__ import annotations

from typing import Literal

from samdrift.model.fields import Id, Noun, Prefix, Text
from samdrift.model.nouns import NounSpec


class View(Noun):
    """`hints` and `trust_anchors` are files under inventory/files; `public` is built in and may be given a table alone. `stands_for_public` are prefixes that count as public in a lab."""

    id: Id
    """The view's id. For example: inside"""
    hints: Text | None = None
    """Root hints, a file below the inventory. For example: files/inside.hints"""
    trust_anchors: Text | None = None
    """Trust anchors, a file below the inventory. For example: files/inside.key"""
    as_table: Text | None = None
    """Which autonomous system announces which prefix, a dated file below the inventory. For example: files/as-table.txt"""
    ca: Text | None = None
    """Certificate authorities that it trusts, a file below the inventory. For example: files/inside.pem"""
    private_addresses: Literal["allowed", "refused"] = "refused"
    """Whether private addresses are well there. For example: allowed"""
    stands_for_public: tuple[Prefix, ...] = ()
    """Prefixes that count as public there. For example: 10.20.0.0/16"""
    transfer_from: tuple[Prefix, ...] = ()
    """Prefixes from which a zone may be transferred. For example: 10.20.0.0/22"""


NOUN = NounSpec("views", "view", View)
