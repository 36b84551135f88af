"""A hall reading from a real NUT server follows when the simulator behind it changes, and goes missing when the driver dies."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from samdrift.model.hall import HallQuality
from samdrift.model.nouns.device import InterfaceAddresses, Observe
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.load_inventory import load_inventory
from samdrift.operations.observe_halls import observe_halls, record_poll
from samdrift.operations.show_hall_status import show_hall_status
from samdrift.store import open_store
from tests.acceptance.conftest import ROOT
from tests.lab.labkit.waiting import wait_for
from tests.lab.parts.ups import Ups

pytestmark = pytest.mark.level("user")
UPS = "are-ups-a"


@pytest.fixture
def ups(tmp_path):
    with Ups(tmp_path / "ups") as part:
        yield part


def asked_by_nut(part):
    """The example inventory with one UPS that answers by NUT on loopback, and no other source."""
    inventory = load_inventory(ROOT / "inventory")

    def changed(device):
        near = {"management": InterfaceAddresses.model_construct(ipv4="127.0.0.1", ipv6=None)}
        nut = Observe(by="nut", ups="ups1", port=part.address[1])
        return device.model_copy(update={"addresses": near, "observe": nut} if device.id == UPS else {"observe": None})

    return replace(inventory, objects={**inventory.objects, "devices": tuple(map(changed, inventory.all("devices")))})


def now(inventory):
    return {reading.quantity: reading for reading in observe_halls(inventory, at=datetime.now(UTC))}


def test_a_reading_follows_the_simulator_and_says_that_it_is_not_simulated_by_us(ups):
    inventory = asked_by_nut(ups)
    first = now(inventory)
    assert (first["load"].value, first["state"].word, first["runtime"].value) == (8400, "OL", 1800)
    assert {reading.simulated for reading in first.values()} == {False}
    ups.set("ups.realpower", "9100")
    ups.on_battery()
    wait_for("the change is read", lambda: now(inventory)["load"].value == 9100, 15)
    assert now(inventory)["state"].word == "DISCHRG OB"


def test_a_dead_driver_leaves_no_value_and_its_reason(ups):
    inventory = asked_by_nut(ups)
    ups.processes["driver-ups1"].kill()
    wait_for("the driver's death is told", lambda: now(inventory)["state"].quality is HallQuality.MISSING, 30)
    reading = now(inventory)["state"]
    assert reading.word is None
    assert reading.reason is not None


def test_an_absurd_value_is_implausible_and_never_a_number(ups):
    inventory = asked_by_nut(ups)
    ups.set("ups.temperature", "851")
    reading = now(inventory)["temperature"]
    assert (reading.quality, reading.value) == (HallQuality.IMPLAUSIBLE, None)


def test_a_stored_reading_is_stale_after_three_polls(ups, tmp_path):
    inventory, at = asked_by_nut(ups), datetime.now(UTC)
    with open_store(tmp_path / "state", create=True) as store:
        record_poll(store, observe_halls(inventory, at=at))
        fresh = show_hall_status(inventory, store, viewer=OPERATIONS, at=at + timedelta(seconds=20))
        old = show_hall_status(inventory, store, viewer=OPERATIONS, at=at + timedelta(seconds=40))
    assert {reading.quality for reading in fresh} == {HallQuality.GOOD}
    assert {(reading.quality, reading.value, reading.word) for reading in old} == {(HallQuality.STALE, None, None)}
