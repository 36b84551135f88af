"""An auditor's worked cases: an agreement, documents and use → the öre of each member, worked out by hand in the case's own words."""

from collections import defaultdict
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from samdrift.costs.allocation import CostInput, allocate
from samdrift.metering.registry import shipped_meters
from samdrift.model.cost import Document
from samdrift.model.errors import Refused
from samdrift.model.money import read_ore
from samdrift.model.nouns.agreement import Agreement
from samdrift.model.nouns.member import Member
from samdrift.model.nouns.population import Population
from samdrift.model.nouns.price import Price
from samdrift.model.period import Month
from samdrift.model.reading import DailyUsage, Meter, Quality

HERE = Path(__file__).parent / "costs"
METERS = {
    **shipped_meters(),
    "rack-units": Meter("rack-units", "gauge", "RU", "RU-day", Fraction(86_400_000), "Rack units", "csv", None),
}
REST = {"key", "used", "idle", "overhead"}


class Texts(yaml.SafeLoader):
    """Numbers and dates as they are written (X4)."""


Texts.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if tag in {"tag:yaml.org,2002:null", "tag:yaml.org,2002:bool"}]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted(HERE.glob("*.yml"))
    for case in yaml.load(path.read_text(encoding="utf-8"), Texts)
]


def frozen(value):
    if isinstance(value, list):
        return tuple(frozen(each) for each in value)
    if isinstance(value, dict):
        return {key: frozen(each) for key, each in value.items()}
    return value


def member(member_id, **more):
    contact = {"role": "it-manager", "name": "IT-chef", "email": f"it@{member_id}.example"}
    given = {"id": member_id, "name": member_id, "kind": "municipality", "since": "2010-01-01", "contacts": (contact,)}
    return Member.model_validate(given | more)


def documents_of(case):
    return tuple(
        Document(
            each.get("document", "D"), str(number), each["pool"], read_ore(each["kr"]), date.fromisoformat(each["from"]),
            date.fromisoformat(each["to"]), each.get("spread"),
        )
        for number, each in enumerate(case["documents"], start=1)
    )  # fmt: skip


def used_of(case):
    rows = []
    for meter, members in case.get("used", {}).items():
        for owner, days in members.items():
            for day, quantity in (days if isinstance(days, dict) else {f"{case['month']}-01": days}).items():
                base = Fraction(quantity) * METERS[meter].per_priced
                rows.append(DailyUsage(date.fromisoformat(day), meter, "r", owner, Quality.MEASURED, base))
    return tuple(rows)


def given_of(case, month, earlier):
    ids = case["members"] if isinstance(case["members"], list) else list(case["members"])
    more = {} if isinstance(case["members"], list) else case["members"]
    head = {"id": "joint", "version": "1", "from": "2010-01-01", "host": ids[0], "decision": "x"}
    agreements = tuple(
        Agreement.model_validate(frozen({"participants": ids, **each, "agreement": head | each.get("agreement", {})}))
        for each in case["agreements"]
    )
    populations = {
        each["id"]: Population.model_validate(
            frozen(each | {"persons": {k: int(v) for k, v in each["persons"].items()}})
        )
        for each in case.get("populations", [])
    }
    prices = tuple(Price.model_validate(frozen(each)) for each in case.get("prices", []))
    members = {each: member(each, **(more.get(each) or {})) for each in ids}
    return CostInput(
        month,
        "joint",
        agreements,
        members,
        {},
        populations,
        prices,
        documents_of(case),
        METERS,
        used_of(case),
        (),
        earlier,
    )


def told(cost):
    """pool → member → component → öre, as the case writes it: one component stands as its öre alone."""
    found = defaultdict(lambda: defaultdict(dict))
    for line in cost.lines:
        parts = found[line.pool][line.member]
        parts[line.component] = parts.get(line.component, 0) + line.amount_ore
    return {
        pool: {
            each: str(next(iter(parts.values()))) if len(parts) == 1 else {k: str(v) for k, v in parts.items()}
            for each, parts in members.items()
        }
        for pool, members in found.items()
    }


@pytest.mark.parametrize("case", CASES)
def test_the_month_gives_the_ore_that_the_auditor_worked_out(case):
    month, earlier = Month.parse(case["month"]), {}
    months = case.get("expect_months") or [case.get("expect", {})]
    for expected in months:
        if "refused" in case:
            with pytest.raises(Refused, match=case["refused"]):
                allocate(given_of(case, month, earlier))
            return
        cost = allocate(given_of(case, month, earlier))
        assert told(cost) == expected, f"{month}: {told(cost)}"
        for pool in cost.pools:
            own = sum(line.amount_ore for line in cost.lines if line.pool == pool.pool)
            assert own + pool.to_settlement_ore + pool.unallocated_ore == pool.amount_ore
            assert str(pool.unallocated_ore) == case.get("unallocated", {}).get(pool.pool, "0")
            assert str(pool.to_settlement_ore) == case.get("settlement", {}).get(pool.pool, "0")
        assert [each.code for each in cost.blocking] == case.get("blocks", [])
        for words in case.get("notes", []):
            assert any(words in note for note in cost.notes), cost.notes
        for pool, shares in cost.accumulated.items():
            kept = earlier.setdefault(pool, {})
            for each, share in shares.items():
                exact, ore = kept.get(each, (Fraction(0), 0))
                kept[each] = (
                    exact + share,
                    ore
                    + sum(
                        line.amount_ore
                        for line in cost.lines
                        if (line.pool, line.member) == (pool, each) and line.component in REST
                    ),
                )
        month = month.next
