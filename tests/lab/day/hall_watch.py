"""Both halls' own watch in the lab, from the lab's inventory: in each a daemon, a Prometheus and an Alertmanager, all pages to the world's receiver."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.lab.day.day import BIN, ROOT, Day
from tests.lab.labkit.waiting import wait_for

SITES = ("hall-ostersund", "hall-are")
EXPORTER = "http://127.0.0.1:9817"
FETCH = "import sys, urllib.request; sys.stdout.write(urllib.request.urlopen(sys.argv[1], timeout=5).read().decode())"


class HallWatch:
    """What the two halls' programs say now, asked from the hall's own controller."""

    def __init__(self, day: Day, receiver_folder: Path) -> None:
        self._day, self._receiver = day, receiver_folder

    def get(self, site: str, url: str) -> str:
        """The text of a page as the site's controller gets it; empty when it gets none."""
        done = self._day.lab.ctl(sys.executable, "-c", FETCH, url, site=site, check=False)
        return done.stdout if done.returncode == 0 else ""

    def alerts(self, site: str) -> list[dict[str, Any]]:
        """What the site's Alertmanager holds, inhibited alerts too."""
        text = self.get(site, "http://127.0.0.1:9093/api/v2/alerts")
        return list(json.loads(text)) if text else []

    def held(self, site: str, name: str) -> list[dict[str, Any]]:
        """The alerts of a name that the site's Alertmanager holds and mutes."""
        return [one for one in self.alerts(site) if one["labels"]["alertname"] == name and one["status"]["inhibitedBy"]]

    def scraped(self, site: str) -> bool:
        """Whether the site's Prometheus has our exporter and both halls' Prometheus."""
        query = urllib.parse.quote('count(up{job=~"samdrift|prometheus|alertmanager"} == 1)')
        text = self.get(site, f"http://127.0.0.1:9090/api/v1/query?query={query}")
        return (
            bool(text)
            and json.loads(text)["data"]["result"][:1] != []
            and json.loads(text)["data"]["result"][0]["value"][1] == "5"
        )

    def pages(self) -> list[dict[str, Any]]:
        """Every page that the receiver took, in order; tickets (of backups that this lab never made) are none."""
        kept = self._receiver / "received.jsonl"
        found = [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()] if kept.exists() else []
        paging = [page for page in found if page["to"] == "/page" and page["answered"] < 300]
        return [
            page for page in paging if any(alert["labels"]["severity"] == "page" for alert in page["body"]["alerts"])
        ]


@contextmanager
def hall_watch(day: Day, receiver: str) -> Iterator[HallWatch]:
    """Both halls watched; `receiver` is the base address of the world's receiver. The daemons end with the block, the rest with the lab."""
    parts = day.lab.directory / "parts"
    _render(day, parts, f"{receiver}/page")
    daemons = [_daemon(day, site) for site in SITES]
    watch = HallWatch(day, parts / "receiver")
    try:
        for site in SITES:
            wait_for(
                f"the daemon of {site}", lambda site=site: "samdrift_" in watch.get(site, f"{EXPORTER}/metrics"), 60
            )
        for name in ("alertmanager-1", "alertmanager-2", "prometheus-1", "prometheus-2"):
            day.lab.part(name)
        for site in SITES:
            wait_for(f"all that {site} watches is up", lambda site=site: watch.scraped(site), 90)
        yield watch
    finally:
        for name in ("prometheus-1", "prometheus-2", "alertmanager-1", "alertmanager-2"):
            day.lab.part(name, "stop")
        for daemon in daemons:
            daemon.stdin.close() if daemon.stdin else None
        for daemon in daemons:
            daemon.wait(30)


def _render(day: Day, parts: Path, webhook: str) -> None:
    """The rendered files, each where the part that reads it looks."""
    out = day.folder / "work" / "hall-monitors"
    day.samdrift(
        "monitor", "render", "--out", str(out), "--webhook", webhook, env={"SAMDRIFT_INVENTORY": str(day.lab.inventory)}
    )
    shutil.copytree(out / "alerts", parts / "alerts", dirs_exist_ok=True)
    shutil.copy(out / "alertmanager" / "alertmanager.yml", parts / "alertmanager.yml")
    for number, site in enumerate(SITES, 1):
        shutil.copy(out / "prometheus" / f"{site}.yml", parts / f"prometheus-{number}.yml")
        shutil.copytree(out / "prometheus" / "targets", parts / f"prometheus-{number}" / "targets", dirs_exist_ok=True)


def _daemon(day: Day, site: str) -> subprocess.Popen[bytes]:
    """The hall's daemon on the loopback of its controller; it ends when our end of its standard input is closed."""
    told = {
        "SAMDRIFT_INVENTORY": str(day.lab.inventory),
        "SAMDRIFT_STORE": str(day.folder / "work" / f"watch-{site}"),
        "LANG": "C.UTF-8",
    }
    serve = f"{BIN / 'python'} -m samdrift.cli serve --listen 127.0.0.1:9817 --period 1 --part exporter --part sd --part receiver --part hall-collector"
    script = f"{serve} & daemon=$!; cat >/dev/null; kill $daemon; wait $daemon"
    command = [
        str(ROOT / "tests" / "lab" / "lab"),
        "ctl",
        f"--site={site}",
        "env",
        *(f"{name}={value}" for name, value in told.items()),
        "sh",
        "-c",
        script,
    ]
    log = (day.folder / "work" / f"watch-{site}.log").open("wb")
    return subprocess.Popen(command, cwd=ROOT, env=day.lab.environment, stdin=subprocess.PIPE, stdout=log, stderr=log)
