"""What a started part hands to whoever works with the lab: certificates, logins, hints, put where its inventory looks."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.lab.labkit.lab import Lab
from tests.lab.labkit.part import Part, write
from tests.lab.parts.backup import BackupTarget
from tests.lab.parts.dns import Dns


def after_start(lab: Lab, part: Part) -> None:
    """Files for the inventory and the secrets folder (SAMDRIFT_SECRETS) of the lab."""
    if isinstance(part, BackupTarget) and part.place.namespace == lab.topology.operations_host().id:
        shutil.copy(part.ca, _files(lab) / "backup-ca.pem")
        for user, password in part.users.items():
            write(lab.secrets / user / "backup", password, 0o600)
        write(lab.secrets / "disaster" / "pull", f"pull:{part.readers['pull']}", 0o600)
    if isinstance(part, Dns):
        shutil.copy(part.hints, _files(lab) / "inside.hints")


def _files(lab: Lab) -> Path:
    return lab.folder / "inventory" / "files"
