"""Every meter's cases: readings → usage of the month, through the same SQL as in production."""

from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from samdrift.metering.registry import shipped_meters
from samdrift.metering.usage import CountRow, DailyRow, GapRow, period_usage
from samdrift.model.ownership import Ownership
from samdrift.model.period import Month, local_midnight, microseconds, read_instant
from tests.unit.metering import duck

HERE = Path(__file__).parent / "meters"
CASES = [(path.stem, case) for path in sorted(HERE.glob("*.yml")) for case in yaml.safe_load(path.read_text(encoding="utf-8"))]


def readings_of(case, month):
    if case["readings"] != "daily":
        return [
            ("r", microseconds(read_instant(at)), value, quality, *(microseconds(read_instant(until)) for until in rest)) for at, value, quality, *rest in case["readings"]
        ]
    left_out = {str(day) for day in case.get("without", [])}
    days = [day for day in [*month.days(), month.next.first_day] if str(day) not in left_out]
    return [("r", microseconds(local_midnight(day)), case["value"], "measured") for day in days]


@pytest.mark.parametrize(("meter_id", "case"), CASES, ids=[f"{meter}: {case['name']}" for meter, case in CASES])
def test_readings_give_the_usage_that_the_case_says(meter_id, case):
    meter = replace(shipped_meters()[meter_id], **case.get("policy", {}))
    month = Month.parse(str(case["month"])[:7])
    days = [(day, microseconds(local_midnight(day)), microseconds(local_midnight(day + timedelta(days=1)))) for day in month.days()]
    readings = readings_of(case, month)
    owners = {("r", day): Ownership.of("are", None) for day in month.days()}
    rows = [DailyRow(resource, as_date(day), quality, int(quantity), ms) for resource, day, quality, quantity, ms in duck.daily(meter, readings, days)]
    counts = [CountRow(*row) for row in duck.counts(meter, readings, days)]
    gaps = [GapRow(*row) for row in duck.gaps(meter, readings, days)]
    (usage,) = period_usage(meter, rows, counts, gaps, owners, month.start, month.end)
    found = {
        "quantity": usage.quantity, "measured_seconds": usage.measured_seconds, "estimated_seconds": usage.estimated_seconds,
        "unmeasured_seconds": usage.unmeasured_seconds, "gaps": len(usage.gaps), "conflicts": usage.conflicts, "resets": usage.resets,
        "blocking": list(usage.blocking),
    }  # fmt: skip
    expected = {name: value if isinstance(value, list) else Fraction(str(value)) for name, value in case["expect"].items()}
    assert {name: found[name] for name in expected} == expected


def as_date(day):
    return day.date() if isinstance(day, datetime) else day
