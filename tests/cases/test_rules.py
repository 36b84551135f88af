"""Cross-rules of the inventory: small inventory text → exact lines, as data under rules/."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
import yaml

from samdrift.inventory.rules import rules
from tests.inventory.small import AT, judged, lines

FOLDER = Path(__file__).parent / "rules"
CASES = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yml"))}
EACH = [pytest.param(case, id=f"{name}: {case['name']}") for name, cases in CASES.items() for case in cases]


def instant(case):
    return datetime.fromisoformat(case["at"]) if "at" in case else AT


@pytest.mark.parametrize("case", EACH)
def test_a_rule_tells_exactly_these_lines(case):
    found = lines(case["files"], at=instant(case), ground=case.get("ground"))
    assert found == case["lines"], "\n" + "\n".join(found)


@pytest.mark.parametrize("name", rules())
def test_each_rule_has_a_case_that_is_well_and_one_that_is_not(name):
    assert name in CASES, f"tests/cases/rules/{name}.yml is missing"
    told = [
        [problem.code for problem in judged(case["files"], at=instant(case), ground=case.get("ground")).problems]
        for case in CASES[name]
    ]
    assert [] in told, f"{name} has no case without a problem"
    found = {code for codes in told for code in codes}
    assert found & set(rules()[name].codes), f"no case of {name} shows one of {rules()[name].codes}"


def test_each_case_file_belongs_to_a_rule():
    assert set(CASES) <= set(rules()), "a case file bears the id of its rule"
