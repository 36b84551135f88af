"""Derives the lab's inventory and topology from an inventory: derive.py INVENTORY TARGET COUNT (hosts).

TARGET/inventory is a copy in which the lab's hosts are managed over IPv4 (odd ones) and IPv6 (even ones), and all
other hosts are planned; groups with too few left to lose one are no groups; the first site's UPSs answer by NUT; the
hall's backup target is the append-only endpoint on its operations host. TARGET/topology.json says what stands,
TARGET/names.json what is served by which name.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.lab.labkit.topology import Host, Site, Topology

HOSTS = (
    "hall-ops", "are-ops", "ost-lib-1", "are-srv-1", "kro-webb-1", "ost-lib-2",
    "ost-asynja-1", "heroma-dr-1", "heroma-db-1", "tel-2", "tel-1", "are-backup-1",
)  # fmt: skip
ROUTERS = {"hall-ostersund": "rt-ost-1", "hall-are": "rt-are-1"}
SWITCH = "sw-a1-1"
FIRST_AS = 64_520
DKIM = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
"""The key of RFC 8463's own example."""
BY_SSH = {"host", "virtual", "hypervisor", "switch", "router", "firewall"}
HOST_KINDS = {"host", "virtual", "hypervisor"}
Device = dict[str, Any]


def main(source: Path, target: Path, count: int) -> None:
    """Write both."""
    files = {path: yaml.safe_load(path.read_text()) for path in sorted((source / "devices").rglob("*.yml"))}
    devices = {device["id"]: device for document in files.values() for device in document["devices"]}
    chosen = HOSTS[:count]
    missing = [name for name in (*chosen, *ROUTERS.values()) if name not in devices]
    if missing:
        raise SystemExit(f"derive: {source} has no device {', '.join(missing)}")
    sites = [site for path in sorted((source / "sites").rglob("*.yml")) for site in yaml.safe_load(path.read_text())["sites"]]
    networks = yaml.safe_load((source / "networks.yml").read_text())["networks"]
    for number, name in enumerate(chosen, 1):
        devices[name]["management"] = "ipv4" if number % 2 else "ipv6"
    topology = Topology(
        tuple(_site(next(s for s in sites if s["id"] == name), networks, devices[router], n) for n, (name, router) in enumerate(ROUTERS.items())),
        tuple(_host(devices[name]) for name in chosen),
    )
    copy = target / "inventory"
    shutil.copytree(source, copy)
    for device in devices.values():
        _for_lab(device, chosen)
    _redundancy(copy / "redundancy.yml", devices)
    for path, document in files.items():
        head = "# Derived for the lab: hosts that do not stand in it are not reached by ssh.\n"
        (copy / path.relative_to(source)).write_text(head + yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=200))
    _backup_targets(copy / "backup-targets.yml", devices[HOSTS[0]]["addresses"]["management"]["ipv4"])
    _views(copy / "views.yml")
    topology.write(target / "topology.json")
    (target / "names.json").write_text(json.dumps(_names(source, devices), indent=1, ensure_ascii=False))


def _names(source: Path, devices: Mapping[str, Device]) -> dict[str, Any]:
    """Zones with their delegated and hidden servers and records, and the endpoints that services declare."""
    zones = yaml.safe_load((source / "zones.yml").read_text())["zones"]
    inside = {s["name"]: s for zone in zones for servers in zone.get("servers", {}).values() for s in servers}
    services = [s for path in sorted((source / "services").rglob("*.yml")) for s in yaml.safe_load(path.read_text())["services"]]
    endpoints = [
        {"host": e["host"], "protocol": e["protocol"], "port": e["port"], "device": d["id"], "addresses": list(d["addresses"]["server"].values())}
        for service in services for e in service.get("endpoints", ()) if e["protocol"] in ("https", "smtp") and e.get("host")
        for d in [devices[name] for name in service.get("devices", ())[:1]] if "server" in d.get("addresses", {})
    ]  # fmt: skip
    for zone in zones:
        bare = {f"www.{zone['name']}", zone["name"]} & set(zone.get("policy", {}).get("web", ()))
        served = [e for e in endpoints if e["host"] == f"www.{zone['name']}"]
        endpoints += [{**e, "host": name} for name in sorted(bare) for e in served if name != e["host"]]
    web = {name for zone in zones for name in zone.get("policy", {}).get("web", ())}
    endpoints += [{**e, "protocol": "http", "port": 80} for e in endpoints if e["host"] in web and e["port"] == 443]
    servers = [
        {"name": f"{name}.", "addresses": s["addresses"], "hidden": s["role"] == "primary", "site": s.get("site")} for name, s in inside.items()
    ]
    return {
        "zones": [{"name": f"{z['name']}.", "records": _records(z, endpoints)} for z in zones], "servers": servers, "endpoints": endpoints,
    }  # fmt: skip


def _records(zone: Mapping[str, Any], endpoints: Sequence[Mapping[str, Any]]) -> str:
    """Addresses of the zone's endpoints, and what mail and web need to be well; a zone that takes mail and has no server of its own uses the first there is."""
    name = zone["name"]
    lines = []
    for endpoint in endpoints:
        if endpoint["host"] == name or endpoint["host"].endswith(f".{name}"):
            lines += [f"{endpoint['host']}. IN {'AAAA' if ':' in a else 'A'} {a}" for a in endpoint["addresses"]]
    mailers = [e["host"] for e in endpoints if e["protocol"] == "smtp"]
    own = [host for host in mailers if host.endswith(f".{name}")]
    takes = own or (mailers[:1] if zone.get("policy", {}).get("mail") else [])
    lines += [f"{name}. IN MX 10 {host}." for host in takes] or [f"{name}. IN MX 0 ."]
    lines += [f'{name}. IN TXT "v=spf1 {"mx " if takes else ""}-all"', f'_dmarc.{name}. IN TXT "v=DMARC1; p=reject"', f'{name}. IN CAA 0 issue "ca.example"']
    lines += [f'lab._domainkey.{name}. IN TXT "{DKIM}"'] if takes else []
    return "\n".join(dict.fromkeys(lines))


def _for_lab(device: Device, chosen: Sequence[str]) -> None:
    if device["kind"] in BY_SSH and device["id"] not in (*chosen, *ROUTERS.values(), SWITCH):
        device["ssh"] = False
        if device["kind"] in HOST_KINDS:
            device["state"] = "planned"
    for name in ("credentials", "enable"):
        if device["kind"] in ("switch", "router") and str(device.get(name)).startswith("vault:"):
            device[name] = str(device[name]).replace("vault:", "file:", 1)
    if device["kind"] == "ups" and device.get("site") == "hall-ostersund":
        device["observe"] = {"by": "nut", "ups": device["id"]}


def _redundancy(path: Path, devices: Mapping[str, Device]) -> None:
    """Keep the groups that still can lose a device."""
    document = yaml.safe_load(path.read_text())
    living = [d.get("redundancy_group") for d in devices.values() if d["state"] == "active"]
    document["redundancy"] = [g for g in document["redundancy"] if living.count(g["id"]) > g["needs"]]
    kept = {g["id"] for g in document["redundancy"]}
    for device in devices.values():
        if device.get("redundancy_group") not in kept:
            device.pop("redundancy_group", None)
    path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=200))


def _backup_targets(path: Path, address: str) -> None:
    """The primary target becomes the endpoint of part `backup`; the others stay as they are."""
    document = yaml.safe_load(path.read_text())
    for target in document["backup-targets"]:
        if target["role"] == "primary":
            target.pop("path", None)
            ends = {"url": f"https://{address}:8000", "pull_url": f"https://{address}:8001"}
            target.update({"kind": "rest", **ends, "ca": "file:backup-ca.pem"})
    path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=200))


def _views(path: Path) -> None:
    """What counts as public in the lab is said of the public view: the joint network's prefixes and the world's (common.md 9)."""
    document = yaml.safe_load(path.read_text())
    inside = next(view for view in document["views"] if view["id"] == "inside")
    prefixes = [*inside["stands_for_public"], "198.51.100.0/24", "2001:db8:f0::/48"]
    document["views"].append({"id": "public", "hints": inside["hints"], "stands_for_public": prefixes})
    path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=200))


def _host(device: Device) -> Host:
    addresses = device["addresses"]
    managed = addresses["management"]
    others = [value for name, pair in addresses.items() if name != "management" for value in pair.values()]
    role = "operations" if "controller" in device.get("roles", ()) else "application"
    owners = device.get("shared_by") or [device["owner"]]
    return Host(device["id"], device["site"], role, tuple(owners), managed["ipv4"], managed["ipv6"], tuple(others), device["management"])


def _site(site: Mapping[str, Any], networks: Sequence[Mapping[str, Any]], router: Device, number: int) -> Site:
    own = [n for n in networks if n["site"] == site["id"] and n.get("gateway")]
    gateways = {n["id"]: f"{n['gateway']}/{str(n['prefix']).rsplit('/', 1)[1]}" for n in own}
    transit = [n["id"] for n in own if n["purpose"] == "transit"]
    out = router["addresses"]["transit"]
    lengths = {"ipv4": 24, "ipv6": 64}
    return Site(
        site["id"], tuple(site["prefixes"]), tuple(g for name, g in gateways.items() if name not in transit), router["id"],
        tuple(f"{a}/{lengths[family]}" for family, a in router["addresses"]["management"].items()), FIRST_AS + number,
        tuple(f"{a}/{lengths[family]}" for family, a in out.items()), tuple(gateways[name] for name in transit),
    )  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
