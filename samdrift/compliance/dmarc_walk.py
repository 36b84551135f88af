"""The walk up the tree for a domain's DMARC policy (RFC 9989 4.10)."""

from __future__ import annotations

from dataclasses import dataclass

from samdrift.compliance.presence import PresenceInHand
from samdrift.model.dns import types
from samdrift.model.finding import Reason
from samdrift.model.mail.dmarc import Dmarc, dmarc_records, organizational_domain, read_dmarc, walk_names


@dataclass(frozen=True, slots=True)
class DmarcFound:
    """The record that holds for the zone: where it stands, what it says; `unknown` when a question on the way had no answer."""

    domain: str = ""
    record: Dmarc | None = None
    unknown: Reason | None = None

    def is_above(self, zone: str) -> bool:
        """Whether the record is that of a domain above."""
        return self.domain != zone


def found_on_walk(hand: PresenceInHand, domain: str) -> tuple[list[tuple[str, Dmarc]], Reason | None]:
    """The records that a walk finds, longest name first; several at one name count as none."""
    found: list[tuple[str, Dmarc]] = []
    for name in walk_names(domain):
        looked = hand.lookup(f"_dmarc.{name}", types.TXT)
        if looked.failure is not None:
            return found, looked.failure
        texts = dmarc_records(hand.texts(f"_dmarc.{name}"))
        if len(texts) == 1:
            found.append((name, read_dmarc(texts[0])))
            if found[-1][1].tags.get("psd", "u").lower() in {"y", "n"}:
                break
    return found, None


def find_dmarc(hand: PresenceInHand) -> DmarcFound:
    """The record of the zone itself, else of its organizational domain, else of the public suffix above."""
    zone = hand.seen.name
    records, unknown = found_on_walk(hand, zone)
    if records and records[0][0] == zone:
        return DmarcFound(zone, records[0][1])
    if unknown is not None:
        return DmarcFound(unknown=unknown)
    organization = organizational_domain(zone, records)
    for name, record in records:
        if name == organization:
            return DmarcFound(name, record)
    suffix = next(((name, record) for name, record in records if record.tags.get("psd", "u").lower() == "y"), None)
    return DmarcFound(*suffix) if suffix else DmarcFound()
