"""One small lab a test file, under a name of its own, taken down whatever happens."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.lab.labkit.testing import TestLab


@pytest.fixture(scope="module")
def lab() -> Iterator[TestLab]:
    """Four hosts and two routers, booted, in a fresh state; for tests of level full."""
    made = TestLab(f"t-{os.getpid()}")
    made.down()
    made.up("--hosts", "4")
    try:
        yield made
    finally:
        made.down()
