"""What a view says of the zones judged in it: which addresses are well, who may transfer, which keys are trusted (dns.md D3, D4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from samdrift.model.dns.names import Name


@dataclass(frozen=True, slots=True, order=True)
class Anchor:
    """A trusted DS or DNSKEY of a zone; `data` is the record's data, of whatever length it came with (D8)."""

    owner: Name
    type: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Origins:
    """Which autonomous systems announce some addresses by a table of that day; no system for one that no prefix of the table holds."""

    dated: date
    of: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class ViewFacts:
    """The defaults are those of the built-in public view, but without anchors.

    `private_addresses`: whether addresses that are not globally reachable are well. `stands_for_public`, `transfer_from`: prefixes.
    `roots`: addresses of the root servers where hints replaced the built-in ones. `anchors` None: nobody said whom to trust, so a
    chain is undetermined (no-trust-anchor); empty: nobody is trusted. `origins`: of the zone's servers, None where there is no AS table.
    """

    public: bool = True
    private_addresses: bool = False
    stands_for_public: tuple[str, ...] = ()
    transfer_from: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()
    anchors: tuple[Anchor, ...] | None = None
    origins: Origins | None = None


PUBLIC_FACTS = ViewFacts()
