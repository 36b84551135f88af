"""Usage collected from real Prometheus and VictoriaMetrics: raw samples home, exactly once, and what one server lost is said."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import yaml

from tests.acceptance.conftest import ROOT, start
from tests.lab.labkit.part import Part, program
from tests.lab.labkit.place import LOOPBACK
from tests.lab.labkit.waiting import wait_for
from tests.lab.parts.monitoring import Prometheus, fetch

pytestmark = pytest.mark.level("bare")
SELECTOR = 'printer_pages_total{job="printers"}'


class Printer:
    """A page of metrics that counts as it is told."""

    def __init__(self):
        self.pages, self.extra = 120_000, ""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; version=0.0.4")
                self.end_headers()
                self.wfile.write(f"# TYPE printer_pages_total counter\nprinter_pages_total {outer.pages}\n{outer.extra}".encode())

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = False  # waited for at the end
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    @property
    def scraping(self):
        target = {"targets": [f"127.0.0.1:{self.server.server_port}"], "labels": {"instance": "are-srv-1"}}
        return {"global": {"scrape_interval": "1s"}, "scrape_configs": [{"job_name": "printers", "static_configs": [target]}]}


class Victoria(Part):
    """One VictoriaMetrics that scrapes for itself."""

    name = "victoria"

    def __init__(self, folder, scraping):
        super().__init__(folder, LOOPBACK)
        self.scraping = scraping

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port('http', 8428)}"

    def prepare(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "scrape.json").write_text(json.dumps(self.scraping))

    def programs(self):
        binary = program("victoria-metrics", "victoria-metrics")
        return [self.process("victoria", [binary, f"-storageDataPath={self.folder}/data", f"-httpListenAddr=127.0.0.1:{self.port('http', 8428)}", f"-promscrape.config={self.folder}/scrape.json", "-retentionPeriod=1d", "-memory.allowedBytes=128MB"])]

    def ready(self):
        return fetch(LOOPBACK, f"{self.url}/health") == "OK"


def inventory_with(tmp_path, url):
    import shutil

    folder = tmp_path / "inventory"
    shutil.copytree(ROOT / "inventory", folder, dirs_exist_ok=True)
    rows = [{"id": "printed-pages", "selector": SELECTOR, "url": url}]
    (folder / "meters.yml").write_text(yaml.safe_dump({"meters": rows}))
    return folder


def collect(tmp_path, folder, code=0):
    done = start("usage", "collect", "--meter", "printed-pages", "--store", str(tmp_path / "state"), "--inventory", str(folder), "--output", "json")
    assert done.code in (code if isinstance(code, tuple) else (code,)), done.err
    return done.json()["items"][0]


def servers(tmp_path, printer):
    return {"prometheus": lambda: Prometheus(tmp_path / "prometheus", config=printer.scraping), "victoria": lambda: Victoria(tmp_path / "victoria", printer.scraping)}


@pytest.mark.parametrize("kind", ["prometheus", "victoria"])
def test_every_raw_sample_comes_home_once_and_sums_to_the_counters_own_difference(tmp_path, kind):
    with Printer() as printer, servers(tmp_path, printer)[kind]() as server:
        folder = inventory_with(tmp_path, server.url)
        first = wait_for("samples", lambda: (item := collect(tmp_path, folder))["accepted"] and item, 30, 1)
        assert first["faults"] == []
        printer.pages += 420
        time_until = time.monotonic() + 30
        held = first["accepted"]
        while held < first["accepted"] + 3:
            assert time.monotonic() < time_until, "no new samples"
            again = collect(tmp_path, folder)
            assert again["conflicts"] == 0
            held += again["accepted"]
        shown = start("usage", "show", "--month", time.strftime("%Y-%m"), "--store", str(tmp_path / "state"), "--inventory", str(folder), "--output", "json").json()["items"]
        (pages,) = [item for item in shown if item["meter"] == "printed-pages"]
        assert (pages["resource"], pages["member"], pages["quantity"]) == ("are-srv-1", "are", "420")
        server_url = server.url
    gone = collect(tmp_path, inventory_with(tmp_path, server_url), code=3)
    assert gone["accepted"] == 0
    assert "gave no answer" in gone["faults"][0]


def test_two_series_of_one_resource_are_ambiguous_and_none_is_taken(tmp_path):
    with Printer() as printer:
        printer.extra = 'printer_pages_total{tray="2"} 7\n'
        with Prometheus(tmp_path / "prometheus", config=printer.scraping) as server:
            folder = inventory_with(tmp_path, server.url)
            item = wait_for("both series", lambda: (one := collect(tmp_path, folder, code=(0, 3)))["faults"] and one, 30, 1)
    assert (item["accepted"], item["faults"]) == (0, [f"ambiguous-series: 2 series of {SELECTOR} at {server.url} are are-srv-1"])
