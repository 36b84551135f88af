"""A member's viewer learns nothing of another member, from any command that reads; the commands come from the tree (reliability.md T1, T2)."""

from __future__ import annotations

import hashlib
import os
import re
import shutil

import pytest

from samdrift.operations.load_inventory import load_inventory
from tests.contracts.folders import ROOT
from tests.security.commands import reads, samdrift, unknown

SAMPLE = bool(os.environ.get("SAMDRIFT_SAMPLE"))
FORMS = ("json",) if SAMPLE else ("json", "table", "csv", "md")
READS = reads()
READINGS = ROOT / "tests" / "acceptance" / "data" / "readings-2026-10.csv"
AT = "2026-11-24T12:00:00Z"


def token(member: str) -> str:
    """A word that stands nowhere else."""
    return "q" + hashlib.sha256(f"canary {member}".encode()).hexdigest()[:11]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A copy of the joint inventory in which everything that is one member's alone bears that member's token; and its state folder."""
    folder = tmp_path_factory.mktemp("apart")
    shutil.copytree(ROOT / "inventory", folder / "inventory")
    inventory = load_inventory(ROOT / "inventory")
    planted: dict[str, set[str]] = {member: set() for member in inventory.members}
    for noun in ("devices", "networks"):
        for thing in inventory.all(noun):
            owner = inventory.ownership(thing).sole
            if owner:
                planted[owner].add(thing.id)
    for contract in inventory.all("contracts"):
        if len(contract.members) == 1:
            planted[contract.members[0]].add(contract.id)
    names = {name: f"{name}-{token(member)}" for member, ids in planted.items() for name in ids}
    pattern = re.compile(
        r"(?<![\w.-])(" + "|".join(map(re.escape, sorted(names, key=len, reverse=True))) + r")(?![\w-])"
    )
    for path in (folder / "inventory").rglob("*.yml"):
        path.write_text(pattern.sub(lambda found: names[found[1]], path.read_text(encoding="utf-8")), encoding="utf-8")
    assert all(planted[member] for member in ("are", "krokom", "rtj")), planted
    samdrift("store", "migrate", "--store", str(folder / "state"), folder=folder)
    load_inventory(folder / "inventory")
    readings = pattern.sub(lambda found: names[found[1]], READINGS.read_text(encoding="utf-8"))
    (folder / "readings.csv").write_text(readings, encoding="utf-8")
    told = samdrift("usage", "import", "readings.csv", "--store", str(folder / "state"), folder=folder)
    assert told.returncode == 0, told.stderr
    return folder, sorted(planted), names


def call(world, words, viewer, *more, form="json"):
    folder, _, names = world
    arguments = [names.get(argument, argument) for argument in READS[words]]
    return samdrift(
        "--store", str(folder / "state"), "--as", viewer, "--at", AT, "--output", form, *more, *arguments, folder=folder
    )


def written(folder):
    """Every byte and name of the files that a command wrote, taken away."""
    found = b""
    for path in sorted((folder / "written").rglob("*")):
        found += str(path).encode() + (path.read_bytes() if path.is_file() else b"")
    shutil.rmtree(folder / "written", ignore_errors=True)
    return found


def viewers(world):
    return ["rtj"] if SAMPLE else world[1]


def test_every_command_is_known_to_this_test():
    assert not unknown(), f"say in tests/security/commands.py what these need, or that they act: {unknown()}"


@pytest.mark.parametrize("words", READS)
def test_no_viewer_reads_another_members_token(world, words):
    said = []
    for viewer in viewers(world):
        for form in FORMS:
            told = call(world, words, viewer, form=form)
            text = told.stdout + told.stderr + written(world[0])
            for asked in READS[words]:
                text = text.replace(world[2].get(asked, asked).encode(), b"(asked)")
            assert b"Traceback" not in text
            assert b"a fault of its own" not in text, f"{viewer}, {words}: {text.decode()[-300:]}"
            said += [
                f"{viewer} reads of {other} with {words} --output {form}"
                for other in world[1]
                if other != viewer and token(other).encode() in text
            ]
    assert not said, "\n".join(said)


@pytest.mark.parametrize("words", READS)
def test_another_member_looks_like_one_that_does_not_exist(world, words):
    for viewer, other in (
        (("rtj", "stromsund"),) if SAMPLE else (("are", "krokom"), ("rtj", "stromsund"), ("stromsund", "region-jh"))
    ):
        told, nobody = call(world, words, viewer, "--member", other), call(world, words, viewer, "--member", "xqzzzk")
        assert told.returncode == nobody.returncode, (
            f"{viewer} asks for {other}: exit {told.returncode}, for nobody: exit {nobody.returncode}"
        )
        for stream in ("stdout", "stderr"):
            found, wanted = getattr(told, stream), getattr(nobody, stream)
            assert found == wanted or found.replace(other.encode(), b"?") == wanted.replace(b"xqzzzk", b"?")
