"""Bad files → the exact lines that the loader gives, as data under cases/."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.inventory.small import lines

CASES = [
    pytest.param(case, id=case["name"])
    for path in sorted((Path(__file__).parent / "cases").glob("*.yml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("case", CASES)
def test_every_problem_is_told_in_one_run_at_its_place(case):
    found = lines(case["files"], member=case.get("member"))
    assert found == case["lines"], "\n" + "\n".join(found)
