"""What the storage host sees without a key: names against contents, files that are still coming, strange files, quarantine."""

import hashlib
import os
import threading
import time

import pytest

from samdrift.adapters import repository_files as files


@pytest.fixture
def root(tmp_path):
    for folder in files.FOLDERS:
        (tmp_path / folder).mkdir()
    return tmp_path


def put(root, folder, content, name=None):
    name = name or hashlib.sha256(content).hexdigest()
    path = root / folder / (name[:2] if folder == "data" else "") / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (1, 1))
    return path


def test_content_that_is_not_what_its_name_says_is_named(root):
    put(root, "data", b"well")
    bad = put(root, "data", b"rotten", "ab" * 32)
    found = files.scan(root)
    assert (found.objects, found.mismatched) == (2, (f"data/ab/{bad.name}",))


def test_a_link_or_a_folder_in_an_objects_place_is_no_object_whatever_lies_behind_it(root):
    away = put(root, "data", b"well")
    away.rename(root / "elsewhere")
    away.symlink_to(root / "elsewhere")
    folder = root / "index" / ("cd" * 32)
    folder.mkdir()
    found = files.scan(root)
    assert (found.mismatched, found.unreadable) == ((f"data/{away.name[:2]}/{away.name}",), (f"index/{folder.name}",))
    assert set(files.objects(root)["index"]) == {folder.name}


def test_an_object_that_is_still_being_received_is_waited_for(root):
    content = b"x" * 1000
    path = put(root, "data", content[:300], hashlib.sha256(content).hexdigest())
    os.utime(path)

    def receive():
        time.sleep(0.5)
        path.write_bytes(content)

    thread = threading.Thread(target=receive)
    thread.start()
    assert files.scan(root).mismatched == ()
    thread.join()


def test_names_that_no_repository_has_are_strange(root):
    put(root, "data", b"well")
    (root / "config").write_bytes(b"c")
    for name in ("notes.txt", "data/ab/short", "snapshots/ab/" + "cd" * 32):
        (root / name).parent.mkdir(exist_ok=True, parents=True)
        (root / name).write_text("x")
    assert files.strange(root) == ("notes.txt", "data/ab/short", "snapshots/ab/" + "cd" * 32)


def test_what_is_set_aside_is_moved_whole(root, tmp_path_factory):
    path = put(root, "data", b"rotten", "ab" * 32)
    into = tmp_path_factory.mktemp("quarantine") / "now"
    lies = files.set_aside(root, f"data/{path.name}", into)
    assert (lies.read_bytes(), path.exists(), lies.relative_to(into).as_posix()) == (b"rotten", False, f"data/ab/{path.name}")


@pytest.mark.parametrize(("content", "key"), [(b'{"kdf": "scrypt"}', True), (b"{}", False), (b"\xff\x00", False), (b"[1]", False)])
def test_a_key_is_told_from_junk_without_a_password(root, content, key):
    assert files.is_key(root, put(root, "keys", content).name) is key
