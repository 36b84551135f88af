"""View for Ansible: the one entry of the inventory plugin (I12-I16)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from samdrift.inventory.groups import HostView, hosts
from samdrift.operations.load_inventory import load_inventory


def view_for_ansible(path: Path | str, *, member: str | None = None) -> Iterator[HostView]:
    """Hosts with their variables and groups; InvalidInventory tells every problem."""
    return hosts(load_inventory(path, member=member))
