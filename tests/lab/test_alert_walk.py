"""One alert through every floor: UPS, collector, store, exporter, two Prometheus, two Alertmanagers, webhook and our receiver."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from tests.acceptance.conftest import ROOT, start
from tests.acceptance.test_serve import serving
from tests.lab.labkit.waiting import wait_for
from tests.lab.parts.monitoring import Alertmanager, Monitoring
from tests.lab.parts.receiver import Receiver
from tests.lab.parts.ups import Ups

pytestmark = pytest.mark.level("bare")
UPS = "are-ups-a"


def with_real_ups(inventory, port):
    """The example inventory in memory, its one UPS answering by NUT on loopback, every other source left out."""
    from samdrift.model.nouns.device import InterfaceAddresses, Observe

    def changed(device):
        if device.id != UPS:
            return device.model_copy(update={"observe": None})
        near = {"management": InterfaceAddresses.model_construct(ipv4="127.0.0.1", ipv6=None)}
        return device.model_copy(update={"addresses": near, "observe": Observe(by="nut", ups="ups1", port=port)})

    return replace(inventory, objects={**inventory.objects, "devices": tuple(map(changed, inventory.all("devices")))})


@contextmanager
def polling(store_folder, port):
    """What serve's hall collector does, each second, with the changed inventory."""
    from samdrift.operations.load_inventory import load_inventory
    from samdrift.operations.read_halls import read_halls
    from samdrift.store import open_store

    inventory, ended = with_real_ups(load_inventory(ROOT / "inventory"), port), threading.Event()

    def poll():
        with open_store(store_folder, create=True) as store:
            while not ended.wait(1):
                read_halls(inventory, store, at=datetime.now(UTC))

    thread = threading.Thread(target=poll)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def rendered(out: Path, daemon, receiver):
    """Both halls' rendered files with the machine's own addresses in place of theirs, and only our exporter as target."""
    said = start("monitor", "render", "--out", str(out), "--webhook", f"{receiver.url}/page")
    assert said.code == 0, said.err
    own = daemon.url.removeprefix("http://")
    halls = []
    for path in sorted((out / "prometheus").glob("*.yml")):
        halls.append(yaml.safe_load(path.read_text().replace("127.0.0.1:9817", own)))
        halls[-1]["rule_files"] = [f"{out}/alerts/*.rules.yml"]
        halls[-1]["scrape_configs"] = [job for job in halls[-1]["scrape_configs"] if job["job_name"] == "samdrift"]
    return halls, (out / "alertmanager" / "alertmanager.yml").read_text().replace("127.0.0.1:9817", own)


def test_a_ups_with_an_empty_battery_pages_once_within_its_bound(tmp_path):
    store = tmp_path / "state"
    with (
        Ups(tmp_path / "ups") as ups,
        Receiver(tmp_path / "receiver") as receiver,
        serving(store, "--part", "exporter", "--part", "receiver") as daemon,
        polling(store, ups.address[1]),
    ):
        prometheus, alertmanager = rendered(tmp_path / "monitors", daemon, receiver)
        series = f'samdrift_ups_state{{element="{UPS}",member="shared",site="hall-are",state="OL"}} 1.0'
        wait_for("the UPS is on the page", lambda: series in daemon.get("/metrics")[1].decode(), 20)
        with Monitoring(tmp_path / "monitoring", prometheus=prometheus, alertmanager=alertmanager) as monitoring:
            for one in monitoring.prometheis:
                wait_for("scraped", lambda one=one: [target for target in one.targets() if target["health"] == "up"], 30)
            assert receiver.received() == []
            began = time.time()
            ups.on_battery(low=True)
            (page, *more) = receiver.wait_for(1, limit_s=90)
            bound = json.loads(start("monitor", "render", "--check", "--output", "json").out)["bounds"]
            within = next(one["within_seconds"] for one in bound if one["alertname"] == "UpsLowBattery") + 15
            assert page.at - began <= within, f"{page.at - began:.1f} s, bound {within} s"
            told = {alert["labels"]["alertname"]: alert for alert in page.body["alerts"]}
            assert (page.to, more, set(told)) == ("/page", [], {"UpsLowBattery"})
            labels = told["UpsLowBattery"]["labels"]
            assert {key: labels[key] for key in ("member", "site", "element", "severity", "layer")} == {
                "member": "shared", "site": "hall-are", "element": UPS, "severity": "page", "layer": "power",
            }  # fmt: skip
            assert not {"replica", "instance", "job"} & set(labels), "whose exporter or Prometheus said it makes a second alert of one fact"
            assert told["UpsLowBattery"]["annotations"]["summary"] == f"UPS {UPS} i hall-are har snart slut på batteri."
            for one in monitoring.alertmanagers:
                wait_for("both Alertmanagers hold it", lambda one=one: [a for a in one.alerts() if a["labels"]["alertname"] == "UpsLowBattery"], 30)
            listed = wait_for("kept by our receiver", lambda: start("alert", "list", "--store", str(store), "--output", "json").json()["items"], 20)
            assert [(item["alertname"], item["state"], item["member"]) for item in listed] == [("UpsLowBattery", "firing", "shared")]
            assert len([note for note in receiver.received() if note.answered < 300]) == 1
    for part in (ups, receiver, *monitoring.parts):
        assert not [process.pid for process in part.processes.values() if process.pid is not None]


def posted(alertmanager, *alerts):
    """Hand alerts (their labels) to an Alertmanager as Prometheus does, and give which of them it holds back: name and vantage."""
    body = json.dumps([{"labels": {"severity": "page", "member": "shared", **labels}} for labels in alerts]).encode()
    request = urllib.request.Request(f"{alertmanager.url}/api/v2/alerts", data=body, headers={"Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=5).close()
    wait_for("all alerts are there", lambda: len(alertmanager.alerts()) == len(alerts), 10)
    return wait_for("judged", lambda: [(one["labels"]["alertname"], one["labels"].get("vantage")) for one in alertmanager.alerts() if one["status"]["inhibitedBy"]], 10)


def test_a_hall_out_of_power_holds_back_what_it_sees_of_the_other_and_is_seen_of_it(tmp_path):
    said = start("monitor", "render", "--out", str(tmp_path / "monitors"))
    assert said.code == 0, said.err
    config = (tmp_path / "monitors" / "alertmanager" / "alertmanager.yml").read_text()
    power = {"alertname": "UpsLowBattery", "layer": "power", "site": "hall-are", "element": "are-ups-a"}
    unseen = {"alertname": "SiteUnreachable", "layer": "network"}
    with Alertmanager(tmp_path / "alertmanager", config=config) as alertmanager:
        held = posted(
            alertmanager, power, {**unseen, "site": "hall-are", "vantage": "hall-ostersund"}, {**unseen, "site": "hall-ostersund", "vantage": "hall-are"},
            {**unseen, "site": "node-b", "vantage": "hall-ostersund"},
        )  # fmt: skip
    assert sorted(held) == [("SiteUnreachable", "hall-are"), ("SiteUnreachable", "hall-ostersund")]
