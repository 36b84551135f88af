"""A period's usage rests on its own days and the nearest parts beside them: the others change nothing, and are not read."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from samdrift.metering.meters.backup_volume import METER as VOLUME
from samdrift.metering.meters.energy_it import METER as ENERGY
from samdrift.metering.rollup_sql import counts_sql, daily_sql, gaps_sql, prepare_sql
from samdrift.model.period import local_midnight, microseconds
from samdrift.model.reading import Quality, Reading
from samdrift.store import raw
from samdrift.store.raw_reach import reaching, with_days
from samdrift.store.rollup import roll_up

FIRST, LAST = date(2026, 10, 10), date(2026, 10, 12)
LATER = datetime(2026, 12, 1, tzinfo=UTC)
BOUNDS = tuple((day, microseconds(local_midnight(day)), microseconds(local_midnight(day + timedelta(days=1)))) for day in (FIRST + timedelta(days=number) for number in range(3)))


def reading(resource, day, hour, quantity, quality=Quality.MEASURED, meter="energy-it"):
    return Reading(meter, resource, "are", None if quality is Quality.END else quantity, quality, "lab", at=local_midnight(day) + timedelta(hours=hour))


def parts_of(store, readings, meter="energy-it"):
    with store.write() as connection:
        raw.append(connection, readings, at=LATER)
        return with_days(raw.parts(connection, meter))


def rolled(meter, paths):
    return roll_up(prepare_sql(meter), (daily_sql(meter), counts_sql(meter), gaps_sql(meter)), BOUNDS, parts=paths)


def test_each_resource_brings_its_nearest_day_and_no_other(store):
    early, silent, before, after, late = date(2026, 9, 1), date(2026, 9, 20), date(2026, 10, 9), date(2026, 10, 14), date(2026, 10, 20)
    readings = [reading("steady", day, 1, day.toordinal()) for day in (early, silent, before, FIRST, after, late)]
    readings += [reading("fell-silent", silent, 1, 5), reading("fell-silent", early, 1, 4), reading("new", late, 2, 1)]
    found = parts_of(store, readings)
    assert [path.parent.name for path in reaching(found, FIRST, LAST)] == ["2026-09-20", "2026-10-09", "2026-10-10", "2026-10-14", "2026-10-20"]


def test_a_part_that_is_none_is_left_to_whoever_proves_the_parts(store):
    found = parts_of(store, [reading("steady", day, 1, 5) for day in (date(2026, 9, 1), date(2026, 10, 9), FIRST)])
    found[0][1].write_bytes(b"no parquet")
    assert reaching(found, FIRST, LAST) == [path for _, path in found]


@pytest.mark.parametrize("meter", [ENERGY, replace(ENERGY, on_decrease="reset"), VOLUME, replace(VOLUME, gap="stop")], ids=["counter", "reset", "carried", "stopped"])
@pytest.mark.parametrize("seed", range(4))
def test_the_usage_is_that_of_all_parts(store, meter, seed):
    chance = random.Random(seed)
    readings = []
    for number in range(6):
        for _ in range(chance.randrange(1, 9)):
            quality = chance.choice([*[Quality.MEASURED] * 5, Quality.ESTIMATED, Quality.END])
            day = FIRST + timedelta(days=chance.randrange(-25, 25))
            readings.append(reading(f"r{number}", day, chance.randrange(24), chance.randrange(100), quality, meter.id))
    found = parts_of(store, readings, meter.id)
    narrow = reaching(found, FIRST, LAST)
    assert rolled(meter, narrow) == rolled(meter, [path for _, path in found])
