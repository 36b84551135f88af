"""Why an amount is what it is: steps that a calculator repeats, samples with file, row and sha256; what another key would give; what is saved."""

import hashlib
import json
import re
from fractions import Fraction

import pyarrow.parquet as pq
import pytest

from tests.acceptance.cost_ground import agreement, write

POOLS = """document,line,pool,amount,from,to,spread,kind,supplier,text
L,1,adm,1200.01,2026-01-01,2027-01-01,months,salary,,
E,1,hall,300.00,2026-01-01,2026-02-01,,energy,,
"""
READINGS = "meter,resource,member,at,value\n" + "".join(
    f"energy-it,{resource},{member},2026-01-{day:02}T00:00:00+01:00,{day * rise}\n" for resource, member, rise in (("pdu-a", "are", 3000), ("pdu-k", "krokom", 1000)) for day in range(1, 32)
) + "energy-it,pdu-a,are,2026-02-01T00:00:00+01:00,96000\nenergy-it,pdu-k,krokom,2026-02-01T00:00:00+01:00,32000\n"
STAND_ALONE = """stand-alone:
  - {id: drift-are-2026, service: drift, member: are, year: 2026, kronor: 1200.00, source: offert, date: 2025-11-01, author: ekonom}
  - {id: drift-krokom-2026, service: drift, member: krokom, year: 2026, kronor: 120.00, source: bokslut, date: 2025-11-01, author: ekonom}
"""
SERVICES = "services:\n  - {id: drift, name: Drift, operator: bolag, used_by: [all], class: b}\n"
AT = "2026-06-01T08:00:00+02:00"


@pytest.fixture
def house(tmp_path, call):
    class House:
        folder = write(tmp_path / "inventory", {"agreements/avtal.yml": agreement(), "cost-pools/all.csv": POOLS})
        state = tmp_path / "state"

        def __call__(self, *words, viewer=None):
            return call("--inventory", str(self.folder), "--at", AT, *(["--as", viewer] if viewer else []), *words)

        def json(self, *words, code=0, **rest):
            said = self(*words, "--output", "json", **rest)
            assert said.code == code, said.err
            return json.loads(said.out)

    made = House()
    (tmp_path / "readings.csv").write_text(READINGS, encoding="utf-8")
    assert made("usage", "import", str(tmp_path / "readings.csv")).code == 0
    return made


def value(text):
    """A calculator for the steps: whole numbers, fractions, + - × / and floor()."""
    text = re.sub(r" öre$", "", text.strip()).replace("×", "*")
    assert re.fullmatch(r"[0-9+\-*/(). floor]+", text), text
    return eval(re.sub(r"\d+", r"Fraction(\g<0>)", text), {"__builtins__": {}, "Fraction": Fraction, "floor": lambda number: number.numerator // number.denominator})


CALCULATED = {"document", "pool", "rest", "usage", "even", "fixed", "exact", "lambda", "carried", "less-earlier", "fee"}


def repeated(steps):
    checked = [step["kind"] for step in steps if step["kind"] in CALCULATED and value(step["expression"]) != value(step["result"])]
    assert checked == []
    return {step["kind"]: step for step in steps}


def test_a_closed_line_goes_back_to_its_document_and_each_step_can_be_repeated(house):
    assert house("cost", "close", "--month", "2026-01", "--yes").code == 0
    assert house("cost", "close", "--month", "2026-02", "--yes").code == 0
    found = house.json("cost", "explain", "2026-02/adm/are/key")
    steps = repeated(found["items"])
    assert found["closed"] is True
    # 120001 öre in twelve months: floor(20000.17) - floor(10000.08) = 10000; a third is 3333 1/3, twice that carried less 3334
    assert steps["document"]["expression"] == "(floor(120001 × 1/6) - floor(120001 × 1/12))"
    assert steps["document"]["source"] == "L/1 cost-pools/all.csv:2"
    assert steps["even"]["result"] == "1/3"
    assert steps["carried"]["result"] == "20000/3 öre"
    assert steps["less-earlier"]["result"] == f"{found['line']['amount_ore']} öre"
    assert "beslut" in steps["version"]["expression"]


def test_use_goes_back_to_samples_with_file_row_and_digest(house):
    house("cost", "close", "--month", "2026-01", "--yes")
    found = house.json("cost", "explain", "2026-01/hall/are/key", viewer="are")
    steps = repeated(found["items"])
    assert steps["usage"]["expression"] == "93 / 124"
    assert (found["line"]["amount_ore"], found["line"]["quantity"], found["line"]["unit"]) == (22_500, "93", "kWh")
    assert found["samples_in_all"] == len(found["samples"]) == 31
    sample = found["samples"][4]
    part = house.state / "raw" / sample["file"]
    assert hashlib.sha256(part.read_bytes()).hexdigest() == sample["sha256"]
    assert pq.read_table(part).slice(sample["row"], 1).to_pylist()[0]["quantity"] == sample["quantity"] == 15_000
    assert {each["resource"] for each in found["samples"]} == {"pdu-a"}


def test_a_member_gets_no_line_of_another(house):
    said = house("cost", "explain", "2026-01/hall/krokom/key", viewer="are")
    nowhere = house("cost", "explain", "2026-01/hall/kroken/key", viewer="are")
    assert (said.code, nowhere.code) == (2, 2)
    assert said.err.replace("krokom", "X") == nowhere.err.replace("kroken", "X")


def test_a_minimum_is_explained_by_the_one_lambda(house):
    write(house.folder, {"agreements/avtal.yml": agreement().replace("hall: {key: el,", "hall: {key: el, minimum: 50.00,")})
    found = house.json("cost", "explain", "2026-01/hall/are/key")
    steps = repeated(found["items"])
    # region-jh uses nothing and pays 50.00; 250.00 are left for 93 and 31 kWh
    assert steps["lambda"] == {"kind": "lambda", "expression": "(30000 - 5000) / 1", "result": "25000", "source": "held by minimum or cap: region-jh"}
    assert (steps["exact"]["expression"], found["line"]["amount_ore"]) == ("25000 × 3/4", 18_750)
    held = house.json("cost", "explain", "2026-01/hall/region-jh/key")
    assert repeated(held["items"])["held"]["result"] == "5000 öre"
    write(house.folder, {"agreements/avtal.yml": agreement().replace("hall: {key: el,", "hall: {key: el, minimum: 50.00, participants: [{member: region-jh, from: 2026-01-02}, are, krokom],")})
    part = house.json("cost", "explain", "2026-01/hall/region-jh/key")
    # 5000 × 30/31 = 4838 22/31: the largest remainder, but of no weight
    assert (repeated(part["items"])["rounding"]["expression"], part["line"]["amount_ore"]) == ("(floor 4838, remainder 22/31; a weight of 0 gets no öre that are left)", 4838)


def test_a_previewed_line_is_explained_too(house):
    found = house.json("cost", "explain", "2026-01/hall/krokom/key")
    assert found["closed"] is False
    assert repeated(found["items"])["usage"]["expression"] == "31 / 124"


def test_another_key_stands_beside_the_closed_month_and_invoices_nothing(house, tmp_path):
    house("cost", "close", "--month", "2026-01", "--yes")
    found = house.json("cost", "compare", "--month", "2026-01", "--key", "vikt")
    assert (found["closed"], found["invoiced"]) == (True, False)
    assert {each["member"]: (each["now_ore"], each["then_ore"]) for each in found["items"] if each["pool"] == "adm"} == {"are": (3334, 2500), "krokom": (3333, 2500), "region-jh": (3333, 5000)}
    among = house.json("cost", "compare", "--month", "2026-01", "--members", "are,krokom")
    assert {each["member"]: each["then_ore"] for each in among["items"] if each["pool"] == "adm"} == {"are": 5000, "krokom": 5000, "region-jh": 0}
    (tmp_path / "annan.yml").write_text(agreement("9", key="vikt"), encoding="utf-8")
    other = house.json("cost", "compare", "--month", "2026-01", "--agreement", str(tmp_path / "annan.yml"))
    assert other["items"][0]["then_ore"] == 2500
    assert house("cost", "verify", "--month", "2026-01").code == 0


def test_savings_show_a_loss_and_where_the_figure_is_from(house):
    write(house.folder, {"stand-alone.yml": STAND_ALONE, "services.yml": SERVICES, "suppliers.yml": "suppliers:\n  - {id: bolag, name: Bolag, for: [are], contacts: [{role: noc, name: NOC, email: noc@bolag.example}]}\n",
                         "agreements/avtal.yml": agreement().replace("adm: {key", "adm: {service: drift, key")})  # fmt: skip
    assert house("cost", "close", "--month", "2026-01", "--yes").code == 0
    found = {each["member"]: each for each in house.json("cost", "savings", "--year", "2026")["items"] if each["service"] == "drift"}
    # a twelfth of 1200.00 is 100.00 against 33.34; a twelfth of 120.00 is 10.00 against 33.33
    assert (found["are"]["saving_ore"], found["are"]["exact_ratio"], found["are"]["percent"]) == (6666, "3333/5000", "66.66")
    assert (found["krokom"]["saving_ore"], found["krokom"]["percent"]) == (-2333, "-233.30")
    assert found["krokom"]["sources"] == [{"id": "drift-krokom-2026", "source": "bokslut", "date": "2025-11-01", "author": "ekonom"}]
    assert found["region-jh"]["saving_ore"] is None
    assert [each["member"] for each in house.json("cost", "savings", "--month", "2026-01", viewer="are")["items"]] == ["are", "are"]
