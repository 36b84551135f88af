"""The daemon as Prometheus and Alertmanager meet it: a process of its own on a loopback port."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from .conftest import ROOT, environment, start


class Serving:
    def __init__(self, process, url):
        self.process, self.url = process, url

    def get(self, path, **headers):
        try:
            with urllib.request.urlopen(urllib.request.Request(self.url + path, headers=headers), timeout=20) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def post(self, path, body):
        try:
            with urllib.request.urlopen(urllib.request.Request(self.url + path, data=body, method="POST"), timeout=60) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def wait_ready(self):
        until = time.monotonic() + 30
        while self.get("/-/ready")[0] != 200:
            assert time.monotonic() < until, "never ready"
            time.sleep(0.05)
        return self


@contextmanager
def serving(store, *arguments, inventory=ROOT / "inventory", err=None):
    command = [sys.executable, "-m", "samdrift.cli", "serve", "--listen", "127.0.0.1:0", "--store", str(store), "--inventory", str(inventory), "--period", "1", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, env=environment(), stderr=subprocess.PIPE, text=True)
    lines, drain = [], ThreadPoolExecutor(1)
    try:
        for line in process.stderr:
            lines.append(line)
            if "listening on " in line:
                break
        else:
            raise AssertionError("".join(lines))
        url = json.loads(lines[-1])["message"].split()[2]
        drain.submit(lambda: lines.extend(process.stderr))
        yield Serving(process, url).wait_ready()
    finally:
        process.send_signal(signal.SIGTERM)
        code = process.wait(15)
        drain.shutdown()
        process.stderr.close()
        assert code == 0, "".join(lines)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return tmp_path_factory.mktemp("serve") / "state"


@pytest.fixture(scope="module")
def daemon(store):
    with serving(store) as one:
        yield one


def told(fingerprint="9f3a1b2c", status="firing"):
    alert = {"status": status, "labels": {"alertname": "HostDown", "member": "are", "severity": "page"}, "annotations": {}, "startsAt": "2026-11-23T02:14:05Z", "endsAt": "2026-11-23T03:00:00Z", "fingerprint": fingerprint}
    return json.dumps({"version": "4", "alerts": [alert]}).encode()


def test_promtool_finds_nothing_wrong_with_the_page(daemon, program):
    status, page = daemon.get("/metrics")
    assert status == 200
    assert b"samdrift_collector_success" in page
    done = subprocess.run([program("promtool", "prometheus"), "check", "metrics"], input=page, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_series_has_a_member_and_openmetrics_is_given_on_demand(daemon):
    page = daemon.get("/metrics")[1].decode()
    assert all('member="' in line for line in page.splitlines() if line and not line.startswith("#"))
    assert daemon.get("/metrics", Accept="application/openmetrics-text; version=1.0.0")[1].endswith(b"# EOF\n")


def test_a_member_s_page_has_its_series_alone_and_a_stranger_has_none(daemon):
    page = daemon.get("/metrics?member=shared")[1].decode()
    assert {line.split('member="')[1].split('"')[0] for line in page.splitlines() if 'member="' in line} == {"shared"}
    assert daemon.get("/metrics?member=are")[0] == 200
    assert daemon.get("/metrics?member=nobody")[0] == 404


def test_targets_are_the_same_bytes_each_time(daemon):
    status, body = daemon.get("/sd/node")
    assert status == 200
    assert daemon.get("/sd/node")[1] == body
    assert json.loads(body)[0].keys() == {"targets", "labels"}
    assert daemon.get("/sd/no-such-job")[0] == 404


def test_a_post_told_by_many_at_once_is_one_alert(daemon, store):
    with ThreadPoolExecutor(16) as workers:
        assert set(workers.map(lambda _: daemon.post("/webhook/alertmanager", told()), range(100))) == {200}
    items = start("alert", "list", "--store", str(store), "--output", "json").json()["items"]
    assert [(item["fingerprint"], item["state"]) for item in items if item["fingerprint"] == "9f3a1b2c"] == [("9f3a1b2c", "firing")]
    assert len(start("alert", "list", "--store", str(store), "--member", "are", "--output", "json").json()["items"]) == len(items)
    assert start("alert", "list", "--store", str(store), "--member", "berg", "--output", "json").json()["items"] == []
    assert start("alert", "list", "--store", str(store), "--as", "berg", "--output", "json").json()["items"] == []
    shown = start("alert", "show", items[0]["id"].lower().replace("-", ""), "--store", str(store), "--output", "json")
    assert shown.code == 0
    assert shown.json()["items"][0]["posts"] == 100


def test_what_is_no_post_is_400_and_too_much_is_413(daemon):
    assert daemon.post("/webhook/alertmanager", b"hello") == 400
    assert daemon.post("/webhook/alertmanager", b"[" * (4 * 2**20 + 1)) == 413
    assert daemon.get("/webhook/alertmanager")[0] == 405


def test_half_open_connections_delay_no_scrape(daemon):
    host, port = daemon.url.removeprefix("http://").split(":")
    idle = [socket.create_connection((host, int(port))) for _ in range(40)]
    try:
        for one in idle:
            one.send(b"GET /metrics HTTP/1.1\r\nHost:")
        began = time.monotonic()
        assert all(daemon.get("/metrics")[0] == 200 for _ in range(20))
        assert time.monotonic() - began < 5
    finally:
        for one in idle:
            one.close()


def test_a_locked_store_delays_no_scrape_and_an_alert_that_is_not_kept_is_503(tmp_path):
    import sqlite3

    store = tmp_path / "state"
    with serving(store, "--part", "exporter", "--part", "receiver") as one:
        locked = sqlite3.connect(store / "samdrift.sqlite", isolation_level=None)
        try:
            locked.execute("BEGIN EXCLUSIVE")
            with ThreadPoolExecutor(1) as posting:
                post = posting.submit(one.post, "/webhook/alertmanager", told())
                times = []
                for _ in range(100):
                    began = time.monotonic()
                    assert one.get("/metrics")[0] == 200
                    times.append(time.monotonic() - began)
                assert sorted(times)[98] < 1.0
                assert post.result(60) == 503
        finally:
            locked.execute("ROLLBACK")
            locked.close()
        assert one.post("/webhook/alertmanager", told()) == 200


def test_an_invalid_inventory_leaves_the_last_valid_one(tmp_path):
    import shutil

    inventory = tmp_path / "inventory"
    shutil.copytree(ROOT / "inventory", inventory)
    with serving(tmp_path / "state", "--part", "sd", inventory=inventory) as one:
        before = one.get("/sd/node")[1]
        (inventory / "members.yml").write_text("members: [{id: 1}]\n")
        one.process.send_signal(signal.SIGHUP)
        until = time.monotonic() + 3
        while time.monotonic() < until:
            assert one.get("/sd/node") == (200, before)
            time.sleep(0.2)


def test_started_with_an_invalid_inventory_it_ends_with_two(tmp_path):
    (tmp_path / "samdrift.yml").write_text("plugin: samdrift\nversion: 1\nhost_organisation: nobody\n")
    said = start("serve", "--listen", "127.0.0.1:0", "--inventory", str(tmp_path), "--store", str(tmp_path / "state"))
    assert said.code == 2
    assert "error" in said.err
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--listen", "0.0.0.0:0"], "is no loopback address"),
        (["--listen", "[::]:0"], "is no loopback address"),
        (["--listen", "here:1"], "no address and port"),
        (["--web-config", "web.yml"], "comes in a later version"),
        (["--part", "deadman"], "comes in a later version"),
        (["--part", "exportr"], "did you mean exporter?"),
    ],
)
def test_what_cannot_be_served_safely_is_refused(call, arguments, said):
    told = call("serve", *arguments)
    assert told.code == 2
    assert said in told.err


def test_the_hall_collector_s_readings_are_on_the_page(tmp_path):
    with serving(tmp_path / "state", "--part", "exporter", "--part", "hall-collector") as one:
        until = time.monotonic() + 20
        while b"samdrift_ups_state{" not in one.get("/metrics")[1]:
            assert time.monotonic() < until, one.get("/metrics")[1].decode()
            time.sleep(0.2)
