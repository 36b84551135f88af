# Thin shim: all that it knows stands in samdrift/operations/view_for_ansible.py.
from __future__ import annotations

import os
import sys
from pathlib import Path

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin

DOCUMENTATION = r"""
name: samdrift
short_description: Hosts and groups of samdrift's inventory
description:
  - Reads the whole folder around C(samdrift.yml), and stops with every problem of it when it is not valid.
  - With the environment variable SAMDRIFT_MEMBER set, only files named after that member and those named after no member are parsed.
options:
  plugin:
    description: The plugin's name.
    required: true
    choices: [samdrift]
"""


def load_package():
    """The package, from beside this checkout when it is not installed; one line names the Python that cannot have it."""
    root = str(Path(__file__).resolve().parents[3])
    if root not in sys.path:
        sys.path.append(root)
    try:
        from samdrift.model.errors import SamdriftError
        from samdrift.operations.view_for_ansible import view_for_ansible
    except ImportError as error:
        advice = "run Ansible from samdrift's own environment, or install samdrift into this Python"
        raise AnsibleParserError(f"{sys.executable} cannot import samdrift ({error}): {advice}") from None
    return view_for_ansible, SamdriftError


class InventoryModule(BaseInventoryPlugin):
    NAME = "samdrift"
    trusted_by_default = (
        True  # from 2.19 on: the texts are the inventory's own, and its loader refuses templates in any of them
    )

    def verify_file(self, path):
        return super().verify_file(path) and Path(path).name == "samdrift.yml"

    def parse(self, inventory, loader, path, cache=True):
        super().parse(inventory, loader, path, cache)
        view_for_ansible, expected = load_package()
        folder = Path(path).parent
        shown = folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder
        try:
            for host in view_for_ansible(shown, member=os.environ.get("SAMDRIFT_MEMBER") or None):
                inventory.add_host(host.id)
                for name, value in host.variables.items():
                    inventory.set_variable(host.id, name, value)
                for group in host.groups:
                    if group not in inventory.groups:
                        inventory.add_group(group)
                    inventory.add_child(group, host.id)
        except expected as error:
            raise AnsibleParserError("\n".join(error.lines())) from None
