"""How a key gave a member its share, node by node (costs.md K2-K4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from samdrift.costs.explain_step import Step
from samdrift.costs.key import KeyBlocks, KeyContext, allocation_keys, narrowed, split
from samdrift.costs.order import key_name
from samdrift.costs.participation import Participation, VersionDays, fractions_of
from samdrift.model.cost import CostLine, MonthCost
from samdrift.model.nouns.agreement import Key
from samdrift.model.nouns.population import Population
from samdrift.model.quantity import exact


def key_steps(
    line: CostLine,
    versions: tuple[VersionDays, ...],
    participation: Participation,
    populations: Mapping[str, Population],
    use: Mapping[str, Mapping[str, Fraction]],
    cost: MonthCost,
) -> list[Step]:
    """One step a node that the member is in, then the blend of versions; an overhead follows the pools it goes over."""
    steps = []
    for version in versions:
        agreement, pool = version.agreement, version.agreement.pools[line.pool]
        head = agreement.agreement
        steps.append(Step("version", f"{head.id} {head.version}: {head.decision}", f"{len(version.days)} days"))
        if pool.over:
            steps += _overhead(line, [*pool.over.pools, *pool.over.percent], cost)
            continue
        key = agreement.keys.get(key_name(pool, agreement) or "")
        if key is None:
            continue
        context = KeyContext(
            taking_part=fractions_of(participation.days(version, pool), len(cost.month.days())), kinds=participation.kinds, keys=agreement.keys,
            host=head.host, usage=use, direct=_direct(cost), populations=populations, capacity_factor={}, fallback=pool.fallback or agreement.fallback,
        )  # fmt: skip
        steps += _node(key_name(pool, agreement) or "", key, context, line.member)
    if line.share is not None:
        shares = [
            each.share
            for each in cost.lines
            if (each.pool, each.member) == (line.pool, line.member) and each.share is not None
        ]
        counted = sum(len(version.days) for version in versions)
        days = " and ".join(f"{len(version.days)}/{counted}" for version in versions)
        steps.append(
            Step("share", f"by days {days}" if len(versions) > 1 else "share", exact(sum(shares, Fraction(0))))
        )
    return steps


def _overhead(line: CostLine, pools: Iterable[str], cost: MonthCost) -> list[Step]:
    found = []
    for name in sorted(pools):
        own = sum(
            (each.exact_ore for each in cost.lines if (each.pool, each.member) == (name, line.member)), Fraction(0)
        )
        whole = sum((each.exact_ore for each in cost.lines if each.pool == name), Fraction(0))
        found.append(Step("over", f"{exact(own)} / {exact(whole)}", exact(own / whole) if whole else "0", source=name))
    return found


def _direct(cost: MonthCost) -> dict[str, dict[str, Fraction]]:
    found: dict[str, dict[str, Fraction]] = {}
    for line in cost.lines:
        own = found.setdefault(line.pool, {})
        own[line.member] = own.get(line.member, Fraction(0)) + line.exact_ore
    return found


def _node(name: str, key: Key, context: KeyContext, member: str) -> list[Step]:
    """The member's weight over the node's weights; a composite's parts one by one."""
    if key.kind == "composite":
        found = []
        for number, part in enumerate(key.parts, start=1):
            inside = f"{name}.{number}"
            if part.key is not None:
                below = _node(inside, part.key, context, member)
                found += (
                    [Step("part-share", f"part {number} of {name}", exact(part.share), source=inside), *below]
                    if below
                    else []
                )
            elif part.member == member:
                found.append(Step("part-share", f"part {number} of {name}: {member}", exact(part.share), source=inside))
        return found
    context = narrowed(key, context)
    weights = allocation_keys()[key.kind].weigh(key, context)
    whole = sum(weights.values(), Fraction(0))
    if member not in weights:
        return []
    if key.capacity is not None:
        note = f"{exact(weights[member])} used of capacity {exact(key.capacity)}; all used {exact(whole)}"
        return [Step("capacity", note, key.idle or "proportional", source=name)]
    if not whole:
        return _fallen(name, key, context, member)
    return [Step(key.kind, f"{exact(weights[member])} / {exact(whole)}", exact(weights[member] / whole), source=name)]


def _fallen(name: str, key: Key, context: KeyContext, member: str) -> list[Step]:
    try:
        shares = split(key, replace(context, tried=context.tried)).shares
    except KeyBlocks as fault:
        return [Step("blocked", fault.text, fault.code, source=name)]
    return [
        Step(
            "fallback",
            f"all weights are 0: {key.fallback or context.fallback}",
            exact(shares.get(member, Fraction(0))),
            source=name,
        )
    ]
