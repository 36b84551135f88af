"""Every allocation key's cases: who takes part and what was used → exact shares of 1."""

from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from samdrift.costs.key import KeyBlocks, KeyContext
from samdrift.costs.key_split import split
from samdrift.model.nouns.agreement import Key
from samdrift.model.nouns.population import Population

HERE = Path(__file__).parent / "keys"
CASES = [(path.stem, case) for path in sorted(HERE.glob("*.yml")) for case in yaml.safe_load(path.read_text(encoding="utf-8"))]
TABLE = Population(
    id="scb-2015", as_of="2015-12-31", applies_from="2016-01-01", source="SCB, 31 December 2015", persons={"are": 10677, "berg": 7032}
)  # fmt: skip
KINDS = {"region-jh": "region", "jgy": "federation", "rtj": "federation"}


def frozen(value):
    if isinstance(value, list):
        return tuple(frozen(each) for each in value)
    return {key: frozen(each) for key, each in value.items()} if isinstance(value, dict) else value


def exact(values):
    return {member: Fraction(str(value)) for member, value in values.items()}


@pytest.mark.parametrize(("kind", "case"), CASES, ids=[f"{kind}: {case['name']}" for kind, case in CASES])
def test_a_key_gives_the_shares_that_the_case_says(kind, case):
    taking_part = exact(case["taking_part"])
    context = KeyContext(
        taking_part=taking_part, kinds={member: KINDS.get(member, "municipality") for member in taking_part}, keys={}, host="region-jh",
        usage={meter: exact(used) for meter, used in case.get("usage", {}).items()},
        direct={pool: exact(öre) for pool, öre in case.get("direct", {}).items()}, populations={"scb-2015": TABLE}, capacity_factor={},
    )  # fmt: skip
    key = Key.model_validate(frozen(case["key"]))
    assert key.kind == kind
    if "blocks" in case:
        with pytest.raises(KeyBlocks) as caught:
            split(key, context)
        assert caught.value.code == case["blocks"]
        return
    found = split(key, context)
    assert dict(found.shares) == exact(case["expect"])
    assert sum(found.shares.values()) == 1
    assert dict(found.idle) == exact(case.get("idle", {}))
