"""How each pool is split, in words: its key, prices, minimum and cap, for those who pay by it (costs.md E2)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from samdrift.model import wording
from samdrift.model.cost_words import name_of
from samdrift.model.nouns.agreement import Agreement, Key, Part, Pool
from samdrift.model.nouns.member import Member
from samdrift.model.quantity import exact
from samdrift.model.section import Column, Table
from samdrift.model.text import Text


def keys_table(versions: Sequence[Agreement], pools: Collection[str], members: Mapping[str, Member], text: Text) -> Table:
    """One row a version and pool: the key's name and how it splits."""
    columns = (
        Column("version", text("cost.version-name"), "id"),
        Column("pool", text("cost.pool"), "id"),
        Column("key", text("cost.key"), "id"),
        Column("how", text("cost.how")),
    )
    rows = tuple(
        (agreement.agreement.version, name, _key_name(pool), _pool_words(pool, agreement, members, text))
        for agreement in versions
        for name, pool in sorted(agreement.pools.items())
        if name in pools
    )
    return Table("cost-keys", text("cost.keys"), columns, rows)


def _key_name(pool: Pool) -> str:
    return pool.key or ("" if pool.over is None else "over")


def _pool_words(pool: Pool, agreement: Agreement, members: Mapping[str, Member], text: Text) -> str:
    said = []
    if pool.prices:
        said.append(text("cost.how.prices", prices=", ".join(pool.prices)))
    if pool.over is not None:
        said.append(text("cost.how.over", pools=", ".join(sorted({*pool.over.pools, *pool.over.percent}))))
    if pool.rest == "settle":
        said.append(text("cost.how.settle"))
    elif (name := pool.rest if pool.rest in agreement.keys else pool.key) is not None and name in agreement.keys:
        said.append(key_words(agreement.keys[name], members, text))
    minimum = pool.minimum if pool.minimum is not None else agreement.minimum
    cap = pool.cap if pool.cap is not None else agreement.cap
    if minimum is not None:
        said.append(text("cost.how.minimum", amount=wording.money(minimum, text.language)))
    if cap is not None:
        said.append(text("cost.how.cap", amount=wording.money(cap, text.language)))
    return "; ".join(said)


def key_words(key: Key, members: Mapping[str, Member], text: Text) -> str:
    """One key in a few words; a composite key names its parts, members as valid in the period (E2)."""
    match key.kind:
        case "composite":
            parts = [f"{exact(part.share)} {_part_words(part, members, text)}" for part in key.parts]
            return text("cost.how.composite", parts=", ".join(parts))
        case "usage":
            return text("cost.how.usage", meter=key.meter or "")
        case "population":
            return text("cost.how.population", table=key.table or "")
        case "direct-cost":
            return text("cost.how.direct-cost", pools=", ".join(key.pools))
        case "fixed":
            return text("cost.how.fixed")
        case "even":
            return text("cost.how.even")
        case _:
            return key.kind


def _part_words(part: Part, members: Mapping[str, Member], text: Text) -> str:
    if part.member is not None:
        return name_of(part.member, members)
    return key_words(part.key, members, text) if part.key else ""
