"""A member's viewer learns nothing of another member, from any command that reads; the commands come from the tree (reliability.md T1, T2)."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil

import pytest

from samdrift.operations import load_inventory as loading
from samdrift.operations.load_inventory import load_inventory
from tests.contracts.folders import ROOT
from tests.security.commands import reads, samdrift, unknown
from tests.security.rows import fill

SAMPLE = bool(os.environ.get("SAMDRIFT_SAMPLE"))
FORMS = ("json",) if SAMPLE else ("json", "table", "csv", "md")
SLOW = {"report member", "cost verify", "cost preview", "usage show"}
"""Commands that compute a whole month: each viewer asks them for JSON and one other form in turn, every form is asked by several."""
READS = reads()
READINGS = ROOT / "tests" / "acceptance" / "data" / "readings-2026-10.csv"
AT = "2026-11-24T12:00:00Z"
OWN = {
    "alert show": ("alert", "L-0000"), "check evidence": ("evidence", "ev-00000000000000000000"), "backup proof": ("proof", "K-000000"),
    "backup anomalies list": ("backup", "xqzzzk"), "backup hold list": ("backup", "xqzzzk"), "backup snapshots show": ("backup", "xqzzzk"), "backup status": ("backup", "xqzzzk"),
}  # fmt: skip
"""Commands that take the id of something that one member has, and such an id that nothing has."""
CLOSED = {"check rejudge": ("run", "K-000000"), "network diff": ("network", "xqzzzk")}
"""The same, but of runs that are not checks and devices that are shared: no member reads them."""


def token(member: str) -> str:
    """A word that stands nowhere else."""
    return "q" + hashlib.sha256(f"canary {member}".encode()).hexdigest()[:11]


@pytest.fixture(scope="module", autouse=True)
def loaded_once():
    """The same files judged at the same instant give the same inventory: judge them once, and read them each time."""
    judged, real = {}, loading.load

    def load(files, **rest):
        key = (
            hashlib.sha256(repr(sorted(files.items())).encode()).digest(),
            repr(sorted((k, v) for k, v in rest.items() if k != "known")),
        )
        if key not in judged:
            judged[key] = real(files, **rest)
        return judged[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "load", load)
        yield


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
    return folder, sorted(planted), names, fill(folder, {member: token(member) for member in planted})


def secrets(world, member):
    """What no other member's viewer may read: the member's token and the ids of its rows."""
    return {token(member), *(world[3][member].private if member in world[3] else ())}


def call(world, words, viewer, *more, form="json"):
    folder, _, names, _ = world
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
    for place, viewer in enumerate(viewers(world)):
        for form in FORMS if SAMPLE or words not in SLOW else ("json", FORMS[1 + place % 3]):
            told = call(world, words, viewer, form=form)
            text = told.stdout + told.stderr + written(world[0])
            for asked in READS[words]:
                text = text.replace(world[2].get(asked, asked).encode(), b"(asked)")
            assert b"Traceback" not in text
            assert b"a fault of its own" not in text, f"{viewer}, {words}: {text.decode()[-300:]}"
            said += [
                f"{viewer} reads of {other} with {words} --output {form}"
                for other in world[1]
                if other != viewer and any(one.encode() in text for one in secrets(world, other))
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


def ask(world, words, viewer, said, form="json"):
    folder = world[0]
    return samdrift(
        "--store",
        str(folder / "state"),
        "--as",
        viewer,
        "--at",
        AT,
        "--output",
        form,
        *words.split(),
        said,
        folder=folder,
    )


@pytest.mark.parametrize("words", OWN)
@pytest.mark.parametrize("viewer", ["krokom", "rtj"])
def test_a_viewer_reads_the_rows_of_its_own(world, words, viewer):
    field, _ = OWN[words]
    for form in FORMS:
        told = ask(world, words, viewer, getattr(world[3][viewer], field), form)
        assert told.returncode in {0, 1, 3}, told.stderr
        assert told.stdout, f"{words} shows {viewer} nothing of its own"
    shown = ask(world, words, viewer, getattr(world[3][viewer], field)).stdout
    assert any(one.encode() in shown for one in (*secrets(world, viewer), world[3][viewer].backup))


@pytest.mark.parametrize("words", OWN | CLOSED)
@pytest.mark.parametrize(
    ("viewer", "other"), [("krokom", "rtj"), ("rtj", "krokom"), ("are", "krokom"), ("region-jh", "rtj")]
)
def test_the_id_of_another_members_row_is_refused_as_one_that_does_not_exist(world, words, viewer, other):
    field, missing = (OWN | CLOSED)[words]
    asked = getattr(world[3][other], field)
    for form in FORMS:
        told, nothing = ask(world, words, viewer, asked, form), ask(world, words, viewer, missing, form)
        assert told.returncode == nothing.returncode == 2
        assert (told.stdout, nothing.stdout) == (b"", b"")
        assert told.stderr.replace(asked.encode(), b"?") == nothing.stderr.replace(missing.encode(), b"?")


@pytest.mark.parametrize("words", ["alert list", "audit export", "backup proof"])
@pytest.mark.parametrize("viewer", ["krokom", "rtj"])
def test_a_list_holds_the_viewers_own_rows(world, words, viewer):
    """What is hidden from others was there to be found: a store without rows would hide nothing."""
    assert token(viewer).encode() in call(world, words, viewer).stdout


@pytest.mark.parametrize("words", ["cost advance", "cost settle"])
def test_a_member_reads_its_own_advance_and_settlement_and_nobody_elses(world, words):
    payers = set()
    for viewer in ("are", "krokom", "rtj"):
        told = call(world, words, viewer)
        assert told.returncode == 0, told.stderr
        items = json.loads(told.stdout)["items"]
        assert items, f"{viewer} reads nothing of its own with {words}"
        assert {item["member"] for item in items} == {viewer}
        payers |= {item["line"] for item in items}
        nobody = call(world, words, viewer, "--agreement", "xqzzzk")
        assert nobody.returncode == 2
    assert len(payers) >= 3
