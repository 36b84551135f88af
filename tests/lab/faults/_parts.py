"""Parts of the lab as the faults need them."""

from __future__ import annotations

from tests.lab.labkit.lab import Lab
from tests.lab.labkit.part import Part
from tests.lab.labkit.settings import LabError
from tests.lab.parts.backup import BackupTarget
from tests.lab.parts.dns import Dns
from tests.lab.parts.ups import Ups


def dns(lab: Lab) -> Dns:
    """The running tree of name servers."""
    part = _running(lab, "dns")
    assert isinstance(part, Dns)
    return part


def ups(lab: Lab, name: str) -> Ups:
    """A running UPS simulator."""
    part = _running(lab, name)
    assert isinstance(part, Ups)
    return part


def target(lab: Lab, name: str) -> BackupTarget:
    """A running backup target."""
    part = _running(lab, name)
    assert isinstance(part, BackupTarget)
    return part


def _running(lab: Lab, name: str) -> Part:
    part = lab.part(name)
    if not all(p.pid for p in part.processes.values()):
        raise LabError(f"part {name} does not run: tests/lab/lab part {name} start")
    return part
