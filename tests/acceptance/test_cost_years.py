"""Years paid in advance: budget in January, twelve closed months, the balance settled or carried into the next advance; each krona worked out by hand."""

import json

import pytest

from tests.acceptance.cost_ground import agreement, write

ADVANCE = "{kind: advance, due: [1], surplus: carry, deficit: carry}"
BUDGETS = """budgets:
  - {id: budget-2025, agreement: avtal, year: 2025, pools: {adm: 3000.00, hall: 0.01}}
  - {id: budget-2026, agreement: avtal, year: 2026, pools: {adm: 3000.00}}
"""
YEARS = """document,line,pool,amount,from,to,spread,kind,supplier,text
L,2025,adm,2400.00,2025-01-01,2026-01-01,months,salary,,
L,2026,adm,3300.00,2026-01-01,2027-01-01,months,salary,,
"""
AT = "2027-06-01T08:00:00+02:00"


@pytest.fixture
def house(tmp_path, call):
    class House:
        folder = write(tmp_path / "inventory", {"agreements/avtal.yml": agreement(payment=ADVANCE), "budgets/all.yml": BUDGETS, "cost-pools/years.csv": YEARS})

        def __call__(self, *words, at=AT):
            return call("--inventory", str(self.folder), "--at", at, *words)

        def json(self, *words, code=0):
            said = self(*words, "--output", "json")
            assert said.code == code, said.err
            return json.loads(said.out)

        def close(self, year, months=range(1, 13)):
            for month in months:
                said = self("cost", "close", "--month", f"{year}-{month:02}", "--yes")
                assert said.code == 0, said.err

    return House()


def amounts(said):
    return {line["line"]: line["amount_ore"] for line in said["items"]}


def test_two_years_paid_in_advance_carry_a_surplus_and_charge_a_deficit_at_the_end(house):
    first = house.json("cost", "advance", "--year", "2025", "--yes")
    # 3000.00 in three; 0.01 falls to the first id; nothing is carried yet
    assert amounts(first) == {
        "2025-01/adm/are/advance": 100_000, "2025-01/adm/krokom/advance": 100_000, "2025-01/adm/region-jh/advance": 100_000,
        "2025-01/hall/are/advance": 1, "2025-01/hall/krokom/advance": 0, "2025-01/hall/region-jh/advance": 0,
    }  # fmt: skip
    again = house("cost", "advance", "--year", "2025", "--yes", "--output", "json")
    assert "booked already" in again.err
    assert amounts(json.loads(again.out)) == amounts(first)

    house.close(2025, range(1, 12))
    early = house("cost", "settle", "--year", "2025", "--yes")
    assert (early.code, "2025-12 of avtal is not closed" in early.err) == (1, True)
    house.close(2025, [12])
    settled = house.json("cost", "settle", "--year", "2025", "--yes")
    # paid 1000.01 and 1000.00, cost 800.00 each: surplus is carried, nobody pays now
    assert amounts(settled) == {"2025/settlement/are/carry": -20_001, "2025/settlement/krokom/carry": -20_000, "2025/settlement/region-jh/carry": -20_000}
    assert settled["members"][0] == {"member": "are", "paid_ore": 100_001, "carried_in_ore": 0, "cost_ore": 80_000, "settled_ore": 0, "balance_ore": 20_001, "action": "carry"}

    second = house.json("cost", "advance", "--year", "2026", "--yes")
    assert amounts(second) == {
        "2026-01/adm/are/advance": 100_000, "2026-01/adm/krokom/advance": 100_000, "2026-01/adm/region-jh/advance": 100_000,
        "2026-01/carried/are/settlement": -20_001, "2026-01/carried/krokom/settlement": -20_000, "2026-01/carried/region-jh/settlement": -20_000,
    }  # fmt: skip
    house.close(2026)
    dry = house.json("cost", "settle", "--year", "2026", "--dry-run")
    # paid 799.99 + carried 200.01 - cost 1100.00 = -100.00 each: carried on
    assert amounts(dry) == {f"2026/settlement/{each}/carry": 10_000 for each in ("are", "krokom", "region-jh")}
    members = house.folder / "members.yml"
    whole = members.read_text(encoding="utf-8")
    members.write_text(whole.replace("Krokom, kind: municipality, since: 2015-01-01", "Krokom, kind: municipality, since: 2015-01-01, until: 2027-01-01"), encoding="utf-8")
    leaving = house.json("cost", "settle", "--year", "2026", "--dry-run")
    assert amounts(leaving) == {"2026/settlement/are/carry": 10_000, "2026/settlement/krokom/charge": 10_000, "2026/settlement/region-jh/carry": 10_000}
    members.write_text(whole, encoding="utf-8")
    final = house.json("cost", "settle", "--year", "2026", "--final", "--yes")
    assert amounts(final) == {f"2026/settlement/{each}/charge": 10_000 for each in ("are", "krokom", "region-jh")}


def test_an_advance_needs_a_budget_and_a_due_month(house):
    assert "no budget for 2027" in house("cost", "advance", "--year", "2027", "--dry-run").err
    write(house.folder, {"agreements/avtal.yml": agreement()})
    said = house("cost", "advance", "--year", "2026", "--dry-run")
    assert (said.code, "no advance due in 2026" in said.err) == (2, True)
