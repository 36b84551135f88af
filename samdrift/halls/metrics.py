"""The halls' metrics (halls.md 6); no text from a device is ever a label."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from samdrift.halls.readings import NUT_WORDS
from samdrift.model.hall import HallQuality, HallReading
from samdrift.model.metric import MetricSpec, Sample

SOURCE_SUCCESS = MetricSpec(
    "samdrift_hall_source_success",
    "1 when the source of an element answered at the last poll.",
    "gauge",
    ("member", "site", "source"),
)
QUALITY = MetricSpec(
    "samdrift_hall_reading_quality",
    "1 for the quality that an element's quantity has now.",
    "gauge",
    ("member", "site", "element", "quantity", "quality"),
)
SIMULATED = MetricSpec(
    "samdrift_hall_simulated_sensors", "Number of quantities that are simulated.", "gauge", ("member", "site")
)
LOAD = MetricSpec("samdrift_power_load_watts", "Load of an element.", "gauge", ("member", "site", "element", "origin"))
ENERGY = MetricSpec(
    "samdrift_power_energy_watthours_total", "Energy through an element.", "counter", ("member", "site", "element")
)
UPS_STATE = MetricSpec(
    "samdrift_ups_state",
    "1 for each status word a UPS shows (RFC 9271: OL, OB, LB …).",
    "gauge",
    ("member", "site", "element", "state"),
)
UPS_RUNTIME = MetricSpec(
    "samdrift_ups_runtime_seconds", "Time on battery that a UPS foretells.", "gauge", ("member", "site", "element")
)
METRICS: tuple[MetricSpec, ...] = (SOURCE_SUCCESS, QUALITY, SIMULATED, LOAD, ENERGY, UPS_STATE, UPS_RUNTIME)


def samples(readings: Iterable[HallReading]) -> tuple[Sample, ...]:
    """Samples of the readings as they count now (`aged`); what is not good leaves no value."""
    found: list[Sample] = []
    simulated: dict[str, int] = {}
    answered: dict[tuple[str, str], int] = {}
    for each in readings:
        where = {"member": "shared", "site": each.site}
        simulated[each.site] = simulated.get(each.site, 0) + each.simulated
        good = each.quality is HallQuality.GOOD
        answered[each.site, each.element] = max(answered.get((each.site, each.element), 0), int(good))
        found.append(
            Sample(
                QUALITY.name, {**where, "element": each.element, "quantity": each.quantity, "quality": each.quality}, 1
            )
        )
        if good:
            found += _values(each, {**where, "element": each.element})
    found += [
        Sample(SIMULATED.name, {"member": "shared", "site": site}, number) for site, number in sorted(simulated.items())
    ]
    found += [
        Sample(SOURCE_SUCCESS.name, {"member": "shared", "site": site, "source": element}, value)
        for (site, element), value in sorted(answered.items())
    ]
    return tuple(found)


def _values(reading: HallReading, labels: dict[str, str]) -> list[Sample]:
    if reading.quantity == "state" and reading.word is not None:
        words = set(reading.word.split())
        return [Sample(UPS_STATE.name, {**labels, "state": word}, int(word in words)) for word in sorted(NUT_WORDS)]
    if reading.value is None:
        return []
    if reading.quantity == "load":
        return [Sample(LOAD.name, {**labels, "origin": "measured"}, reading.value)]
    if reading.quantity == "energy":
        return [Sample(ENERGY.name, labels, Fraction(reading.value))]
    if reading.quantity == "runtime":
        return [Sample(UPS_RUNTIME.name, labels, reading.value)]
    return []
