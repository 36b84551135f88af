"""Export the inventory for ssh and for Ansible engines without the package (I17)."""

from __future__ import annotations

from pathlib import Path

from samdrift.adapters.files import make_folder, write_whole
from samdrift.inventory.exporting import known_hosts, static_ansible
from samdrift.model.inventory import Inventory


def export_known_hosts(inventory: Inventory) -> str:
    """The text of a known_hosts file."""
    return known_hosts(inventory)


def export_ansible(inventory: Inventory, folder: Path) -> Path:
    """Write `hosts.yml` into the folder, whole or not at all; gives its path."""
    path = make_folder(folder, mode=0o755) / "hosts.yml"
    write_whole(path, static_ansible(inventory).encode())
    return path
