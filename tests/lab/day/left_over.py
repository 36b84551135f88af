"""Labs that a killed run left: taken down before the next one, and told."""

from __future__ import annotations

from pathlib import Path

from tests.lab.labkit.lab import all_names
from tests.lab.labkit.testing import TestLab

KEPT = "kept-on-purpose"
"""The file in a lab's folder that says that KEEP=1 left it."""


def left_over() -> list[TestLab]:
    """Labs of runs whose process is gone, but for those that were kept on purpose."""
    labs = [TestLab(name) for name in all_names() if name.startswith("run-") and name[4:].isdigit()]
    return [lab for lab in labs if not Path("/proc", lab.name[4:]).exists() and not (lab.directory / KEPT).exists()]


def take_down_left_over() -> list[str]:
    """Names of the labs that were taken down."""
    found = left_over()
    for lab in found:
        lab.down()
    return [lab.name for lab in found]
