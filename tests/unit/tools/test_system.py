"""apt-packages.txt is read as it is written, and nothing is installed unasked."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

from tests.contracts.folders import ROOT

SCRIPT = ROOT / "tools" / "system.py"


def system():
    spec = importlib.util.spec_from_file_location("system_script", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_comments_and_empty_lines_are_no_packages():
    text = "# head\n[base]\ngit  # reason\n\nmake\n[lab-full]\nknot\n"
    assert system().groups(text) == {"base": ["git", "make"], "lab-full": ["knot"]}


def test_the_list_has_the_groups_that_make_asks_for():
    groups = system().groups((ROOT / "apt-packages.txt").read_text(encoding="utf-8"))
    assert {"base", "lab-full", "test", "bench"} <= set(groups)


def test_no_package_stands_twice():
    groups = system().groups((ROOT / "apt-packages.txt").read_text(encoding="utf-8"))
    names = [name for group in groups.values() for name in group]
    assert sorted(set(names)) == sorted(names)


def test_an_unknown_group_is_refused_and_the_known_ones_named():
    told = subprocess.run([sys.executable, str(SCRIPT), "lab-ful"], capture_output=True, text=True, check=False)
    assert told.returncode == 2
    assert "lab-full" in told.stderr
    assert "Traceback" not in told.stderr
