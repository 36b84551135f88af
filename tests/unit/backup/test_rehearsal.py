"""Level 5: what comes back first, and when a service counts as back."""

import pytest

from samdrift.backup.rehearsal import Back, judge_stage, stages
from samdrift.model.nouns.service import Service

NET = "jamtnet"


def services(**needs):
    made = {}
    for name, (rpo, on) in needs.items():
        made[name] = Service.model_validate({"id": name, "name": name, "operator": "joint", "used_by": ("all",), "depends_on": tuple(on), **({"rpo": "1 d"} if rpo else {})})
    return made


ALL = services(jamtnet=(False, ()), katalog=(True, [NET]), loner=(True, [NET, "katalog"]), schema=(True, ["katalog"]), portal=(True, ["schema", "loner"]))
KEPT = {"katalog": ["katalog-b", "katalog-a"], "loner": ["loner"], "schema": ["schema"], "portal": ["portal"]}
PLAN = stages(ALL, KEPT, "portal")
BY_NAME = {one.service: one for one in PLAN}


def test_each_comes_after_all_that_it_needs_and_once():
    assert [one.service for one in PLAN] == [NET, "katalog", "schema", "loner", "portal"]
    assert BY_NAME["portal"].needs == (NET, "katalog", "schema", "loner")
    assert BY_NAME["loner"].needs == (NET, "katalog"), "not schema, which only happens to come before it"
    assert BY_NAME["katalog"].backups == ("katalog-a", "katalog-b")
    assert [one.service for one in stages(ALL, KEPT, "katalog")] == [NET, "katalog"]


def test_a_circle_ends():
    around = services(one=(True, ["two"]), two=(True, ["one"]))
    assert [one.service for one in stages(around, {}, "one")] == ["two", "one"]


WELL = {"katalog": Back(True, 10), "schema": Back(True, 20), "loner": Back(True, 40)}
UNTOLD = f"{NET}: it has no backup and promises no rpo"


@pytest.mark.parametrize(
    ("name", "came", "spent", "rto", "wanted"),
    [
        ("portal", WELL, 5, 75, (75, (), (UNTOLD,))),
        ("portal", WELL, 5, 74, (75, ("with what it depends on it took 75 s, the objective is 74 s",), (UNTOLD,))),
        ("portal", WELL, 5, None, (75, (), (UNTOLD, "time: no rto is declared"))),
        ("loner", WELL, 40, 50, (50, (), (UNTOLD,))),
        ("portal", {**WELL, "loner": Back(False, 40)}, 5, 900, (75, ("loner, which it depends on, did not pass",), (UNTOLD,))),
        ("portal", {"katalog": Back(True, 10), "schema": Back(True, 20)}, 5, 900, (35, ("loner, which it depends on, promises an rpo and has no backup",), (UNTOLD,))),
        ("katalog", {}, 10, 10, (10, (), (UNTOLD,))),
    ],
)  # fmt: skip
def test_the_total_time_and_what_it_stands_on_count(name, came, spent, rto, wanted):
    found = judge_stage(BY_NAME[name], came, BY_NAME, spent, rto)
    assert (found.seconds, found.reasons, found.skipped) == wanted
