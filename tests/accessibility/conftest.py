"""One browser for all pages of a run."""

from __future__ import annotations

import pytest

from tests.accessibility.browser import Browser


@pytest.fixture(scope="session")
def browser(chromium):
    with Browser(chromium) as found:
        yield found


@pytest.fixture(scope="session")
def chromium():
    import shutil

    path = shutil.which("chromium")
    if path is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    return path
