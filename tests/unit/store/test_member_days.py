"""Member days are the daily rows, summed exactly beyond 64 bits, in both engines."""

from datetime import date
from fractions import Fraction

from samdrift.model.reading import DailyUsage, Quality
from samdrift.model.viewer import OPERATIONS, member_viewer
from samdrift.store.member_days import member_days
from samdrift.store.usage import replace_days

FIRST, SECOND = date(2026, 10, 1), date(2026, 10, 2)


def row(day, resource, member, quantity, quality=Quality.MEASURED):
    return DailyUsage(day, "energy-it", resource, member, quality, Fraction(quantity), Fraction(86400))


def test_resources_are_summed_per_day_member_and_quality(store):
    huge = 2**80 + 1
    rows = [row(FIRST, "pdu-a", "are", huge), row(FIRST, "pdu-b", "are", huge), row(FIRST, "pdu-c", "are", Fraction(1, 3), Quality.ESTIMATED), row(SECOND, "pdu-a", "berg", 5)]
    with store.write() as connection:
        replace_days(connection, "energy-it", first=FIRST, last=SECOND, rows=rows, owners={})
    with store.read() as connection:
        whole = member_days(connection, viewer=OPERATIONS, first=FIRST, last=SECOND, meters=["energy-it", "backup-volume"])
        own = member_days(connection, viewer=member_viewer("berg"), first=FIRST, last=SECOND, meters=["energy-it"])
    assert [(each.day, each.member, each.quality, each.quantity_base) for each in whole] == [
        (FIRST, "are", Quality.ESTIMATED, Fraction(1, 3)), (FIRST, "are", Quality.MEASURED, Fraction(2 * huge)), (SECOND, "berg", Quality.MEASURED, Fraction(5)),
    ]  # fmt: skip
    assert [each.member for each in own] == ["berg"]
