"""What the inventory, the rota and the halls' counters give as readings, and whose they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from samdrift.alerting.rota import Shift
from samdrift.metering.counting import counted, energy, on_duty
from samdrift.metering.owners import owner_of
from samdrift.model.hall import HallQuality, HallReading
from samdrift.operations.load_inventory import load_inventory

AT = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def inventory():
    return load_inventory(Path(__file__).resolve().parents[3] / "inventory")


def of(readings, meter):
    return {reading.resource: (reading.member, reading.quantity, reading.quality.value) for reading in readings if reading.meter == meter}


def test_every_living_device_counts_once_and_only_virtuals_have_processors_of_their_own(inventory):
    readings = counted(inventory, AT, {})
    assert set(of(readings, "devices")) == {device.id for device in inventory.devices.values() if device.living}
    assert set(of(readings, "vcpu")) == {device.id for device in inventory.devices.values() if device.living and device.kind == "virtual" and device.cpus}
    assert of(readings, "rack-units")["are-srv-1"] == ("are", inventory.devices["are-srv-1"].height, "measured")
    assert of(readings, "zones")["zone:krokom-example"][0] == "krokom"


def test_what_is_gone_ends(inventory):
    without = replace(inventory, objects={**inventory.objects, "devices": tuple(one for one in inventory.all("devices") if one.id != "are-srv-1")})
    readings = counted(without, AT, {"devices": ["are-srv-1", "are-ops"]})
    assert of(readings, "devices")["are-srv-1"] == ("unassigned", None, "end")
    assert of(readings, "devices")["are-ops"][2] == "measured"


def test_a_shift_is_cut_to_the_window_in_its_real_hours(inventory):
    shift = Shift("drift", "primary", "jour-1", AT - timedelta(days=3), AT + timedelta(hours=2))
    (reading,) = on_duty(inventory, [shift], AT - timedelta(hours=1), AT + timedelta(days=1))
    assert (reading.resource, reading.member, reading.start, reading.end, reading.quantity) == ("rota:drift/primary", "shared", AT - timedelta(hours=1), AT + timedelta(hours=2), 3 * 3600 * 1_000_000)


def hall(element, value=100, quality=HallQuality.GOOD, simulated=False):
    return HallReading("hall-ostersund", element, "energy", "watt_hours", quality, simulated, AT, "nut", value if quality is HallQuality.GOOD else None)


def test_energy_is_counted_next_to_the_load_and_never_twice(inventory):
    fed = next(device for device in inventory.devices.values() if device.supplies and device.kind == "host")
    pdu = next(iter(fed.supplies.values())).partition("/")[0]
    found = energy(inventory, [hall("ups-a"), hall(pdu), hall("pdu-a2-b")])
    assert "ups-a" not in {reading.resource for reading in found}
    assert pdu in {reading.resource for reading in found}
    found = energy(inventory, [hall(pdu), hall(fed.id)])
    assert {reading.resource for reading in found} == {fed.id}


def test_what_is_not_good_is_no_reading_and_what_is_simulated_says_so(inventory):
    assert energy(inventory, [hall("pdu-a1-a", quality=HallQuality.FROZEN)]) == ()
    (reading,) = energy(inventory, [hall("pdu-a1-a", simulated=True)])
    assert reading.quality.value == "simulated"


def test_resources_of_every_form_have_their_owner(inventory):
    assert owner_of(inventory, "bracke/asynja-bracke").sole == "bracke"
    assert owner_of(inventory, "asynja-bracke").sole == "bracke"
    assert len(owner_of(inventory, "rota:drift/primary").members) == 11
    assert owner_of(inventory, "zone:nowhere") is None
    assert owner_of(inventory, "shared-nothing/common") is None
