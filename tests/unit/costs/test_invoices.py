"""Documents of a month: split by VAT, rounded once, credit notes with positive amounts and the original's number (costs.md D1, D2, S1)."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samdrift.costs.invoices import invoices, is_invoiced
from samdrift.model.nouns.agreement import Agreement
from samdrift.model.period import Month
from tests.unit.costs.ledgers import AGREEMENT, ledger, line


def agreement(kind):
    return Agreement.model_validate(
        {
            "agreement": {"id": AGREEMENT, "version": "2026-1", "from": "2026-01-01", "host": "region-jh", "decision": "ett beslut"},
            "payment": {"kind": kind},
            "participants": ("are", "krokom"),
            "keys": {"even-parts": {"kind": "even"}},
            "pools": {"joint-hall": {"key": "even-parts"}},
        }
    )


def test_vat_is_rounded_once_on_the_documents_sum_half_away_from_zero():
    (document,) = invoices(ledger(line("are", 1, item="a"), line("are", 1, item="b")), ())
    assert [(each.taxable_ore, each.vat_ore) for each in document.vat] == [(2, 1)], "2 öre at 25 % is half an öre: 1, and not 0 a line"


def test_rates_stand_apart_on_one_document():
    lines = [line("are", 1000, item="a"), line("are", 1000, item="b", vat=("S", 12)), line("are", 1000, item="c", vat=("S", 6)), line("are", 1000, item="d", vat=("E", 0))]
    (document,) = invoices(ledger(*lines), ())
    assert [(each.category, each.rate, each.vat_ore) for each in document.vat] == [("S", 25, 250), ("S", 12, 120), ("S", 6, 60), ("E", 0, 0)]
    assert (document.net_ore, document.vat_ore, document.gross_ore) == (4000, 430, 4430)


def test_what_is_outside_vat_meets_nothing_else():
    documents = invoices(ledger(line("are", 1000), line("are", 500, pool="administration", vat=("O", 0))), ())
    assert [(each.number, each.net_ore) for each in documents] == [(f"{AGREEMENT}.2026-10.are", 1000), (f"{AGREEMENT}.2026-10.are.o", 500)]


def test_below_zero_is_a_credit_note_with_positive_amounts_and_the_originals_number():
    (document,) = invoices(ledger(line("are", -1000, component="correction", corrects="2026-02/joint-hall/are/key")), ())
    assert (document.kind, document.net_ore, document.vat_ore, document.originals) == ("credit-note", 1000, 250, (f"{AGREEMENT}.2026-02.are",))
    assert document.signed(document.gross_ore) == -1250
    assert [each.amount_ore for each in document.lines] == [1000]


def test_a_correction_within_an_invoice_stays_a_negative_line_of_it():
    lines = [line("are", 5000), line("are", -1000, component="correction", corrects="2026-02/joint-hall/are/key")]
    (document,) = invoices(ledger(*lines), ())
    assert (document.kind, document.net_ore, document.originals) == ("invoice", 4000, ())


def test_net_zero_gives_no_document():
    assert invoices(ledger(line("are", 0), line("krokom", 500, item="a"), line("krokom", -500, item="b")), ()) == ()


def test_net_zero_with_vat_left_is_not_nothing():
    """Lines of two rates that cancel leave VAT to be paid; without a document it would be in no book."""
    (document,) = invoices(ledger(line("are", 1000), line("are", -1000, pool="administration", vat=("E", 0))), ())
    assert (document.kind, document.net_ore, document.vat_ore) == ("invoice", 0, 250)


@pytest.mark.parametrize(("component", "on"), [("key", False), ("used", False), ("correction", False), ("advance", True), ("settlement", True)])
def test_paid_in_advance_only_what_is_paid_is_invoiced(component, on):
    assert is_invoiced(line("are", 1, component=component), (agreement("advance"),)) is on
    assert is_invoiced(line("are", 1, component=component), (agreement("arrears"),))


def test_what_a_settlement_carries_on_is_on_no_document():
    carried = line("are", -500, component="settlement")
    assert not is_invoiced(replace(carried, line="2026/settlement/are/carry"), ())
    assert is_invoiced(replace(carried, line="2026/settlement/are/refund"), ())


def test_an_advance_and_a_settlement_have_numbers_of_their_own_and_a_refund_names_the_advance():
    paid = ledger(line("are", 10_000, component="advance"))
    (advance,) = invoices(paid, (), part="advance")
    (refund,) = invoices(ledger(line("are", -300, component="settlement")), (), part="settlement", refers=(Month(2026, 1),))
    assert advance.number == f"{AGREEMENT}.2026-10.are.advance"
    assert (refund.number, refund.kind, refund.originals) == (f"{AGREEMENT}.2026-10.are.settlement", "credit-note", (f"{AGREEMENT}.2026-01.are.advance",))


AMOUNTS = st.integers(-10**9, 10**9)
VATS = st.sampled_from([("S", 25), ("S", 12), ("S", 6), ("E", 0), ("O", 0)])
ROWS = st.lists(st.tuples(st.sampled_from(["are", "krokom", "berg"]), AMOUNTS, VATS), min_size=1, max_size=12)


@given(ROWS)
def test_documents_and_ledger_have_the_same_sums_for_each_member(rows):
    cost = ledger(*(line(member, ore, vat=vat, item=f"i{place}") for place, (member, ore, vat) in enumerate(rows)))
    documents = invoices(cost, ())
    for total in cost.members:
        own = [each for each in documents if each.member == total.member]
        assert sum(each.signed(each.net_ore) for each in own) == total.net_ore
        assert sum(each.signed(each.vat_ore) for each in own) == total.vat_ore
    assert all(each.net_ore > 0 or (each.net_ore == 0 and each.vat_ore > 0) for each in documents)
    assert all(len({sum_.category for sum_ in each.vat} & {"O"}) == 0 or len(each.vat) == 1 for each in documents)
    assert all(Fraction(line.amount_ore).denominator == 1 for each in documents for line in each.lines)
