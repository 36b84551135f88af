"""Readings are kept once, conflicts and all; the manifest knows when a part was touched."""

import random
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samdrift.metering.meters.backup_volume import METER as VOLUME
from samdrift.metering.meters.energy_it import METER as ENERGY
from samdrift.metering.rollup_sql import daily_sql, prepare_sql
from samdrift.model.ownership import Ownership
from samdrift.model.period import Month, local_midnight, microseconds
from samdrift.model.reading import DailyUsage, Quality, Reading
from samdrift.model.viewer import OPERATIONS, member_viewer
from samdrift.store import open_store, raw, usage
from samdrift.store.raw_part import Row, part_bytes, read_part, row_of, write_part
from samdrift.store.rollup import roll_up

LATER = datetime(2026, 12, 1, tzinfo=UTC)
DAY = date(2026, 10, 25)


def reading(hour=0, quantity=100, *, resource="own-are", member="are", quality=Quality.MEASURED, meter="backup-volume", source="lab"):
    return Reading(meter, resource, member, quantity, quality, source, at=local_midnight(DAY) + timedelta(hours=hour))


def add(store, readings, at=LATER):
    with store.write() as connection:
        return raw.append(connection, readings, at=at)


def kept(store, viewer=OPERATIONS, meter="backup-volume", first=DAY - timedelta(days=40), last=DAY + timedelta(days=40)):
    with store.read() as connection:
        return raw.readings(connection, meter, viewer=viewer, first=first, last=last)


def test_readings_come_back_as_they_were(store):
    given_readings = [reading(1), reading(2, None, quality=Quality.END), reading(30, 2**63 - 1, resource="own-berg", member="berg")]
    assert add(store, given_readings) == raw.Appended(accepted=3)
    assert kept(store) == given_readings
    assert kept(store, member_viewer("berg")) == [given_readings[2]]
    with store.read() as connection:
        assert raw.newest_at(connection, "backup-volume") == given_readings[2].at
        assert raw.newest_at(connection, "energy-it") is None


def test_the_long_day_has_twenty_five_hours_in_one_folder(store):
    add(store, [reading(hour) for hour in range(26)])
    days = sorted(path.name for path in (store.state_dir / "raw" / "backup-volume").iterdir())
    assert days == ["2026-10-25", "2026-10-26"]
    with store.read() as connection:
        (path,) = raw.parts(connection, "backup-volume", first=DAY, last=DAY)
    assert len(read_part(path)) == 25


def test_the_same_readings_again_are_counted_once(store):
    batch = [reading(hour) for hour in range(5)]
    assert add(store, batch + batch) == raw.Appended(accepted=5, duplicates=5)
    assert add(store, batch) == raw.Appended(duplicates=5)
    assert add(store, [reading(2, source="another-source")]) == raw.Appended(duplicates=1)
    assert kept(store) == batch


def test_another_value_at_an_instant_is_kept_beside_the_first_and_counted(store):
    add(store, [reading(1, 100)])
    assert add(store, [reading(1, 101), reading(1, 100)]) == raw.Appended(accepted=1, duplicates=1, conflicts=1)
    assert [each.quantity for each in kept(store)] == [100, 101]


def test_readings_of_the_future_are_set_aside(store):
    at = local_midnight(DAY) + timedelta(hours=1)
    assert add(store, [reading(1), reading(2)], at=at) == raw.Appended(accepted=1, set_aside=1)


def test_an_interval_keeps_both_ends(store):
    start = local_midnight(DAY)
    given_reading = Reading("oncall-time", "rota-1", "are", 3600, Quality.MEASURED, "rota", start=start, end=start + timedelta(hours=1))
    add(store, [given_reading])
    assert kept(store, meter="oncall-time") == [given_reading]


@pytest.mark.parametrize("wrong", [Reading("m", "r", "are", 1, Quality.MEASURED, "s"), reading(0, 2**63)])
def test_what_cannot_be_kept_whole_is_refused(store, wrong):
    with pytest.raises((ValueError, AssertionError)):
        row_of(wrong)


def test_a_touched_or_lost_part_is_named(store):
    add(store, [reading(0), reading(30)])
    with store.read() as connection:
        assert raw.changed_parts(connection) == []
        first, second = raw.parts(connection, "backup-volume")
        content = bytearray(first.read_bytes())
        content[len(content) // 2] ^= 1
        first.write_bytes(content)
        second.unlink()
        changed = raw.changed_parts(connection, "backup-volume")
    assert changed == [path.relative_to(store.state_dir / "raw").as_posix() for path in (first, second)]


def test_what_a_killed_run_left_is_swept_and_never_counted(store):
    def fail_before_the_commit():
        with store.write() as connection:
            raw.append(connection, [reading(5)], at=LATER)
            raise RuntimeError("killed here")

    add(store, [reading(1)])
    with pytest.raises(RuntimeError, match="killed here"):
        fail_before_the_commit()
    folder = store.state_dir / "raw" / "backup-volume" / DAY.isoformat()
    assert len(list(folder.iterdir())) == 2
    assert kept(store) == [reading(1)]
    assert add(store, [reading(2)]).accepted == 1
    assert len(list(folder.iterdir())) == 2


def test_a_part_has_no_floating_column(tmp_path):
    path = write_part(tmp_path, part_bytes([Row("r", 1, None, 2**62, "measured", "are", "lab")]))
    types = duckdb.execute("SELECT typeof(quantity), typeof(at_us), quantity FROM read_parquet($1)", [str(path)]).fetchall()
    assert types == [("BIGINT", "BIGINT", 2**62)]


ROWS = st.lists(
    st.builds(
        Row, st.sampled_from(["a", "b", "å"]), st.integers(0, 5), st.none(), st.none() | st.integers(-(2**63) + 1, 2**63 - 1), st.sampled_from(["measured", "end"]),
        st.sampled_from(["are", "berg"]), st.just("lab"),
    ),
    min_size=1, max_size=20, unique=True,
)  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS, st.randoms(use_true_random=False))
def test_a_parts_bytes_do_not_depend_on_the_order_and_come_back(tmp_path, rows, order):
    content = part_bytes(rows)
    shuffled = list(rows)
    order.shuffle(shuffled)
    assert part_bytes(shuffled) == content
    assert sorted(map(repr, read_part(write_part(tmp_path, content)))) == sorted(map(repr, rows))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 48), st.integers(0, 3)), max_size=15), st.randoms(use_true_random=False))
def test_whatever_the_order_and_the_repeats_the_same_readings_are_kept(sqlite_only, tmp_path_factory, pairs, order):
    found = []
    for shuffled in (pairs, order.sample(pairs, len(pairs)) + pairs):
        with open_store(tmp_path_factory.mktemp("state") / "s", create=True) as store:
            for start in range(0, len(shuffled), 4):
                add(store, [reading(hour, quantity) for hour, quantity in shuffled[start : start + 4]])
            found.append(kept(store))
    assert found[0] == found[1]


def bounds(month):
    return [(day, microseconds(local_midnight(day)), microseconds(local_midnight(day + timedelta(days=1)))) for day in month.days()]


@pytest.mark.parametrize("meter", [VOLUME, ENERGY])
def test_a_roll_up_from_parts_is_that_of_the_readings_in_memory(store, meter):
    chance = random.Random(7)
    readings = [reading(hour, 1000 + hour * 7 + chance.randrange(3), meter=meter.id, resource=resource) for resource in ("a", "b") for hour in range(-2000, 400, 5)]
    add(store, readings)
    month = Month(2026, 10)
    with store.read() as connection:
        parts = raw.parts(connection, meter.id)
    rows = [(each.resource, microseconds(each.at), each.quantity, each.quality.value, None) for each in readings]
    from_memory = roll_up(prepare_sql(meter), [daily_sql(meter)], bounds(month), rows=rows)
    assert roll_up(prepare_sql(meter), [daily_sql(meter)], bounds(month), parts=parts) == from_memory
    assert len(from_memory[0]) >= 62


def row(day=DAY, resource="own-are", member="are", quantity=Fraction(1, 3)):
    return DailyUsage(day, "backup-volume", resource, member, Quality.MEASURED, quantity, Fraction(86400))


def test_a_roll_up_replaces_its_days_and_no_others(store):
    owners = {("shared-heroma", DAY): Ownership(("krokom", "ostersund"), None)}
    rows = [row(), row(resource="own-berg", member="berg"), row(resource="shared-heroma", member="shared"), row(resource="x", member="unassigned")]
    before = row(DAY - timedelta(days=1))
    with store.write() as connection:
        usage.replace_days(connection, "backup-volume", first=DAY - timedelta(days=1), last=DAY, rows=[before, *rows], owners=owners)
        usage.replace_days(connection, "backup-volume", first=DAY, last=DAY, rows=rows, owners=owners)
        usage.replace_days(connection, "energy-it", first=DAY, last=DAY, rows=[], owners={})

    def seen(viewer):
        with store.read() as connection:
            return usage.daily(connection, viewer=viewer, first=DAY - timedelta(days=1), last=DAY)

    assert seen(OPERATIONS) == sorted([before, *rows], key=lambda each: (each.day, each.meter, each.resource))
    assert seen(member_viewer("are")) == [before, rows[0]]
    assert seen(member_viewer("krokom")) == [rows[2]]


def test_owners_hold_from_their_day_until_the_next(store):
    are, split = Ownership(("are",), {"are": Fraction(1)}), Ownership(("are", "berg"), {"are": Fraction(2, 3), "berg": Fraction(1, 3)})
    with store.write() as connection:
        assert usage.put_owner(connection, "srv-1", DAY, are)
        assert not usage.put_owner(connection, "srv-1", DAY + timedelta(days=1), are)
        assert usage.put_owner(connection, "srv-1", DAY + timedelta(days=2), split)
        assert usage.put_owner(connection, "srv-2", DAY, Ownership(("are", "berg"), None))
        found = usage.owners(connection, ["srv-1"], first=DAY - timedelta(days=1), last=DAY + timedelta(days=3))
    assert found == {("srv-1", DAY + timedelta(days=offset)): are if offset < 2 else split for offset in range(4)}
