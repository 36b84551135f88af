"""The rota answers for any instant; the weeks of the clock changes are whole, nobody is skipped or doubled."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samdrift.alerting.rota import on_call, shift_at, shifts
from samdrift.model.nouns.rota import Layer, Override, Rota

PEOPLE = ("jour-1", "jour-2", "jour-3")


def layer(rotation="weekly", handover="mon 08:00", first=date(2026, 1, 5), people=PEOPLE):
    return Layer.model_construct(id="primary", rotation=rotation, handover=handover, from_=first, people=people)


def rota(*layers, overrides=()):
    return Rota.model_construct(id="drift", name=None, layers=layers or (layer(),), escalation=(), overrides=overrides)


def override(start, end, person="jour-9"):
    return Override.model_construct(layer="primary", person=person, from_=local(start), until=local(end))


def local(text):
    from samdrift.model.period import STOCKHOLM

    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM).astimezone(UTC)


def at(text, one=None):
    found = shift_at(one or rota(), (one or rota()).layers[0], local(text))
    return found and found.person


def test_hand_over_is_at_eight_local_time():
    assert at("2026-01-12 07:59") == "jour-1"
    assert at("2026-01-12 08:00") == "jour-2"


@pytest.mark.parametrize(("day", "hours"), [("2026-03-23 08:00", 167), ("2026-10-19 08:00", 169), ("2026-06-01 08:00", 168)])
def test_the_weeks_of_the_clock_changes_have_their_true_length(day, hours):
    shift = shift_at(rota(), rota().layers[0], local(day))
    assert shift.ends_at - shift.starts_at == timedelta(hours=hours)
    assert shift.starts_at == local(day)


def test_every_hour_of_a_year_has_exactly_one_person_in_turn():
    one = rota()
    found = list(shifts(one, one.layers[0], local("2026-01-05 08:00"), local("2027-01-04 08:00")))
    assert len(found) == 52
    assert all(before.ends_at == after.starts_at for before, after in itertools.pairwise(found))
    assert [shift.person for shift in found] == [PEOPLE[n % 3] for n in range(52)]


def test_nobody_before_the_first_hand_over():
    assert at("2026-01-05 07:59") is None
    assert on_call(rota(), local("2026-01-05 07:59")) == ()


def test_a_start_in_the_midst_of_a_week_waits_for_the_hand_over_day():
    one = rota(layer(first=date(2026, 1, 7)))
    assert at("2026-01-11 12:00", one) is None
    assert at("2026-01-12 08:00", one) == "jour-1"


def test_an_override_holds_within_its_bounds_and_cuts_the_shifts_beside_it():
    one = rota(overrides=(override("2026-01-07 08:00", "2026-01-08 20:00"),))
    before, inside, after = (shift_at(one, one.layers[0], local(text)) for text in ("2026-01-06 12:00", "2026-01-07 08:00", "2026-01-08 20:00"))
    assert (before.person, before.ends_at) == ("jour-1", local("2026-01-07 08:00"))
    assert (inside.person, inside.source, inside.ends_at) == ("jour-9", "override", local("2026-01-08 20:00"))
    assert (after.person, after.starts_at) == ("jour-1", local("2026-01-08 20:00"))


def test_a_skipped_day_does_not_skip_a_person():
    one = rota(layer("weekdays", "08:00"))
    days = ["2026-01-08", "2026-01-09", "2026-01-10", "2026-01-11", "2026-01-12", "2026-01-13"]
    assert [at(f"{day} 12:00", one) for day in days] == ["jour-1", "jour-2", None, None, "jour-3", "jour-1"]


def test_a_daily_rotation_turns_each_morning_also_on_a_clock_change():
    one = rota(layer("daily", "08:00"))
    assert at("2026-03-29 07:59", one) != at("2026-03-29 08:00", one)
    shift = shift_at(one, one.layers[0], local("2026-03-29 01:00"))
    assert shift.ends_at - shift.starts_at == timedelta(hours=23)


@pytest.mark.parametrize(("rotation", "handover"), [("weekly", "08:00"), ("daily", "mon 08:00"), ("weekly", "8:00"), ("daily", "24:00")])
def test_a_hand_over_that_does_not_fit_is_refused(rotation, handover):
    with pytest.raises(ValueError, match="is no hand-over"):
        at("2026-02-01 12:00", rota(layer(rotation, handover)))


@given(st.datetimes(datetime(2026, 1, 6), datetime(2029, 12, 31)), st.sampled_from([("weekly", "mon 08:00"), ("weekly", "sun 02:30"), ("daily", "08:00"), ("daily", "02:30")]))  # noqa: DTZ001 - hypothesis draws wall clock times
def test_a_shift_always_holds_the_instant_it_was_asked_for(naive, kind):
    instant = naive.replace(tzinfo=UTC)
    one = rota(layer(*kind, first=date(2025, 12, 1)))
    shift = shift_at(one, one.layers[0], instant)
    assert shift.starts_at <= instant < shift.ends_at
    assert shift_at(one, one.layers[0], shift.starts_at) == shift
    assert shift_at(one, one.layers[0], shift.ends_at).starts_at == shift.ends_at
