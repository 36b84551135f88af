"""The parts of a whole lab: which class, in which network, with which settings; all under the roof."""

from __future__ import annotations

import ipaddress
import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.lab.labkit import network
from tests.lab.labkit.part import Part
from tests.lab.labkit.place import Place
from tests.lab.labkit.settings import LabError
from tests.lab.parts.backup import BackupTarget
from tests.lab.parts.devices import Device, Devices
from tests.lab.parts.dns import Dns, NameServer, Zone
from tests.lab.parts.monitoring import ALERTMANAGER_PORT, CLUSTER_PORT, Alertmanager, Prometheus
from tests.lab.parts.receiver import Receiver
from tests.lab.parts.ups import Ups
from tests.lab.parts.web import Endpoint, Web

if TYPE_CHECKING:
    from tests.lab.labkit.lab import Lab

SWITCH, SWITCH_PART = "sw-a1-1", "switch"
TARGET_SIZE = "256m"
USERS = ("are", "berg", "bracke", "harjedalen", "jgy", "krokom", "ostersund", "ragunda", "region-jh", "rtj", "stromsund", "shared-samdrift-store")


def receiver(lab: Lab, folder: Path) -> Part:
    """In the world, usual ports."""
    w = lab.topology.world
    return Receiver(folder, Place(network.WORLD, w.receiver4, w.receiver6), tied=False)


def dns(lab: Lab, folder: Path) -> Part:
    """Root and registry of `example` in the world; the joint name servers at Jamtnet's nodes; the hidden primary in its hall."""
    stands, told = lab.topology, _names(lab)
    w, world = stands.world, network.place_of_world()
    root = NameServer("a.root.lab.example.", w.root4, w.root6, world)
    registry = NameServer("a.ns.example.", w.registry4, w.registry6, world)
    servers = {s["name"]: _server(stands, s) for s in told["servers"]}
    public = tuple(servers[s["name"]] for s in told["servers"] if not s["hidden"])
    hidden = tuple(servers[s["name"]] for s in told["servers"] if s["hidden"])
    zones = [Zone(z["name"], public, z["records"], hidden=hidden) for z in told["zones"]]
    return Dns(folder, world, zones=[Zone(".", (root,)), Zone("example.", (registry,)), *zones], tied=False)


def web(lab: Lab, folder: Path) -> Part:
    """Every declared endpoint: on its host when it stands in the lab, else on an address of its site's router."""
    stands = lab.topology
    in_lab = {h.id: network.place_of(h) for h in stands.hosts}
    found = []
    for e in _names(lab)["endpoints"]:
        place = in_lab.get(e["device"]) or place_for(stands, e["addresses"][0])
        found.append(Endpoint(e["host"], tuple(e["addresses"]), e["port"], e["protocol"], place))
    return Web(folder, network.place_of_world(), endpoints=found, tied=False)


def ups(name: str, address: tuple[str, str]) -> Callable[[Lab, Path], Part]:
    """A simulated UPS at its device's address, served in its site's router."""

    def make_it(lab: Lab, folder: Path) -> Part:
        place = Place(lab.topology.sites[0].router, *address)
        return Ups(folder, place, names=[name], tied=False)

    return make_it


def backup(site: str) -> Callable[[Lab, Path], Part]:
    """The append-only target on a site's operations host; passwords lie in its folder, made once."""

    def make_it(lab: Lab, folder: Path) -> Part:
        host = lab.topology.operations_host(site)
        kept = folder / "secrets.json"
        if not kept.exists():
            folder.mkdir(parents=True, exist_ok=True)
            kept.touch(mode=0o600)
            kept.write_text(json.dumps({user: f"{user}-lab-only" for user in (*USERS, "pull")}))
        told = json.loads(kept.read_text())
        data = Path("/run/lab/targets") / site
        if not data.exists():
            data.mkdir(parents=True)
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={TARGET_SIZE},mode=700", f"target-{site}", str(data)], check=True, timeout=20)
        users, readers = {u: told[u] for u in USERS}, {"pull": told["pull"]}
        return BackupTarget(folder, network.place_of(host), users=users, readers=readers, data=data / "data", tied=False)

    return make_it


def prometheus(number: int) -> Callable[[Lab, Path], Part]:
    """On a site's operations host; parts/prometheus.yml or .json of the lab's folder is its configuration, else it watches itself."""

    def make_it(lab: Lab, folder: Path) -> Part:
        usual = {"global": {"scrape_interval": "5s"}, "scrape_configs": [{"job_name": "self", "static_configs": [{"targets": ["localhost:9090"]}]}]}
        listening = [f"{h.ipv4}:{ALERTMANAGER_PORT}" for h in _controllers(lab)]
        return Prometheus(folder, network.place_of(_controllers(lab)[number - 1]), config=_config(folder, "prometheus", number, usual), alertmanagers=listening, tied=False)

    return make_it


def alertmanager(number: int) -> Callable[[Lab, Path], Part]:
    """On a site's operations host; parts/alertmanager.yml or .json is its configuration, else all goes to the lab's receiver."""

    def make_it(lab: Lab, folder: Path) -> Part:
        hook = {"name": "lab", "webhook_configs": [{"url": f"http://{lab.topology.world.receiver4}:8080/alerts"}]}
        usual = {"route": {"receiver": "lab", "group_wait": "1s"}, "receivers": [hook]}
        hosts = _controllers(lab)
        peers = [f"{h.ipv4}:{CLUSTER_PORT}" for n, h in enumerate(hosts, 1) if n != number]
        return Alertmanager(folder, network.place_of(hosts[number - 1]), config=_config(folder, "alertmanager", number, usual), peers=peers, tied=False)

    return make_it


def switch(lab: Lab, folder: Path) -> Part:
    """The simulated switch at its device's address, port 22, served in its site's router."""
    place = Place(lab.topology.sites[0].router, "10.20.1.4", "2001:db8:20:1::4")
    lines = tuple(f"interface GigabitEthernet1/0/{n}\n description port {n}\n switchport mode access".split("\n") for n in range(1, 25))
    told = Device(SWITCH, SWITCH, lines=tuple(line for block in lines for line in block))
    return Devices(folder, place, devices=[told], first_port=22, tied=False)


PARTS: Mapping[str, Callable[[Lab, Path], Part]] = {
    "alertmanager-1": alertmanager(1),
    "alertmanager-2": alertmanager(2),
    "backup": backup("hall-ostersund"),
    "backup-are": backup("hall-are"),
    "dns": dns,
    "prometheus-1": prometheus(1),
    "prometheus-2": prometheus(2),
    "receiver": receiver,
    "switch": switch,
    "ups-a": ups("ups-a", ("10.20.2.11", "2001:db8:20:2::11")),
    "ups-b": ups("ups-b", ("10.20.2.12", "2001:db8:20:2::12")),
    "web": web,
}


def make(lab: Lab, name: str) -> Part:
    """A part by name; LabError names those there are."""
    if name not in PARTS:
        raise LabError(f"no part {name}: {', '.join(PARTS)}")
    part = PARTS[name](lab, lab.folder / "parts" / name)
    part.cgroups = lab.groups
    return part


def started(lab: Lab) -> list[str]:
    """Names of the parts that run."""
    return [n for n in PARTS if (lab.folder / "parts" / n).exists() and any(p.pid for p in make(lab, n).processes.values())]


def _controllers(lab: Lab) -> list[Any]:
    return [lab.topology.operations_host(site.id) for site in lab.topology.sites]


def _config(folder: Path, name: str, number: int, usual: Mapping[str, Any]) -> Mapping[str, Any] | str:
    """What a walk wrote, for this one (NAME-NUMBER) before both (NAME): a text (.yml) or a mapping (.json); else the usual one."""
    for stem in (f"{name}-{number}", name):
        text, mapping = (folder.parent / f"{stem}.{ending}" for ending in ("yml", "json"))
        if text.exists():
            return text.read_text()
        if mapping.exists():
            return dict(json.loads(mapping.read_text()))
    return usual


def _names(lab: Lab) -> dict[str, Any]:
    return dict(json.loads((lab.folder / "names.json").read_text()))


def _server(stands: Any, told: Mapping[str, Any]) -> NameServer:
    four = next((a for a in told["addresses"] if ":" not in a), None)
    six = next((a for a in told["addresses"] if ":" in a), None)
    return NameServer(told["name"], four, six, place_for(stands, str(four or six)))


def place_for(stands: Any, address: str) -> Place:
    """The router of the site in whose prefix an address lies, else the world."""
    wanted = ipaddress.ip_address(address)
    for site in stands.sites:
        if any(wanted in ipaddress.ip_network(p) for p in site.prefixes):
            return network.place_of_router(site)
    return network.place_of_world()
