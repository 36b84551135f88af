"""Numbers, times and names as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from samdrift.model import written


@pytest.mark.parametrize(
    ("ore", "swedish", "english"),
    [(0, "0,00 kr", "SEK 0.00"), (1, "0,01 kr", "SEK 0.01"), (-123456789, "-1 234 567,89 kr", "SEK -1,234,567.89"), (100, "1,00 kr", "SEK 1.00")],
)
def test_kronor(ore, swedish, english):
    assert written.kronor(ore).replace("\u00a0", " ") == swedish
    assert written.kronor(ore, "en").replace("\u00a0", " ") == english


@pytest.mark.parametrize(("value", "places", "text"), [(Fraction(5, 1000), 2, "0,01"), (Fraction(-5, 1000), 2, "-0,01"), (Fraction(-4, 1000), 2, "0,00"), (Fraction(999995, 1000), 2, "1 000,00"), (Fraction(1, 3), 4, "0,3333")])
def test_rounding_is_half_away_from_zero_and_never_minus_nothing(value, places, text):
    assert written.decimal(value, places).replace("\u00a0", " ") == text


@pytest.mark.parametrize(("count", "text"), [(0, "0 B"), (1023, "1 023 B"), (2048, "2,00 KiB"), (5 * 2**20, "5,00 MiB"), (2**30, "1,00 GiB"), (12 * 2**30 + 2**29, "12,5 GiB"), (1234 * 2**30, "1 234 GiB")])
def test_bytes_are_told_to_three_figures(count, text):
    assert written.gibibytes(count).replace("\u00a0", " ") == text


@pytest.mark.parametrize(("seconds", "text"), [(0, "0 s"), (59, "59 s"), (60, "1 min"), (200, "3 min 20 s"), (3600, "1 h"), (86_400 + 7200, "1 d 2 h"), (-60, "-1 min")])
def test_durations_have_their_two_greatest_units(seconds, text):
    assert written.duration(seconds).replace("\u00a0", " ") == text


def test_the_hour_that_occurs_twice_is_told_apart_by_its_zone():
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert written.instant(first).replace("\u00a0", " ") == "2026-10-25 02:30 CEST (v. 43)"
    assert written.instant(first + timedelta(hours=1)).replace("\u00a0", " ") == "2026-10-25 02:30 CET (v. 43)"


def test_an_instant_under_a_day_old_has_its_age_and_a_future_one_has_none():
    now = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
    assert written.instant(now - timedelta(minutes=5), now=now).replace("\u00a0", " ").endswith("(v. 48), 5 min sedan")
    assert "sedan" not in written.instant(now + timedelta(minutes=5), now=now)
    assert "ago" not in written.instant(now - timedelta(days=2), "en", now=now)


def test_swedish_order_has_the_three_letters_last_whatever_the_locale():
    names = ["Östersund", "Åre", "Strömsund", "ärla", "Berg", "Zonline", "åre"]
    assert sorted(names, key=written.swedish_order) == ["Berg", "Strömsund", "Zonline", "Åre", "åre", "ärla", "Östersund"]
