"""How-to pages are true: their snippets are applied and their commands run, and what they print is what happens.

A fenced `yaml` block whose first line is `# add to FILE`, `# new FILE` or `# replace in FILE: OLD -> NEW` changes a copy of the inventory;
a `console` block holds commands after `$ ` and, below each, all that it prints, and `exit N` where that is not 0.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ("add-a-member-a-device-a-service", "check-what-members-publish", "close-a-month", "follow-an-alert", "send-the-invoices")
BLOCK = re.compile(r"^```(yaml|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
AT = "2026-11-24T12:00:00Z"


def change(block, root):
    first, _, rest = block.partition("\n")
    if found := re.fullmatch(r"# (add to|new) (inventory/\S+)", first):
        path = root / found[2]
        before = path.read_text() if found[1] == "add to" else ""
        path.write_text(before + rest)
    elif found := re.fullmatch(r"# replace in (inventory/\S+): (.+) -> (.+)", first):
        path = root / found[1]
        assert found[2] in path.read_text(), f"{found[1]} has no {found[2]!r}"
        path.write_text(path.read_text().replace(found[2], found[3]))
    else:
        raise AssertionError(f"a block begins with neither file nor change: {first}")


def run(command, root):
    program, *arguments = command.split()
    assert program == "samdrift", command
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "SAMDRIFT_LANG": "sv", "SAMDRIFT_STORE": str(root / "no-store")}
    ended = subprocess.run(
        [sys.executable, "-m", "samdrift.cli", "--at", AT, *arguments], cwd=root, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    code = f"exit {ended.returncode}\n" if ended.returncode else ""
    return ended.stdout.replace("\t", "  ") + ended.stderr + code


def written(block, root):
    """The console block as it must be."""
    return "".join(f"$ {line[2:]}\n{run(line[2:], root)}" for line in block.splitlines() if line.startswith("$ "))


@pytest.mark.parametrize("page", PAGES)
def test_the_page_prints_what_its_commands_print(page, tmp_path):
    shutil.copytree(ROOT / "inventory", tmp_path / "inventory")
    shutil.copy(ROOT / "tests" / "acceptance" / "data" / "readings-2026-10.csv", tmp_path / "readings.csv")
    path = ROOT / "docs" / "howto" / f"{page}.md"
    text = path.read_text()
    made = []
    for kind, block in BLOCK.findall(text):
        if kind == "yaml":
            change(block, tmp_path)
        else:
            made.append((block, written(block, tmp_path)))

    if os.environ.get("SAMDRIFT_WRITE_GOLDEN"):
        for old, new in made:
            text = text.replace(f"```console\n{old}```", f"```console\n{new}```", 1)
        path.write_text(text)
    assert [old for old, _ in made] == [new for _, new in made]
