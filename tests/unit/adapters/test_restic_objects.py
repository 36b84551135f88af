"""What restic says of a broken repository, read as it really says it."""

from __future__ import annotations

import json

import pytest

from samdrift.adapters.restic import ResticFailed
from samdrift.adapters.restic_objects import read_uses

SNAPSHOT, OTHER, TREE = "f0" * 32, "a1" * 32, "b8" * 32
UNLOADABLE = f"Unable to load tree {TREE}\n ... which belongs to snapshot {OTHER}\n"


def row(path):
    return json.dumps({"object_type": "blob", "id": "e" * 64, "path": path, "parent_tree": TREE, "snapshot": SNAPSHOT})


@pytest.mark.parametrize(
    "said",
    [
        f"[{row('/srv/a')},{row('/srv/b')}]\n{UNLOADABLE}",
        f"{UNLOADABLE}[{row('/srv/a')},{row('/srv/b')}]\n",
        f"[{row('/srv/a')}{UNLOADABLE},{row('/srv/b')}]\n",
        f"{UNLOADABLE}[{row('/srv/a')}{UNLOADABLE}{UNLOADABLE},{row('/srv/b')}]\n",
    ],
)
def test_a_folder_that_cannot_be_read_breaks_no_list_wherever_restic_says_so(said):
    found = read_uses(said)
    assert found.paths == ((SNAPSHOT, "/srv/a"), (SNAPSHOT, "/srv/b"))
    assert found.unlistable == {OTHER}
    assert found.blobs == {"e" * 64}


@pytest.mark.parametrize("said", ["", "[]\n", "null\n"])
def test_no_use_is_no_use(said):
    assert read_uses(said).paths == ()


def test_a_list_that_broke_off_is_told_as_such():
    with pytest.raises(ResticFailed, match="broke off"):
        read_uses(f"[{row('/srv/a')},")
