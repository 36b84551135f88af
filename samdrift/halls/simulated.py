"""Simulated sources: same seed and instant, same value; every reading says that it is simulated (halls.md H5)."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from samdrift.model.hall import HallQuality, HallReading
from samdrift.model.nouns.device import Device
from samdrift.model.period import EPOCH

SINCE = EPOCH + timedelta(days=18_262)
"""2020-01-01: where the simulated counters start."""
HOUR = timedelta(hours=1)


def readings_of(device: Device, observed_at: datetime) -> tuple[HallReading, ...]:
    """Load, energy and, for a UPS, charge and state of a device observed `by: simulated`."""
    seed = device.observe.seed if device.observe and device.observe.seed is not None else 0
    watts = (device.watts or 400) * 6 // 10

    def reading(quantity: str, unit: str, value: int | None = None, word: str | None = None) -> HallReading:
        return HallReading(
            device.site or "", device.id, quantity, unit, HallQuality.GOOD, True, observed_at, "simulated", value, word
        )

    found = [
        reading("load", "watts", load_watts(seed, watts, observed_at)),
        reading("energy", "watt_hours", energy_wh(seed, watts, observed_at)),
    ]
    if device.kind == "ups":
        found += [reading("battery-charge", "permille", 1000), reading("state", "words", word="OL")]
    return tuple(sorted(found, key=lambda each: each.id))


def load_watts(seed: int, watts: int, at: datetime) -> int:
    """The hour's constant power: a day curve from 85 % at night to 115 % at midday, with ± 3 % of noise."""
    hour = (at - SINCE) // HOUR
    day_curve = 85 + (30 * (12 - abs(12 - hour % 24))) // 12
    noise = hashlib.sha256(f"{seed}/{hour}".encode()).digest()[0] % 7 - 3
    return watts * (day_curve + noise) // 100


def energy_wh(seed: int, watts: int, at: datetime) -> int:
    """The counter at an instant: a counter that only rises. Whole days at their mean, the day in hand by its hours."""
    days, rest = divmod(at - SINCE, timedelta(days=1))
    total = days * watts * 24
    start = SINCE + days * timedelta(days=1)
    milli = 0
    passed = timedelta(0)
    while passed < rest:
        step = min(HOUR, rest - passed)
        milli += load_watts(seed, watts, start + passed) * (step // timedelta(milliseconds=1))
        passed += HOUR
    return total + min(milli // 3_600_000, watts * 24)
