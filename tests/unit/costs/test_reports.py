"""The member's and the board's sections: the same numbers in both languages, nothing of another member, what is missing said (costs.md E2, E3)."""

from fractions import Fraction

import pytest

from samdrift.costs.board_report import budget_section
from samdrift.costs.key_words import key_words
from samdrift.costs.report import everybody_section, says, shares_chart
from samdrift.costs.savings import Saving, savings
from samdrift.costs.savings_report import savings_section
from samdrift.costs.year_report import last_twelve, year_section
from samdrift.model.period import Month
from samdrift.model.section import Term
from samdrift.model.text import Text
from tests.unit.costs import reports_made
from tests.unit.costs.ledgers import OCTOBER, ledger, line

SV, EN = Text("sv"), Text("en")


def numbers(sections):
    return [
        [cell for row in (*table.rows, table.totals or ()) for cell in row if isinstance(cell, int | Fraction)]
        for section in sections
        for table in section.all_tables
    ]


def test_both_languages_have_the_same_numbers():
    for made in (reports_made.member_sections, reports_made.board_sections, reports_made.ledger_of):
        assert numbers(made(SV)) == numbers(made(EN))


def test_every_row_has_a_cell_a_column():
    for made in (reports_made.member_sections, reports_made.board_sections, reports_made.ledger_of):
        for section in made(SV):
            for table in section.all_tables:
                assert all(len(row) == len(table.columns) for row in table.rows), table.id
                assert table.totals is None or len(table.totals) == len(table.columns), table.id


def test_a_member_reads_its_own_lines_alone():
    cost, *_ = reports_made.member_sections(SV)
    (lines,) = [table for table in cost.tables if table.id == "cost-lines"]
    assert {row[-1].split("/")[2] for row in lines.rows} == {"are"}


def test_the_agreement_its_decision_and_how_each_pool_is_split_are_said():
    cost, *_ = reports_made.member_sections(SV)
    assert "version 2026-1, gällde 31 dagar av månaden. Beslut: nämndens beslut 2018-05-14." in cost.sentences[1]
    (keys,) = [table for table in cost.tables if table.id == "cost-keys"]
    assert [row[-1] for row in keys.rows] == [
        "sammansatt: 1/2 region-jh, 1/2 efter folkmängd (scb-2015)",
        "efter uppmätt användning (energy-it); minst 800,00\u00a0kr per hel månad; högst 90\u00a0000,00\u00a0kr per hel månad",
    ]


def test_paid_in_advance_nothing_is_invoiced_and_the_balance_is_shown():
    cost, year, *_ = reports_made.member_sections(SV, in_advance=True)
    assert "Ingenting faktureras" in cost.sentences[0]
    assert not [table for table in cost.tables if table.id == "cost-documents"]
    (balance,) = [table for table in year.tables if table.id == "year-balance"]
    assert balance.totals[1] == sum(row[1] for row in balance.rows) < 0
    assert "inget förskott för 2026 är bokfört" in year.missing


def test_an_advance_what_was_carried_and_a_settlement_make_the_balance():
    months = {OCTOBER: ledger(line("are", 700))}
    booked = (line("are", 10_000, component="advance"), line("are", -300, pool="carried", component="settlement"), line("are", -9_600, pool="settlement", component="settlement"))
    year = year_section(months, OCTOBER, "are", {}, booked, EN, in_advance=True)
    (balance,) = [table for table in year.tables if table.id == "year-balance"]
    assert [(row[0].id, row[1]) for row in balance.rows] == [("advance", 9_700), ("carried", 300), ("cost", -700), ("settlement", -9_600)]
    assert balance.totals[1] == -300
    assert "the budget of 2026" in year.missing


@pytest.mark.parametrize(("ore", "word"), [(100, "Att betala: 1,00"), (-100, "Att få tillbaka: −1,00")])
def test_the_first_sentence_says_who_pays_whom(ore, word):
    cost = ledger(line("are", ore))
    documents = reports_made.invoices(cost, ())
    assert says(cost, "are", documents, SV).replace("\u00a0", " ").startswith(word)


def test_twelve_months_have_a_bar_where_closed_and_none_where_not():
    _, year, *_ = reports_made.member_sections(EN)
    rows = year.charts[0].table.rows
    assert rows[0][0] == "2025-11"
    assert len(rows) == 12
    assert [row[0] for row in rows if row[1] is not None] == ["2026-05", "2026-06", "2026-08", "2026-09", "2026-10"]
    assert "2026-07" in year.missing[0]


def test_the_year_begins_anew():
    assert last_twelve(Month(2026, 1))[0] == Month(2025, 2)
    months = {Month(2025, 12): reports_made.month(12), Month(2026, 1): reports_made.month(1)}
    year = year_section(months, Month(2026, 1), "are", {}, (), EN, in_advance=False)
    (pools,) = [table for table in year.tables if table.id == "year-pools"]
    assert pools.totals[1] == sum(each.amount_ore for each in months[Month(2026, 1)].lines if each.member == "are")


def test_shares_in_per_cent_add_up():
    table = shares_chart(ledger(line("are", 1), line("berg", 1), line("krokom", 1)), {}, EN).table
    assert sum(row[2] for row in table.rows) == table.totals[2] == 1


def test_of_many_members_a_report_has_its_own_share_and_the_others_sum():
    cost = ledger(*(line(f"medlem-{number:03d}", 100 + number) for number in range(290)))
    section = everybody_section(cost, "medlem-007", {}, EN)
    assert not section.charts
    assert [(row[0].id, row[1]) for row in section.tables[1].rows] == [("medlem-007", 107), ("others", sum(range(100, 390)) - 107)]
    assert sum(row[2] for row in section.tables[1].rows) == 1


def test_savings_are_told_with_their_source_and_what_has_no_figure_is_missing():
    section = savings_section([each for each in savings([reports_made.month(10)], reports_made.FIGURES) if each.member == "are"], 2026, EN)
    assert [row[:4] for row in section.tables[0].rows] == [(Term("hall", "hall"), 10_000_000, 10_000_000, 0)]
    assert section.tables[0].rows[0][5] == "offert, ekonom, 2026-02-01"
    assert section.missing == ("stand-alone cost of administration",)


def test_a_loss_is_shown_as_one():
    section = savings_section([Saving("hall", "are", 1, 1500, 1000)], 2026, SV)
    assert "mer än på egen hand" in section.sentences[0]
    assert section.tables[0].totals[3] == -500
    assert section.tables[0].totals[4] == Fraction(-1, 2)


def test_without_a_stand_alone_figure_no_saving_is_claimed():
    section = savings_section([Saving("hall", "are", 1, 1500, None)], 2026, SV)
    assert not section.tables
    assert "ingen besparing kan räknas" in section.sentences[0]


def test_the_board_reads_of_corrections_accepted_readings_and_missing_months():
    budget, _, exceptions = reports_made.board_sections(SV)
    assert [row[0].id for row in exceptions.tables[0].rows] == ["accepted-estimated", "correction"]
    assert "2026-01, 2026-02, 2026-03, 2026-04, 2026-07" in budget.missing[0]
    rows = {row[0]: row for row in budget.charts[0].table.rows}
    assert rows["joint-hall"][3] == 40_000_000 * 5 // 12 + 1, "five of twelve months, rounded half away from zero"
    assert rows["backup"][2] == 0


def test_a_board_without_a_budget_is_told_so():
    section = budget_section(reports_made.months(), OCTOBER, {}, EN)
    assert "the budget of 2026" in section.missing
    assert section.charts[0].table.totals[5] is None


def test_every_kind_of_key_has_words():
    from samdrift.model.nouns.agreement import Key

    for kind in ("fixed", "even", "population", "usage", "direct-cost", "composite"):
        words = key_words(Key.model_validate({"kind": kind}), {}, SV)
        assert words
        assert words != kind
