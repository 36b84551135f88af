"""Monitoring: real Prometheus and Alertmanager processes, alone or as two pairs that know one another."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from tests.lab.labkit.part import Part, program, write
from tests.lab.labkit.place import LOOPBACK, Place
from tests.lab.labkit.process import Process

PROMETHEUS_PORT, ALERTMANAGER_PORT, CLUSTER_PORT = 9090, 9093, 9094
RESEND_DELAY = "15s"


def fetch(place: Place, url: str, limit_s: float = 5) -> Any:
    """GET a JSON answer from within a place; raises OSError when there is none."""

    def get() -> Any:
        try:
            with urllib.request.urlopen(url, timeout=limit_s) as answer:
                text = answer.read().decode()
        except urllib.error.HTTPError as refused:
            refused.close()
            raise
        try:
            return json.loads(text)
        except ValueError:
            return text

    return place.inside(get)


def _listening(place: Place, address: str) -> str:
    """Every address of a host of the lab, for it may be managed over either family; else the one address."""
    return f":{address.rpartition(':')[2]}" if place.namespace else address


class Alertmanager(Part):
    """One Alertmanager with a given configuration (a mapping, or a file's text); `peers` gossip with it."""

    name = "alertmanager"

    def __init__(
        self, folder: Path, place: Place = LOOPBACK, *, config: Mapping[str, Any] | str, peers: Sequence[str] = (), tied: bool = True
    ) -> None:
        super().__init__(folder, place, tied=tied)
        self.config, self.peers = config, list(peers)

    @property
    def url(self) -> str:
        """Base address."""
        return f"http://{self.address}"

    @property
    def address(self) -> str:
        """Host and port, as in Prometheus' targets."""
        return f"{self.place.ipv4}:{self.port('http', ALERTMANAGER_PORT)}"

    @property
    def cluster_address(self) -> str:
        """Host and port for its peers."""
        return f"{self.place.ipv4}:{self.port('cluster', CLUSTER_PORT)}"

    def prepare(self) -> None:
        """Write the configuration (JSON is YAML)."""
        text = self.config if isinstance(self.config, str) else json.dumps(self.config, indent=1)
        write(self.folder / "alertmanager.yml", text)

    def programs(self) -> Sequence[Process]:
        """The server itself."""
        binary = program("prometheus-alertmanager", "prometheus-alertmanager")
        return [
            self.process("alertmanager", [
                binary, f"--config.file={self.folder}/alertmanager.yml", f"--storage.path={self.folder}/data",
                f"--web.listen-address={_listening(self.place, self.address)}", f"--cluster.listen-address={self.cluster_address}",
                "--cluster.gossip-interval=200ms", "--cluster.pushpull-interval=5s", "--cluster.settle-timeout=2s",
                *[f"--cluster.peer={peer}" for peer in self.peers],
            ])
        ]  # fmt: skip

    def ready(self) -> bool:
        """It says so itself."""
        return bool(fetch(LOOPBACK, f"{self.url}/-/ready"))

    def alerts(self) -> list[dict[str, Any]]:
        """Alerts it holds now, inhibited and silenced ones too."""
        return list(fetch(self.place, f"{self.url}/api/v2/alerts"))


class Prometheus(Part):
    """One Prometheus; to a `config` that is a mapping the Alertmanagers' addresses are added, a text is taken as it is."""

    name = "prometheus"

    def __init__(
        self, folder: Path, place: Place = LOOPBACK, *, config: Mapping[str, Any] | str, alertmanagers: Sequence[str] = (), tied: bool = True
    ) -> None:
        super().__init__(folder, place, tied=tied)
        self.config, self.alertmanagers = config, list(alertmanagers)

    @property
    def url(self) -> str:
        """Base address."""
        return f"http://{self.place.ipv4}:{self.port('http', PROMETHEUS_PORT)}"

    def prepare(self) -> None:
        """Write the configuration (JSON is YAML)."""
        if isinstance(self.config, str):
            write(self.folder / "prometheus.yml", self.config)
            return
        whole = dict(self.config)
        if self.alertmanagers:
            alerting = dict(whole.get("alerting", {}))
            alerting["alertmanagers"] = [{"static_configs": [{"targets": self.alertmanagers}]}]
            whole["alerting"] = alerting
        write(self.folder / "prometheus.yml", json.dumps(whole, indent=1))

    def programs(self) -> Sequence[Process]:
        """The server itself."""
        binary = program("prometheus", "prometheus")
        return [
            self.process("prometheus", [
                binary, f"--config.file={self.folder}/prometheus.yml", f"--storage.tsdb.path={self.folder}/data",
                f"--web.listen-address={_listening(self.place, self.url.removeprefix('http://'))}", "--web.enable-lifecycle",
                f"--rules.alert.resend-delay={RESEND_DELAY}",
            ])
        ]  # fmt: skip

    def ready(self) -> bool:
        """It says so itself, and knows its Alertmanagers (5 s; an alert before that waits for the resend delay)."""
        if not fetch(LOOPBACK, f"{self.url}/-/ready"):
            return False
        known = fetch(LOOPBACK, f"{self.url}/api/v1/alertmanagers")["data"]["activeAlertmanagers"]
        return len(known) == len(self.alertmanagers)

    def reload(self) -> None:
        """Write the configuration again and have it read."""
        self.prepare()
        request = urllib.request.Request(f"{self.url}/-/reload", method="POST")
        self.place.inside(lambda: urllib.request.urlopen(request, timeout=10).close())

    def query(self, expression: str) -> list[dict[str, Any]]:
        """The instant vector of an expression."""
        asked = urllib.request.quote(expression)  # type: ignore[attr-defined]
        return list(fetch(self.place, f"{self.url}/api/v1/query?query={asked}")["data"]["result"])

    def targets(self) -> list[dict[str, Any]]:
        """Active targets with health and last error."""
        return list(fetch(self.place, f"{self.url}/api/v1/targets?state=active")["data"]["activeTargets"])

    def alerts(self) -> list[dict[str, Any]]:
        """Pending and firing alerts."""
        return list(fetch(self.place, f"{self.url}/api/v1/alerts")["data"]["alerts"])


class Monitoring:
    """Prometheus and Alertmanager at each place; every Prometheus sends to every Alertmanager, and these are peers.

    Alertmanagers start first: an alert sent to one that does not listen comes again only after the resend delay.
    """

    def __init__(
        self, folder: Path, places: Sequence[Place] = (LOOPBACK, LOOPBACK), *,
        prometheus: Mapping[str, Any] | Sequence[Mapping[str, Any]], alertmanager: Mapping[str, Any] | str, tied: bool = True,
    ) -> None:  # fmt: skip
        each = [prometheus] * len(places) if isinstance(prometheus, Mapping) else list(prometheus)
        self.alertmanagers = [
            Alertmanager(folder / f"alertmanager-{n}", place, config=alertmanager, tied=tied) for n, place in enumerate(places, 1)
        ]
        for one in self.alertmanagers:
            one.peers = [other.cluster_address for other in self.alertmanagers if other is not one]
        listening = [one.address for one in self.alertmanagers]
        self.prometheis = [
            Prometheus(folder / f"prometheus-{n}", place, config=config, alertmanagers=listening, tied=tied)
            for n, (place, config) in enumerate(zip(places, each, strict=True), 1)
        ]

    @property
    def parts(self) -> list[Part]:
        """All parts in the order in which they start."""
        return [*self.alertmanagers, *self.prometheis]

    def start(self) -> Self:
        """Start them all, then wait for each."""
        try:
            for part in self.parts:
                part.begin()
            for part in self.parts:
                part.finish()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Stop them all."""
        for part in reversed(self.parts):
            part.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def unreachable(error: Exception) -> bool:
    """True when an error means that nobody answered."""
    return isinstance(error, (urllib.error.URLError, TimeoutError, ConnectionError))
