"""One pool of one month: base fees, priced usage, the rest by key, one rounding (costs.md P3, R1, R2, R4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from samdrift.costs.bounds import bound
from samdrift.costs.capacity import capacity_factors
from samdrift.costs.key import KeyBlocks, KeyContext, Weights, normalise
from samdrift.costs.key_split import Split, blend, split
from samdrift.costs.order import key_name, keys_of
from samdrift.costs.overhead import over_weights
from samdrift.costs.participation import Days, Participation, VersionDays, fractions_of
from samdrift.costs.pricing import PricedAmount, base_fees, priced_usage, rows_of
from samdrift.costs.rounding import Earlier, round_carried
from samdrift.costs.usage_view import UsageView
from samdrift.model.cost import Blocking
from samdrift.model.money import round_shares
from samdrift.model.nouns.agreement import Key, Pool
from samdrift.model.nouns.population import Population
from samdrift.model.nouns.price import Price
from samdrift.model.period import Month


@dataclass(frozen=True)
class PoolInput:
    """All that one pool's split depends on. `versions` are those that have the pool; `direct`, `shares` and `amounts` hold the
    unrounded öre, the shares and the own öre of the pools split before.
    """

    name: str
    amount_ore: int
    month: Month
    versions: tuple[VersionDays, ...]
    participation: Participation
    populations: Mapping[str, Population]
    prices: tuple[Price, ...]
    usage: UsageView
    direct: Mapping[str, Weights]
    shares: Mapping[str, Weights]
    amounts: Mapping[str, int]
    earlier: Earlier = field(default_factory=dict)

    @cached_property
    def taking(self) -> Mapping[str, Days]:
        """Member → its days in the pool, over all versions."""
        return self.participation.over(self.versions, self.name)


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

    @property
    def weights(self) -> Weights:
        """Each member's share of the pool, also of one without öre: what an overhead over it is composed of (P6)."""
        return normalise(self.direct) or dict(self.shares)


def split_pool(given: PoolInput) -> PoolResult:
    """Split one pool; a key that cannot gives a blocking and no amounts at all (5b)."""
    pool = given.versions[-1].agreement.pools[given.name]
    try:
        priced = _priced(given)
        rest_ore = given.amount_ore - sum(amount.amount_ore for amount in priced)
        if pool.rest == "settle":
            return PoolResult(priced=priced, to_settlement_ore=rest_ore)
        if rest_ore == 0 and (priced or not given.taking):
            return PoolResult(priced=priced)
        return _by_key(given, pool, priced, rest_ore)
    except KeyBlocks as fault:
        return PoolResult(
            blocking=(Blocking(fault.code, fault.text, pool=given.name, member=fault.member, meter=fault.meter),)
        )


def _priced(given: PoolInput) -> tuple[PricedAmount, ...]:
    names = {item for version in given.versions for item in version.agreement.pools[given.name].prices}
    found: list[PricedAmount] = []
    for item in sorted(names):
        rows = rows_of(given.prices, item)
        having = tuple(version for version in given.versions if item in version.agreement.pools[given.name].prices)
        taken = given.participation.over(having, given.name)
        if rows and rows[0].fee is not None:
            found.extend(base_fees(item, rows, taken, given.month))
        elif rows:
            usage = given.usage.by_day.get(rows[0].meter or "", {})
            found.extend(priced_usage(item, rows, usage, taken, given.month))
    order = {"base": 0, "priced": 1, "minimum": 2}
    return tuple(sorted(found, key=lambda amount: (order[amount.component], amount.item, amount.member)))


def _by_key(given: PoolInput, pool: Pool, priced: tuple[PricedAmount, ...], rest_ore: int) -> PoolResult:
    last = given.versions[-1].agreement
    parted = _parted(given, rest_ore)
    minimum = pool.minimum if pool.minimum is not None else last.minimum
    cap = pool.cap if pool.cap is not None else last.cap
    exact = bound(rest_ore, parted.shares, fractions_of(given.taking, len(given.month.days())), minimum, cap)
    able = {member for member, share in parted.shares.items() if share}
    tie = last.rounding.tie
    carried = last.rounding.carry_remainder or last.payment.kind == "advance"
    rounded = round_carried(exact, given.earlier, tie, able) if carried else round_shares(exact, tie, able)
    return PoolResult(priced, rounded, exact, parted.shares, parted.idle, notes=parted.notes)


def _parted(given: PoolInput, rest_ore: int) -> Split:
    """The versions' shares in one; a pool of 0 öre never blocks (5b); a version in which nobody takes part weighs nothing."""
    having = [version for version in given.versions if _taking(given, version)] or list(given.versions)
    try:
        return blend([(len(version.days), split_version(given, version)) for version in having])
    except KeyBlocks:
        if rest_ore:
            raise
        return Split({})


def _taking(given: PoolInput, version: VersionDays) -> Mapping[str, Days]:
    return given.participation.days(version, version.agreement.pools[given.name])


def split_version(given: PoolInput, version: VersionDays) -> Split:
    """The pool's shares by one version's key on that version's days."""
    agreement, pool = version.agreement, version.agreement.pools[given.name]
    context = key_context(given, version)
    try:
        if pool.over:
            return Split(over_weights(pool.over, given.shares, given.amounts))
    except KeyBlocks as fault:
        if fault.code != "zero-usage" or context.fallback in {None, "refuse"}:
            raise
        way = agreement.keys.get(context.fallback or "") or Key(kind="even")
        return split(way, context)
    key = agreement.keys.get(key_name(pool, agreement) or "")
    if key is None:
        raise KeyBlocks("unknown-key", f"pool {given.name} has no key for {'its rest' if pool.prices else 'its cost'}")
    return split(key.model_copy(update={"fallback": pool.fallback}) if pool.fallback else key, context)


def key_context(given: PoolInput, version: VersionDays) -> KeyContext:
    """What the pool's key sees in one version: who takes part on its days, and their use on those days alone (K4, K5)."""
    agreement, pool = version.agreement, version.agreement.pools[given.name]
    taking = _taking(given, version)
    meters = {key.meter for key in keys_of(pool, agreement) if key.meter}
    return KeyContext(
        taking_part=fractions_of(taking, len(given.month.days())),
        kinds=given.participation.kinds,
        keys=agreement.keys,
        host=agreement.agreement.host,
        usage={meter: given.usage.over(meter, taking) for meter in sorted(meters)},
        direct=given.direct,
        populations=given.populations,
        capacity_factor=capacity_factors(given.usage.meters, meters, version.days, given.month),
        fallback=pool.fallback or agreement.fallback,
    )
