"""CDS and CDNSKEY: what a server of the zone wants its DS to be (RFC 7344, 8078)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from samdrift.compliance.entry import fits
from samdrift.compliance.ledger import Ledger
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.dns import types
from samdrift.model.dns.message import Malformed
from samdrift.model.dns.records import Dnskey, Ds, read_dnskey, read_ds
from samdrift.model.finding import Finding

KINDS = (types.CDS, types.CDNSKEY)
DELETE_CDS, DELETE_CDNSKEY = bytes.fromhex("0000000000"), bytes.fromhex("0000030000")
"""RFC 8078 4: `0 0 0 00` and `0 3 0 AA==`."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The CDS and CDNSKEY sets of one address, the delete records apart, and how many of each it gave."""

    cds: tuple[Ds, ...]
    cdnskey: tuple[Dnskey, ...]
    deletes: frozenset[int]
    counts: tuple[int, int]

    @property
    def all(self) -> tuple[frozenset[Ds], frozenset[bytes], frozenset[int]]:
        """What is compared between servers."""
        return frozenset(self.cds), frozenset(key.data for key in self.cdnskey), self.deletes


    @property
    def names(self) -> tuple[str, ...]:
        """What the history calls it: `TAG-ALG` of each, `delete` for a delete record."""
        found = {f"{ds.key_tag}-{ds.algorithm}" for ds in self.cds} | {f"{key.key_tag}-{key.algorithm}" for key in self.cdnskey} | ({"delete"} if self.deletes else set())
        return tuple(sorted(found))


def read_wish(hand: ZoneInHand, address: str) -> Wish | None:
    """The wish of an address; None when it gives neither set."""
    cds, cdnskey = (tuple(record.data for record in hand.rrset(address, kind)) for kind in KINDS)
    if not cds and not cdnskey:
        return None
    deletes = frozenset(kind for kind, held, delete in ((types.CDS, cds, DELETE_CDS), (types.CDNSKEY, cdnskey, DELETE_CDNSKEY)) if delete in held)
    return Wish(
        tuple(ds for data in sorted(cds) if data != DELETE_CDS and (ds := _ds(data)) is not None),
        tuple(key for data in sorted(cdnskey) if data != DELETE_CDNSKEY and (key := _key(data)) is not None), deletes, (len(cds), len(cdnskey)),
    )  # fmt: skip


def _ds(data: bytes) -> Ds | None:
    try:
        return read_ds(data)
    except Malformed:
        return None


def _key(data: bytes) -> Dnskey | None:
    try:
        return read_dnskey(data)
    except Malformed:
        return None


def wishes(hand: ZoneInHand) -> dict[str, Wish]:
    """Each speaking address that gives a CDS or CDNSKEY."""
    return {address: wish for address in hand.speaking if (wish := read_wish(hand, address)) is not None}


def without_wish(ledger: Ledger, hand: ZoneInHand) -> tuple[Finding, ...]:
    """No address gave either set: there is none, or nobody could be asked."""
    if any(hand.tells(address, kind) for address in hand.speaking for kind in KINDS):
        return ledger.not_applicable(f"{hand.seen.name} has no CDS or CDNSKEY")
    return ledger.unasked("CDS")


def agree(hand: ZoneInHand, wish: Wish) -> bool:
    """Whether each CDS is of a CDNSKEY and each CDNSKEY has a CDS; a digest that cannot be computed is compared by tag."""
    if (types.CDS in wish.deletes) != (types.CDNSKEY in wish.deletes):
        return False

    def same(ds: Ds, key: Dnskey) -> bool:
        if ds.digest_type in {1, 2, 4}:
            return fits(hand, ds, key)
        return (ds.key_tag, ds.algorithm) == (key.key_tag, key.algorithm)

    return all(any(same(ds, key) for key in wish.cdnskey) for ds in wish.cds) and all(any(same(ds, key) for ds in wish.cds) for key in wish.cdnskey)


def seconds(at: datetime) -> int:
    """Seconds since 1970."""
    return int(at.timestamp())
