# Thin shim: hosts of the members named, from samdrift/plays/guard.py. It lies beside the playbooks so that it is found without ansible.cfg.
from __future__ import annotations

import sys
from pathlib import Path

from ansible.errors import AnsibleFilterError


def samdrift_hosts(members):
    """Host pattern of the owner sets that lie wholly within the members named."""
    root = str(Path(__file__).resolve().parents[2])
    if root not in sys.path:
        sys.path.append(root)
    try:
        from samdrift.plays.guard import host_pattern
    except ImportError as error:
        raise AnsibleFilterError(f"{sys.executable} cannot import samdrift ({error})") from None
    try:
        return host_pattern(str(members))
    except ValueError as error:
        raise AnsibleFilterError(str(error)) from None


class FilterModule:
    def filters(self):
        return {"samdrift_hosts": samdrift_hosts}
