"""A source is walked with every name exact, and the scan tells content from name."""

import os
from hashlib import sha256
from pathlib import Path

from samdrift.adapters import repository_files, source_tree
from samdrift.model.manifest import Entry


def tree(tmp_path):
    root = os.fsencode(tmp_path / "srv")
    os.mkdir(root)
    for name in (b"plain", b"new\nline", b"\xff\xfe", b"-f", b"l" * 255):
        with open(root + b"/" + name, "wb") as opened:
            opened.write(name)
    os.symlink(b"plain", root + b"/link")
    os.mkfifo(root + b"/fifo")
    os.mkdir(root + b"/sub")
    return root


def test_every_entry_is_given_with_its_kind_size_and_hash(tmp_path):
    root = tree(tmp_path)
    walk = source_tree.Walk()
    found = {entry.path.removeprefix(root): entry for entry in source_tree.entries(root, walk)}
    assert set(found) == {b"", b"/plain", b"/new\nline", b"/\xff\xfe", b"/-f", b"/" + b"l" * 255, b"/link", b"/fifo", b"/sub"}
    assert (found[b"/link"].kind, found[b"/fifo"].kind, found[b"/sub"].kind, found[b""].kind) == ("symlink", "fifo", "dir", "dir")
    assert found[b"/\xff\xfe"].sha256 == sha256(b"\xff\xfe").hexdigest()
    assert found[b"/link"].sha256 == sha256(b"plain").hexdigest()
    assert walk.unreadable == []


def test_a_socket_is_no_entry_and_has_no_fingerprint_as_restic_leaves_it_out(tmp_path, monkeypatch):
    root = tree(tmp_path)
    monkeypatch.chdir(tmp_path)
    os.mknod("srv/socket", 0o140600)
    noted = []
    walk = source_tree.Walk(note=lambda entry, _: noted.append(entry.path))
    given = [entry.path for entry in source_tree.entries(root, walk)]
    assert root + b"/socket" not in given
    assert noted == given


def test_large_files_hashed_ahead_keep_their_order(tmp_path):
    root = tree(tmp_path)
    for number in range(50):
        with open(root + b"/big%02d" % number, "wb") as opened:
            opened.write(b"%d" % number * (2**20 if number % 2 else 1))
    given = list(source_tree.entries(root, source_tree.Walk()))
    assert [entry.path for entry in given] == sorted(entry.path for entry in given)
    assert all(entry.sha256 == sha256(Path(os.fsdecode(entry.path)).read_bytes()).hexdigest() for entry in given if entry.kind == "file")


def test_the_scratch_folder_is_taken_from_the_front_of_each_path(tmp_path):
    root = tree(tmp_path)
    strip = os.fsencode(tmp_path)
    assert all(entry.path.startswith(b"/srv") for entry in source_tree.entries(root, source_tree.Walk(), strip=strip))


def test_an_excluded_name_or_path_is_left_out(tmp_path):
    root = tree(tmp_path)
    given = [entry.path for entry in source_tree.entries(root, source_tree.Walk(), exclude=["-f", f"{tmp_path}/srv/sub"])]
    assert root + b"/-f" not in given
    assert root + b"/sub" not in given


def test_what_is_gone_is_noted_as_unreadable(tmp_path):
    walk = source_tree.Walk()
    assert list(source_tree.entries(os.fsencode(tmp_path / "nothing"), walk)) == []
    assert walk.unreadable == [os.fsencode(tmp_path / "nothing")]
    assert source_tree.kind_of(str(tmp_path / "nothing")) == "missing"


def test_a_link_is_a_link_and_a_fingerprint_moves_with_the_content(tmp_path):
    path = tmp_path / "a"
    path.write_text("one")
    (tmp_path / "b").symlink_to(path)
    assert source_tree.kind_of(str(tmp_path / "b")) == "symlink"
    before = source_tree.fingerprint(os.fsencode(path))
    path.write_text("other")
    assert source_tree.fingerprint(os.fsencode(path)) != before
    assert isinstance(next(source_tree.entries(os.fsencode(path), source_tree.Walk())), Entry)


def test_a_keyless_scan_names_the_object_whose_content_is_not_its_name(tmp_path):
    data = tmp_path / "data" / "ab"
    data.mkdir(parents=True)
    (tmp_path / "config").write_bytes(b"x")
    good, bad = sha256(b"good").hexdigest(), sha256(b"bad").hexdigest()
    (data / good).write_bytes(b"good")
    (data / bad).write_bytes(b"bat")
    found = repository_files.scan(tmp_path)
    assert (found.objects, found.size_bytes, found.mismatched) == (2, 7, (f"data/ab/{bad}",))
    assert repository_files.objects(tmp_path) == {"data": {good: 4, bad: 3}, "": {"config": 1}}
