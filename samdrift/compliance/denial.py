"""Denial: what the NSEC or NSEC3 records of one reply prove of a name that is not there, or of a type (RFC 4035 5.4, RFC 5155 8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from samdrift.model.dns import types
from samdrift.model.dns.denial import MOST_ITERATIONS, SHA1, Nsec, Nsec3, order, read_nsec, read_nsec3
from samdrift.model.dns.message import Malformed, Record
from samdrift.model.dns.names import Name, count_labels, is_within, parent


class Verdict(StrEnum):
    """What a reply's records come to: proven, proven but by opt-out alone, or what lacks; the last two are our own limits."""

    PROVEN = "proven"
    OPT_OUT = "opt-out"
    NO_PROOF = "no-proof"
    WRONG_OWNER = "wrong-owner"
    WRONG_TYPES = "wrong-types"
    UNSUPPORTED = "unsupported"
    TOO_COSTLY = "too-costly"


@dataclass(frozen=True, slots=True)
class Denial:
    """The readable NSEC and NSEC3 records of one reply of a zone."""

    zone: Name
    nsec: tuple[Nsec, ...] = ()
    nsec3: tuple[Nsec3, ...] = ()

    @property
    def records(self) -> tuple[Nsec | Nsec3, ...]:
        return self.nsec or self.nsec3

    @property
    def limit(self) -> Verdict | None:
        """Why these cannot be computed with; None when they can."""
        if not self.nsec and any(one.algorithm != SHA1 for one in self.nsec3):
            return Verdict.UNSUPPORTED
        if not self.nsec and any(one.iterations > MOST_ITERATIONS for one in self.nsec3):
            return Verdict.TOO_COSTLY
        return None

    def at(self, name: Name) -> Nsec | Nsec3 | None:
        """The record that stands at a name."""
        return next((one for one in self.records if one.matches(name)), None)

    def over(self, name: Name) -> Nsec | Nsec3 | None:
        """The record that says that there is no such name."""
        return next((one for one in self.records if one.covers(name)), None)


def read_denial(zone: Name, section: Iterable[Record]) -> Denial:
    """From a reply's authority section; records that cannot be read prove nothing."""
    nsec: list[Nsec] = []
    nsec3: list[Nsec3] = []
    for record in section:
        try:
            if record.type == types.NSEC and is_within(record.owner, zone):
                nsec.append(read_nsec(record))
            elif record.type == types.NSEC3 and parent(record.owner) == zone:
                nsec3.append(read_nsec3(record))
        except Malformed:
            continue
    return Denial(zone, tuple(nsec), tuple(nsec3))


def limited(prove: Callable[..., Verdict]) -> Callable[..., Verdict]:
    """No records prove nothing, and those beyond our limits are not computed with."""

    def proved(denial: Denial, *rest: Name | int) -> Verdict:
        return Verdict.NO_PROOF if not denial.records else denial.limit or prove(denial, *rest)

    return proved


@limited
def no_type(denial: Denial, name: Name, rtype: int) -> Verdict:
    """That a name has no such type, be it that a wildcard stands for the name."""
    here = denial.at(name)
    if here is not None:
        return Verdict.WRONG_TYPES if rtype in here.types or types.CNAME in here.types else Verdict.PROVEN
    encloser, closer = _closest(denial, name)
    if encloser is None or denial.over(closer) is None:
        return _lacking(denial, (encloser,) if encloser else (), ())
    wild = denial.at(b"\1*" + encloser)
    if wild is None:
        return _lacking(denial, (encloser,), (closer,))
    return Verdict.WRONG_TYPES if rtype in wild.types else Verdict.PROVEN


@limited
def no_name(denial: Denial, name: Name) -> Verdict:
    """That there is neither the name nor a wildcard for it."""
    encloser, closer = _closest(denial, name)
    if encloser is None:
        return _lacking(denial, (), tuple(_near(denial.zone, name)))
    wild = b"\1*" + encloser
    whole = denial.over(closer) is not None and denial.over(wild) is not None
    return Verdict.PROVEN if whole else _lacking(denial, (encloser,), (closer, wild))


@limited
def no_closer_name(denial: Denial, name: Name, signed_labels: int) -> Verdict:
    """That an answer made from a wildcard, signed with so many labels, stands for no nearer name."""
    closer = name
    while count_labels(closer) > signed_labels + 1:
        closer = parent(closer)
    target = name if denial.nsec else closer
    return Verdict.PROVEN if denial.over(target) is not None else _lacking(denial, (), (target,))


@limited
def no_ds(denial: Denial, name: Name) -> Verdict:
    """That a delegated name has no DS; OPT_OUT where only an opt-out span covers it (RFC 5155 8.6)."""
    here = denial.at(name)
    if here is not None:
        if types.SOA in here.types or types.NS not in here.types:
            return Verdict.WRONG_TYPES
        return Verdict.WRONG_TYPES if types.DS in here.types else Verdict.PROVEN
    encloser, closer = _closest(denial, name)
    over = denial.over(closer) if encloser is not None else None
    if isinstance(over, Nsec3) and over.is_opt_out:
        return Verdict.OPT_OUT
    return _lacking(denial, (encloser,) if encloser else (), (closer,))


def _closest(denial: Denial, name: Name) -> tuple[Name | None, Name]:
    """The closest encloser that is proven to be there, and the name one label nearer; None when none is (RFC 5155 8.3)."""
    if denial.nsec:
        return _closest_by_order(denial, name)
    closer = name
    while closer != denial.zone and len(closer) > 1:
        if denial.at(parent(closer)) is not None:
            return parent(closer), closer
        closer = parent(closer)
    return None, name


def _closest_by_order(denial: Denial, name: Name) -> tuple[Name | None, Name]:
    """From the NSEC over the name: what it shares with one of its two ends, whichever is longer. The name itself is what must be covered."""
    over = next((one for one in denial.nsec if one.covers(name)), None)
    if over is None:
        return None, name
    shared = max(_shared(order(name), order(over.owner)), _shared(order(name), order(over.next)))
    encloser = name
    while count_labels(encloser) > shared:
        encloser = parent(encloser)
    return encloser, name


def _shared(one: tuple[bytes, ...], other: tuple[bytes, ...]) -> int:
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        count += 1
    return count


def _near(zone: Name, name: Name) -> Iterator[Name]:
    """Every name that a record may speak of when no encloser is known: those up to the zone, and the wildcards beside them."""
    while name != zone and len(name) > 1:
        yield name
        name = parent(name)
        yield b"\1*" + name
    yield zone


def _lacking(denial: Denial, matched: tuple[Name, ...], covered: tuple[Name, ...]) -> Verdict:
    """What is wrong when a piece lacks: a record that serves for nothing stands at the wrong place, else a record was left out."""
    stray = [one for one in denial.records if not any(one.matches(name) for name in matched) and not any(one.covers(name) for name in covered)]
    return Verdict.WRONG_OWNER if stray else Verdict.NO_PROOF
