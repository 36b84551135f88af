"""Explanation: an öre taken apart into steps of arithmetic that can be repeated by hand (costs.md 3, cost explain)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from samdrift.costs.explain_key import key_steps
from samdrift.costs.explain_price import priced_steps
from samdrift.costs.explain_step import Step
from samdrift.costs.participation import Participation, VersionDays
from samdrift.costs.rounding import Earlier
from samdrift.costs.spread import elapsed, part_in
from samdrift.model.cost import Booking, CostLine, Document, MonthCost
from samdrift.model.money import Tie, floor_of
from samdrift.model.nouns.population import Population
from samdrift.model.nouns.price import Price
from samdrift.model.problem import Place
from samdrift.model.quantity import exact

REST = frozenset({"key", "used", "idle", "overhead"})
PRICED = frozenset({"base", "priced", "minimum"})


@dataclass(frozen=True)
class LineGround:
    """What a line's steps are made of: the month's ledger, the pool's documents with their places, the versions that have the pool,
    who takes part, use by day of the line's member, and what the year booked before (where remainders are carried).
    """

    cost: MonthCost
    documents: tuple[tuple[Document, Place], ...]
    versions: tuple[VersionDays, ...]
    participation: Participation
    populations: Mapping[str, Population]
    prices: tuple[Price, ...]
    use: Mapping[str, Mapping[str, Fraction]]
    """meter → member → priced units."""
    daily: Mapping[str, Mapping[object, Fraction]]
    """meter → local day → the member's priced units."""
    earlier: Mapping[str, Earlier] = field(default_factory=dict)
    booked: tuple[Booking, ...] = ()


def explain(line: CostLine, ground: LineGround) -> tuple[Step, ...]:
    """The steps from documents and use to the line's öre, in the order in which they are worked out."""
    if line.component == "correction":
        return _correction_steps(line, ground)
    if line.component in PRICED:
        return (*priced_steps(line, ground.prices, ground.participation, ground.versions, ground.daily), _rounded(line))
    own = [
        each for each in ground.cost.lines if each.pool == line.pool and each.component not in {"correction", *PRICED}
    ]
    exacts = _sums(own)
    steps = [*_document_steps(line, ground), *_rest_steps(line, ground)]
    steps += key_steps(line, ground.versions, ground.participation, ground.populations, ground.use, ground.cost)
    if line.share is not None:
        steps += _exact_steps(line, own, exacts)
    weighed = {each.member for each in own if each.share}
    steps += _rounding_steps(line, exacts, ground.earlier.get(line.pool, {}) if _carries(ground) else {}, weighed, _tie(ground))
    if line.component in {"used", "idle"}:
        steps.append(_sub_line(line, own))
    return tuple(steps)


def _exact_steps(line: CostLine, own: list[CostLine], exacts: Mapping[str, tuple[Fraction, int]]) -> list[Step]:
    """öre × share; where minimum or cap hold some, the one lambda for the others (K7): what is left over the shares that are left."""
    rest = sum((exact_ore for exact_ore, _ in exacts.values()), Fraction(0))
    shares: dict[str, Fraction] = {}
    for each in own:
        shares[each.member] = shares.get(each.member, Fraction(0)) + (each.share or Fraction(0))
    mine, share = exacts[line.member][0], shares[line.member]
    if mine == rest * share:
        return [Step("exact", f"{exact(rest)} × {exact(share)}", f"{exact(mine)} öre")]
    ratios = {member: exacts[member][0] / part for member, part in shares.items() if part}
    common = max(sorted(ratios.values()), key=list(ratios.values()).count) if ratios else Fraction(0)
    free = {member for member, ratio in ratios.items() if ratio == common}
    held = sum((exacts[member][0] for member in exacts if member not in free), Fraction(0))
    names = ", ".join(sorted(member for member in exacts if member not in free))
    expression = f"({exact(rest)} - {exact(held)}) / {exact(sum((shares[member] for member in free), Fraction(0)))}"
    steps = [Step("lambda", expression, exact(common), source=f"held by minimum or cap: {names}")]
    if line.member in free:
        return [*steps, Step("exact", f"{exact(common)} × {exact(share)}", f"{exact(mine)} öre")]
    return [*steps, Step("held", "minimum or cap × days taking part / days in month", f"{exact(mine)} öre")]


def _carries(ground: LineGround) -> bool:
    last = ground.versions[-1].agreement if ground.versions else None
    return last is not None and (last.rounding.carry_remainder or last.payment.kind == "advance")


def _tie(ground: LineGround) -> Tie:
    return ground.versions[-1].agreement.rounding.tie if ground.versions else "larger-share-then-id"


def _sums(lines: Iterable[CostLine]) -> dict[str, tuple[Fraction, int]]:
    found: dict[str, tuple[Fraction, int]] = {}
    for line in lines:
        before, ore = found.get(line.member, (Fraction(0), 0))
        found[line.member] = (before + line.exact_ore, ore + line.amount_ore)
    return found


def _document_steps(line: CostLine, ground: LineGround) -> list[Step]:
    parts = [
        (document, place, part_in(document, ground.cost.month))
        for document, place in ground.documents
        if document.pool == line.pool
    ]
    steps = []
    for document, place, part in parts:
        if not part:
            continue
        start, end = (
            elapsed(document, day)
            for day in (
                max(document.start, ground.cost.month.first_day),
                min(document.end, ground.cost.month.next.first_day),
            )
        )
        whole = abs(document.amount_ore)
        sign = "-" if document.amount_ore < 0 else ""
        expression = f"{sign}(floor({whole} × {exact(end)}) - floor({whole} × {exact(start)}))"
        steps.append(Step("document", expression, f"{part} öre", source=f"{document.id} {place.file}:{place.line}"))
    steps.append(
        Step(
            "pool",
            " + ".join(str(part) for _, _, part in parts if part) or "0",
            f"{sum(part for _, _, part in parts)} öre",
            source=line.pool,
        )
    )
    return steps


def _rest_steps(line: CostLine, ground: LineGround) -> list[Step]:
    priced = [each for each in ground.cost.lines if each.pool == line.pool and each.component in PRICED]
    if not priced:
        return []
    whole = sum(part_in(document, ground.cost.month) for document, _ in ground.documents if document.pool == line.pool)
    taken = sum(each.amount_ore for each in priced)
    return [Step("rest", f"{whole} - {taken}", f"{whole - taken} öre")]


def _rounding_steps(
    line: CostLine, exacts: Mapping[str, tuple[Fraction, int]], earlier: Earlier, weighed: Collection[str], tie: Tie
) -> list[Step]:
    """R1 for the member, with its place among those of a weight; with what the year carried before (R4)."""
    nothing = (Fraction(0), 0)
    names = sorted({*exacts, *earlier})
    sums = {member: exacts.get(member, nothing)[0] + earlier.get(member, nothing)[0] for member in names}
    total = sum(sums.values(), Fraction(0))
    sign = -1 if total < 0 else 1
    floors = {member: floor_of((sign * value).numerator, value.denominator) for member, value in sums.items()}
    missing = abs(total) - sum(floors.values())
    rests = {member: sign * sums[member] - floors[member] for member in names}
    able = {*weighed, *(member for member in earlier if sums[member])}
    order = sorted(
        able, key=lambda member: (-rests[member], -sign * sums[member] if tie == "larger-share-then-id" else 0, member)
    )
    steps = []
    carried = earlier.get(line.member, nothing)
    if earlier:
        steps.append(
            Step(
                "carried",
                f"{exact(exacts.get(line.member, nothing)[0])} + {exact(carried[0])}",
                f"{exact(sums[line.member])} öre",
            )
        )
    gets = exacts.get(line.member, nothing)[1] + carried[1]
    text = f"floor {floors[line.member]}, remainder {exact(rests[line.member])}"
    if line.member in able:
        text += f" is number {order.index(line.member) + 1} of {len(order)}; {exact(missing)} öre are left"
    else:
        text += "; a weight of 0 gets no öre that are left"
    steps.append(Step("rounding", f"{'-' if sign < 0 else ''}({text})", f"{gets} öre"))
    if earlier:
        steps.append(Step("less-earlier", f"{gets} - {carried[1]}", f"{gets - carried[1]} öre"))
    return steps


def _sub_line(line: CostLine, own: list[CostLine]) -> Step:
    """R2: the member's rounded amount split between use and idle capacity."""
    mine = [each for each in own if each.member == line.member]
    whole, shares = (
        sum(each.amount_ore for each in mine),
        sum((each.share or Fraction(0) for each in mine), Fraction(0)),
    )
    part = (line.share or Fraction(0)) / shares if shares else Fraction(0)
    return Step("part", f"{whole} × {exact(part)}, by largest remainder", f"{line.amount_ore} öre")


def _rounded(line: CostLine) -> Step:
    return Step("half-away", exact(line.exact_ore), f"{line.amount_ore} öre")


def _correction_steps(line: CostLine, ground: LineGround) -> tuple[Step, ...]:
    """Today's öre less all booked for the pool, the member and the month."""
    about = line.line.split("/correction/")[1].split("/")[0]
    booking = next((each for each in ground.booked if any(one.line == line.line for one in each.lines)), None)
    before = [
        one
        for each in ground.booked
        for one in each.lines
        if each.about == about and (one.pool, one.member) == (line.pool, line.member)
    ]
    words = [
        Step("correction", f"{about}: today's rounded öre - all booked", f"{line.amount_ore} öre", source=line.corrects)
    ]
    words += [Step("booked", one.line, f"{one.amount_ore} öre") for one in before]
    if booking is not None:
        words.append(Step("decision", booking.reason, booking.id))
    return tuple(words)
