"""Every export of a month says the same net and VAT of each member, and so do the pools (costs.md E1); each is the same bytes twice."""

import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from samdrift.costs.allocation import member_totals
from samdrift.model.cost import PoolTotal
from samdrift.model.period import Month
from samdrift.operations.ledger_exports import Ledger, export_blocking, exports_of
from samdrift.operations.load_inventory import load_inventory
from samdrift.operations.preview_costs import preview_costs
from tests.acceptance import exports

ROOT = Path(__file__).resolve().parents[2]
READINGS = Path(__file__).parent / "data" / "readings-2026-10.csv"
AT = datetime(2026, 11, 3, 9, tzinfo=UTC)
MONTH = Month(2026, 10)
NAME, DOCUMENT = "joint-operations-2026-10", "joint-operations.2026-10"


def edited(folder, payment):
    """A copy of the example inventory with another way of payment, and a service of each VAT category."""
    shutil.copytree(ROOT / "inventory", folder / "inventory")
    agreement = folder / "inventory" / "agreements" / "joint-operations-2018.yml"
    agreement.write_text(re.sub(r"^payment: .*$", f"payment: {payment}", agreement.read_text(encoding="utf-8"), flags=re.MULTILINE), encoding="utf-8")
    services = folder / "inventory" / "services" / "infrastructure.yml"
    text = services.read_text(encoding="utf-8")
    head, found, tail = text.partition("  - id: backup\n")
    assert found
    services.write_text(head + found + tail.replace("category: S, rate: 25", "category: O, rate: 0", 1), encoding="utf-8")
    accounts = folder / "inventory" / "accounts.yml"
    accounts.write_text(accounts.read_text(encoding="utf-8") + '  - {id: utanfor, account: "3699", service: backup, vat_rate: 0, receivable: "1510"}\n', encoding="utf-8")
    return load_inventory(folder / "inventory", at=AT)


def corrected(cost):
    """The month with corrections of an earlier one: one member's own sum turns negative, another's comes to nothing."""
    by = {(line.member, line.pool, line.component): line for line in cost.lines}

    def correction(member, pool, ore):
        old = by[member, pool, "key"]
        name = f"2026-10/{pool}/{member}/correction"
        return replace(old, line=name, component="correction", amount_ore=ore, corrects=f"2026-09/{pool}/{member}/key", quantity=None, unit=None)

    zero = next(each for each in cost.members if each.member == "rtj")
    added = [correction("are", "joint-hall", -9_000_001), correction("jgy", "backup", 333), correction("krokom", "administration", -7)]
    added += [replace(correction(line.member, line.pool, -line.amount_ore), line=f"{line.line}/correction") for line in cost.lines if line.member == zero.member]
    lines = tuple(sorted((*cost.lines, *added), key=lambda line: line.line))
    sums = {}
    for line in lines:
        sums[line.pool] = sums.get(line.pool, 0) + line.amount_ore
    pools = tuple(PoolTotal(pool, ore, ore, 0, 0) for pool, ore in sorted(sums.items()))
    return replace(cost, lines=lines, pools=pools, members=tuple(member_totals(list(lines))))


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory):
    found = {}
    for kind in ("arrears", "corrected", "advance"):
        payment = "{kind: advance, due: [1], surplus: carry, deficit: carry}" if kind == "advance" else "{kind: arrears}"
        inventory = edited(tmp_path_factory.mktemp(kind), payment)
        cost = preview_costs(inventory, MONTH, at=AT, readings={"readings.csv": READINGS.read_bytes()}).cost
        found[kind] = Ledger(corrected(cost) if kind == "corrected" else cost, inventory, AT)
    return found


@pytest.fixture(scope="module", params=["arrears", "corrected"])
def made(request, ledgers):
    ledger = ledgers[request.param]
    assert export_blocking(ledger) == ()
    return ledger, exports_of(ledger)


def test_every_format_says_the_same_of_every_member(made, tmp_path):
    ledger, files = made
    wanted = {each.member: (each.net_ore, each.vat_ore) for each in ledger.cost.members}
    names = {each.id: each.name for each in ledger.inventory.members.values()}
    (tmp_path / "ledger.pdf").write_bytes(files[f"{NAME}.pdf"])
    said = {
        "csv": exports.of_csv(files, NAME), "json": exports.of_json(files, NAME), "xlsx": exports.of_xlsx(files, NAME, names),
        "pdf": exports.of_pdf(tmp_path / "ledger.pdf", names), "focus-csv": exports.of_focus(files, NAME), "focus-parquet": exports.of_parquet(files, NAME),
    }  # fmt: skip
    assert said == dict.fromkeys(said, wanted)
    assert exports.of_csv_lines(files, NAME) == {member: net for member, (net, _) in wanted.items()}
    sent = {
        "csv documents": exports.of_csv_documents(files, NAME), "json documents": exports.of_json_documents(files, NAME),
        "sie": exports.of_sie(files, NAME), "ubl": exports.of_ubl(files, NAME),
    }  # fmt: skip
    billed = {member: sums for member, sums in wanted.items() if sums != (0, 0)}
    assert sent == dict.fromkeys(sent, billed)
    assert sum(each.allocated_ore for each in ledger.cost.pools) == sum(net for net, _ in wanted.values())


def test_the_corrected_month_has_what_makes_it_hard(ledgers):
    documents = {each.number: each for each in ledgers["corrected"].documents}
    assert documents[f"{DOCUMENT}.are"].kind == "credit-note"
    assert documents[f"{DOCUMENT}.are"].originals == ("joint-operations.2026-09.are",)
    assert {sum_.category for each in documents.values() for sum_ in each.vat} == {"S", "E", "O"}
    assert f"{DOCUMENT}.rtj" not in documents, "what comes to nothing gives no document"


def test_a_month_paid_in_advance_is_a_statement(ledgers):
    files = exports_of(ledgers["advance"], ("focus-csv", "sie", "ubl", "json"))
    assert not [name for name in files if name.endswith(".xml")]
    assert exports.of_json_documents(files, NAME) == exports.of_sie(files, NAME) == {}
    rows = exports.rows(files[f"{NAME}-focus.csv"])
    assert {exports.ore(row["BilledCost"]) for row in rows} == {0}
    assert sum(exports.ore(row["EffectiveCost"]) for row in rows) == sum(each.net_ore for each in ledgers["advance"].cost.members)


def test_every_export_is_the_same_bytes_twice(ledgers):
    files, again = exports_of(ledgers["corrected"]), exports_of(ledgers["corrected"])
    assert list(files) == list(again)
    assert [name for name in files if files[name] != again[name]] == []


def test_csv_text_that_looks_like_a_formula_is_harmless(made):
    _, files = made
    cells = [cell for name, content in files.items() if name.endswith(".csv") for row in exports.rows(content) for cell in row.values()]
    assert not [cell for cell in cells if (cell and cell[0] in "=+@\t") or re.match(r"-[^0-9]", cell or "")]
