"""A small place for network backups: an inventory of switches and routers on loopback, their secrets, and the calls of the tests."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from samdrift.model.network_backup import NetworkBackup
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.back_up_network import back_up_network
from samdrift.operations.load_inventory import load_inventory
from samdrift.store import open_store

MEMBERS = """members:
  - {id: region-jh, name: Region, kind: region, since: 2015-01-01, contacts: [{role: it-manager, name: IT-chef, email: it@region-jh.example, hours: always}]}
  - {id: are, name: Åre, kind: municipality, since: 2015-01-01, contacts: [{role: it-manager, name: IT-chef, email: it@are.example}]}
  - {id: berg, name: Berg, kind: municipality, since: 2015-01-01, contacts: [{role: it-manager, name: IT-chef, email: it@berg.example}]}
"""
SITES = """sites:
  - {id: hall-a, name: A, kind: hall, prefixes: [10.0.0.0/16, 127.0.0.0/8], partner: hall-b, racks: [{id: a1, units: 42}]}
  - {id: hall-b, name: B, kind: disaster-site, prefixes: [10.1.0.0/16], racks: [{id: b1, units: 42}]}
"""


@dataclass(frozen=True)
class NetworkPlace:
    """A folder with inventory, secrets and store."""

    folder: Path

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def write(self, devices: Mapping[str, Mapping[str, Any]], *, password: str = "lab-only") -> None:
        """The inventory with these devices: id → what differs from a switch of Åre's at port `ssh_port`."""
        inventory = self.folder / "inventory"
        (inventory / "devices").mkdir(parents=True, exist_ok=True)
        (inventory / "samdrift.yml").write_text("plugin: samdrift\nversion: 1\nhost_organisation: region-jh\ndefaults: {management: ipv4}\n")
        (inventory / "members.yml").write_text(MEMBERS)
        (inventory / "sites.yml").write_text(SITES)
        (inventory / "operators.yml").write_text("operators:\n  - {id: joint, name: Drift, contacts: [{role: it-manager, name: Drift, email: drift@joint.example}]}\n")
        usual = {"kind": "switch", "state": "active", "site": "hall-a", "rack": "a1", "platform": "cisco-ios", "credentials": "file:login", "enable": "file:enable"}
        rows = [
            {"id": name, "name": f"{name}.drift.example", "unit": number, "addresses": {"management": {"ipv4": f"127.0.0.{number}"}}, **usual, **more}
            for number, (name, more) in enumerate(devices.items(), 1)
        ]
        rows = [{key: value for key, value in row.items() if value is not None} for row in rows]
        rows = [{"owner": "are", **row} if "shared_by" not in row else row for row in rows]
        (inventory / "devices" / "all.yml").write_text(yaml.safe_dump({"devices": rows}))
        (self.folder / "secrets").mkdir(exist_ok=True)
        for name, text in (("login", f"backup\n{password}\n"), ("enable", "lab-enable\n")):
            path = self.folder / "secrets" / name
            path.touch(0o600)
            path.write_text(text)

    def environment(self) -> dict[str, str]:
        return {"SAMDRIFT_SECRETS": str(self.folder / "secrets"), "SAMDRIFT_INVENTORY": str(self.folder / "inventory"), "SAMDRIFT_STORE": str(self.state), "SAMDRIFT_LANG": "en"}

    def back_up(self, **chosen: Any) -> dict[str, NetworkBackup]:
        """One run over the chosen devices in this process."""
        inventory = load_inventory(self.folder / "inventory")
        with _environment(self.environment()), open_store(self.state, create=True) as store:
            return {row.device: row for row in back_up_network(inventory, store, viewer=OPERATIONS, **chosen)}


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
