"""A closed month is frozen: it comes back to the öre, chained, and a touched one is named."""

from datetime import timedelta
from fractions import Fraction

import pytest

from samdrift.model.chain import GENESIS
from samdrift.model.cost import Blocking, CostLine, MemberTotal, MonthCost, PoolTotal
from samdrift.model.errors import Refused
from samdrift.model.period import Month
from samdrift.model.viewer import OPERATIONS, member_viewer
from samdrift.store import closes
from tests.unit.store.conftest import AT

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
DOCUMENTS = {"agreements/joint.yml": "nyckel: å".encode(), "cost-pools/a.csv": b"\x00\xff"}


def line(member, amount, month=OCTOBER, **rest):
    return CostLine(
        f"{month}/joint-hall/{member}/used", "joint", (("2016-1", 31),), "joint-hall", member, "hall", "used", amount, Fraction(amount * 3 + 1, 3),
        share=Fraction(1, 3), quantity=Fraction(2**90, 7), unit="RU-day", documents=("D-1/1", "D-2/1"), vat_category="S", vat_rate=Fraction(25), **rest,
    )  # fmt: skip


def cost(month=OCTOBER, **rest):
    return MonthCost(
        month, "joint", (line("are", 2**40, month), line("berg", -5, month, corrects="2026-09/x")), (PoolTotal("joint-hall", 2**40 - 5, 2**40 - 5, 0, 0),),
        (MemberTotal("are", 2**40, 7), MemberTotal("berg", -5, 0)), (), ("en anmärkning",), {"joint-hall": {"are": Fraction(1, 3)}}, **rest,
    )  # fmt: skip


def close(store, month=OCTOBER, **rest):
    with store.write() as connection:
        return closes.close_month(connection, cost(month), at=AT, by="drift", digests={"raw": "00"}, documents=DOCUMENTS, accepted={"estimated": "mätaren stod"}, **rest)


def read(store, viewer=OPERATIONS, month=OCTOBER):
    with store.read() as connection:
        return closes.closed_month(connection, "joint", month, viewer=viewer)


def test_a_closed_month_comes_back_to_the_ore(store):
    made = close(store)
    assert read(store) == cost()
    assert read(store, month=NOVEMBER) is None
    with store.read() as connection:
        assert closes.closes(connection) == [made]
        assert closes.documents_of(connection, "joint", OCTOBER, viewer=OPERATIONS) == DOCUMENTS
        assert closes.changed_closes(connection) == []
    assert made.previous == GENESIS
    assert set(made.digests) == {"raw", "ledger", "document:agreements/joint.yml", "document:cost-pools/a.csv"}


def test_a_member_reads_its_own_lines_and_everybodys_totals(store):
    close(store)
    seen = read(store, member_viewer("are"))
    assert [each.member for each in seen.lines] == ["are"]
    assert (seen.pools, seen.members) == (cost().pools, cost().members)
    with store.read() as connection:
        assert closes.documents_of(connection, "joint", OCTOBER, viewer=member_viewer("are")) == {}


def test_closes_are_chained_in_order_of_months(store):
    october, november = close(store), close(store, NOVEMBER)
    assert november.previous == october.digest
    for month, word in ((OCTOBER, "lies before"), (NOVEMBER, "closed already")):
        with pytest.raises(Refused, match=word):
            close(store, month)


def test_a_blocked_month_is_not_closed(store):
    blocked = MonthCost(OCTOBER, "joint", (), (), (), (Blocking("gap", "a gap in energy-it"),))
    with pytest.raises(Refused, match="a gap in energy-it"), store.write() as connection:
        closes.close_month(connection, blocked, at=AT, by="drift", digests={}, documents={})
    assert read(store) is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_line SET amount_ore = amount_ore + 1 WHERE payer = 'are'",
        "UPDATE member_total SET net_ore = 0 WHERE payer = 'are'",
        "UPDATE pool_total SET amount_ore = 0",
        "UPDATE month_close SET closed_by = 'someone' WHERE month = '2026-10'",
        "UPDATE month_close SET previous = 'x' WHERE month = '2026-10'",
        "DELETE FROM close_document WHERE path = 'cost-pools/a.csv' AND month = '2026-10'",
    ],
)
def test_a_touched_close_is_named(store, statement):
    close(store)
    close(store, NOVEMBER)
    with store.write() as connection:
        connection.exec_driver_sql(statement)
    with store.read() as connection:
        assert "joint/2026-10" in closes.changed_closes(connection)


def test_a_later_instant_changes_the_digest_but_not_the_ledgers(store):
    first = close(store)
    again = closes.Close("joint", OCTOBER, AT + timedelta(seconds=1), "drift", first.digests, first.accepted)
    assert again.digest != first.digest
    assert closes.ledger_digest(cost()) == first.digests["ledger"]


def test_the_same_ledger_has_the_same_digest_in_every_database(store):
    """This file runs on SQLite and on PostgreSQL (tests/lab): the digest below is of neither. Ids sort by code point, not by a collation."""
    names = ("a-b", "ab", "a-c", "B", "Z-a", "aa")
    lines = tuple(line(name, 10**15 + number) for number, name in enumerate(sorted(names)))
    totals = tuple(MemberTotal(each.member, each.amount_ore, 1) for each in lines)
    whole = sum(each.amount_ore for each in lines)
    given = MonthCost(OCTOBER, "joint", lines, (PoolTotal("joint-hall", whole, whole, 0, 0),), totals, (), (), {"joint-hall": {"ab": Fraction(2**70, 3)}})
    with store.write() as connection:
        made = closes.close_month(connection, given, at=AT, by="drift", digests={}, documents={})
    assert [each.member for each in read(store).lines] == sorted(names)
    assert closes.ledger_digest(read(store)) == made.digests["ledger"] == "0ca16db352bc1a20321d92dced80ff40f4c1d9e80027cd886779b72340e39f42"
