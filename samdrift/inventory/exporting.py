"""Exporting: the inventory in forms that other programs read; the same bytes for the same inventory (I17)."""

from __future__ import annotations

from typing import Any

import yaml

from samdrift.inventory.groups import hosts
from samdrift.model.inventory import Inventory


def known_hosts(inventory: Inventory) -> str:
    """Each living device as a line of OpenSSH: id, DNS name and every address of each living device, then its key."""
    lines = []
    for _, device in sorted(inventory.devices.items()):
        if not device.living:
            continue
        addresses = [
            str(found)
            for _, one in sorted(device.addresses.items())
            for found in (one.ipv4, one.ipv6)
            if found is not None
        ]
        names = ",".join(dict.fromkeys([device.id, device.name, *addresses]))
        lines += [f"{names} {' '.join(key.split()[:2])}" for key in device.host_keys]
    return "".join(f"{line}\n" for line in lines)


def static_ansible(inventory: Inventory) -> str:
    """A YAML inventory for Ansible's own plugin, with the groups and variables that ours gives."""
    all_hosts: dict[str, Any] = {}
    groups: dict[str, dict[str, Any]] = {}
    for host in hosts(inventory):
        all_hosts[host.id] = dict(host.variables)
        for group in host.groups:
            groups.setdefault(group, {"hosts": {}})["hosts"][host.id] = {}
    document = {"all": {"hosts": all_hosts, "children": {name: groups[name] for name in sorted(groups)}}}
    head = "# Written by `samdrift inventory export --ansible`; the inventory is the source, changes here are lost.\n"
    return head + yaml.safe_dump(document, allow_unicode=True, sort_keys=True, width=200)
