"""One pool of one month: base fees, priced usage, the rest by key, one rounding (costs.md P3, R1, R2, R4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from samdrift.costs.key import KeyBlocks, KeyContext, Weights, normalise
from samdrift.costs.key_split import Split, amounts, blend, split
from samdrift.costs.participation import VersionDays, days_taking_part, takes_part
from samdrift.costs.pricing import PricedAmount, base_fees, priced_usage, rows_of
from samdrift.costs.usage_view import UsageView
from samdrift.model.cost import Blocking
from samdrift.model.money import round_shares
from samdrift.model.nouns.agreement import Key, Over, Pool
from samdrift.model.nouns.member import Member
from samdrift.model.nouns.population import Population
from samdrift.model.nouns.price import Price
from samdrift.model.period import Month

Earlier = Mapping[str, tuple[Fraction, int]]
"""member → (exact öre, öre booked) of the calendar year's earlier months, when the remainder is carried."""


@dataclass(frozen=True)
class PoolInput:
    """All that one pool's split depends on. `versions` are those that have the pool; `direct` holds the pools split before."""

    name: str
    amount_ore: int
    month: Month
    versions: tuple[VersionDays, ...]
    members: Mapping[str, Member]
    populations: Mapping[str, Population]
    prices: tuple[Price, ...]
    usage: UsageView
    direct: Mapping[str, Weights]
    pool_amounts: Mapping[str, int]
    earlier: Earlier = field(default_factory=dict)


@dataclass(frozen=True)
class PoolResult:
    """What a pool gave: priced amounts, rounded rest per member with its idle part, what goes to settlement, or why nothing."""

    priced: tuple[PricedAmount, ...] = ()
    rest: Mapping[str, int] = field(default_factory=dict)
    exact: Weights = field(default_factory=dict)
    shares: Mapping[str, Fraction] = field(default_factory=dict)
    idle: Mapping[str, Fraction] = field(default_factory=dict)
    to_settlement_ore: int = 0
    blocking: tuple[Blocking, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def direct(self) -> Weights:
        """Unrounded öre per member, for direct-cost keys and overhead."""
        total = dict(self.exact)
        for amount in self.priced:
            total[amount.member] = total.get(amount.member, Fraction(0)) + amount.exact_ore
        return total


def split_pool(given: PoolInput) -> PoolResult:
    """Split one pool; a key that cannot gives a blocking and no amounts at all (5b)."""
    pool = given.versions[-1].agreement.pools[given.name]
    try:
        priced = _priced(given)
        rest_ore = given.amount_ore - sum(amount.amount_ore for amount in priced)
        if pool.rest == "settle":
            return PoolResult(priced=priced, to_settlement_ore=rest_ore)
        return _by_key(given, pool, priced, rest_ore)
    except KeyBlocks as fault:
        return PoolResult(
            blocking=(Blocking(fault.code, fault.text, pool=given.name, member=fault.member, meter=fault.meter),)
        )


def taking_days(given: PoolInput) -> dict[str, tuple[date, ...]]:
    """Member → the local days on which it takes part in the pool, over all versions."""
    found: dict[str, list[date]] = {}
    for version in given.versions:
        pool = version.agreement.pools[given.name]
        entries = pool.participants or version.agreement.participants
        for day in version.days:
            for member_id in sorted(takes_part(entries, day)):
                member = given.members.get(member_id)
                if member and member.since <= day and (member.until is None or day < member.until):
                    found.setdefault(member_id, []).append(day)
    return {member: tuple(days) for member, days in sorted(found.items())}


def _priced(given: PoolInput) -> tuple[PricedAmount, ...]:
    items: dict[str, set[date]] = {}
    for version in given.versions:
        for item in version.agreement.pools[given.name].prices:
            items.setdefault(item, set()).update(version.days)
    days = taking_days(given)
    found: list[PricedAmount] = []
    for item, valid in items.items():
        rows = rows_of(given.prices, item)
        taken = {member: tuple(day for day in each if day in valid) for member, each in days.items()}
        if rows and rows[0].fee is not None:
            found.extend(base_fees(item, rows, taken, given.month))
        elif rows:
            found.extend(priced_usage(item, rows, given.usage.by_day.get(rows[0].meter or "", {}), taken, given.month))
    order = {"base": 0, "priced": 1, "minimum": 2}
    return tuple(sorted(found, key=lambda amount: (order[amount.component], amount.item, amount.member)))


def _by_key(given: PoolInput, pool: Pool, priced: tuple[PricedAmount, ...], rest_ore: int) -> PoolResult:
    if rest_ore == 0 and (priced or not taking_days(given)):
        return PoolResult(priced=priced)
    last = given.versions[-1].agreement
    parts = [(len(version.days), _split_version(given, version, rest_ore)) for version in given.versions]
    parted = blend(parts, len(given.month.days()))
    taking = _fractions(given)
    minimum = pool.minimum if pool.minimum is not None else last.minimum
    cap = pool.cap if pool.cap is not None else last.cap
    exact = amounts(rest_ore, parted, taking, minimum, cap)
    carry = last.rounding.carry_remainder or last.payment.kind == "advance"
    rounded = (
        round_carried(exact, given.earlier, last.rounding.tie) if carry else round_shares(exact, last.rounding.tie)
    )
    return PoolResult(priced=priced, rest=rounded, exact=exact, shares=parted.shares, idle=parted.idle)


def round_carried(exact: Weights, earlier: Earlier, tie: str) -> dict[str, int]:
    """This month's öre = rounding of the year's cumulative exact shares, less what earlier months booked (R4)."""
    members = {*exact, *earlier}
    nothing = (Fraction(0), 0)
    cumulative = {member: exact.get(member, Fraction(0)) + earlier.get(member, nothing)[0] for member in members}
    rounded = round_shares(cumulative, "id" if tie == "id" else "larger-share-then-id")
    booked = {member: rounded[member] - earlier.get(member, nothing)[1] for member in sorted(members)}
    return {member: ore for member, ore in booked.items() if member in exact or ore}


def _split_version(given: PoolInput, version: VersionDays, rest_ore: int) -> Split:
    agreement = version.agreement
    pool = agreement.pools[given.name]
    days = days_taking_part(version, pool, given.members)
    context = KeyContext(
        taking_part={member: Fraction(count, len(given.month.days())) for member, count in days.items()},
        kinds={member.id: member.kind for member in given.members.values()},
        keys=agreement.keys,
        host=agreement.agreement.host,
        usage=given.usage.per_member(version.days),
        direct=given.direct,
        populations=given.populations,
        capacity_factor=_capacity_factors(given.usage, version),
    )
    if pool.over:
        return Split(_over(pool.over, given), {})
    if rest_ore == 0:
        return Split(dict.fromkeys(sorted(days), Fraction(0)), {})
    name = pool.rest if pool.rest in agreement.keys else pool.key
    key = agreement.keys.get(name or "")
    if key is None:
        raise KeyBlocks("unknown-key", f"pool {given.name} has no key for {'its rest' if pool.prices else 'its cost'}")
    fallback = pool.fallback or agreement.fallback
    if fallback and not key.fallback and isinstance(key, Key):
        key = key.model_copy(update={"fallback": fallback})
    return split(key, context)


def _over(over: Over, given: PoolInput) -> Weights:
    """The exact composition of the pools that this one is spread over (P6)."""
    names = sorted({*over.pools, *over.percent})
    weights: Weights = {}
    for name in names:
        if over.percent:
            part = over.percent.get(name, Fraction(0))
        else:
            part = Fraction(1) if over.by == "even" else Fraction(abs(given.pool_amounts.get(name, 0)))
        for member, share in normalise(given.direct.get(name, {})).items():
            weights[member] = weights.get(member, Fraction(0)) + part * share
    shares = normalise(weights)
    if not shares:
        raise KeyBlocks("zero-usage", f"the pools {', '.join(names)} have no cost to follow")
    return shares


def _fractions(given: PoolInput) -> dict[str, Fraction]:
    return {member: Fraction(len(days), len(given.month.days())) for member, days in taking_days(given).items()}


def _capacity_factors(usage: UsageView, version: VersionDays) -> dict[str, Fraction]:
    """Priced units that one unit of a gauge's capacity gives over the version's days; 1 for other kinds."""
    if not version.days:
        return {}
    month = Month(version.days[0].year, version.days[0].month)
    whole = Fraction(int((month.end - month.start).total_seconds()) * 1000 * len(version.days), len(month.days()))
    return {
        meter.id: whole / meter.per_priced if meter.kind == "gauge" else Fraction(1) for meter in usage.meters.values()
    }
