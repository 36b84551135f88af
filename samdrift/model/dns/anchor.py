"""Trust anchor: a DS or DNSKEY that is believed without proof, of the root or of an island (RFC 4033 2, dns.md D3)."""

from __future__ import annotations

from typing import NamedTuple

from samdrift.model.dns.names import ROOT, Name
from samdrift.model.dns.types import DS


class Anchor(NamedTuple):
    """`type` is DS or DNSKEY, `data` the record's data."""

    owner: Name
    type: int
    data: bytes


# https://data.iana.org/root-anchors/root-anchors.xml: KSK-2017 and KSK-2024
IANA: tuple[Anchor, ...] = (
    Anchor(ROOT, DS, bytes.fromhex("4F660802" "E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D")),
    Anchor(ROOT, DS, bytes.fromhex("97280802" "683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16")),
)
