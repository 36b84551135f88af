"""Files are read within limits and written whole."""

from __future__ import annotations

import os

import pytest

from samdrift.adapters import files
from samdrift.adapters.limits import SIZES
from samdrift.model.errors import CouldNotRecord, WrongUse


def test_a_tree_is_read_sorted_with_hidden_files_left_out(tmp_path):
    (tmp_path / "devices").mkdir()
    for name in ("members.yml", "devices/are.yml", ".hidden"):
        (tmp_path / name).write_text(name)
    tree = files.read_tree(tmp_path)
    assert dict(tree.files) == {"devices/are.yml": b"devices/are.yml", "members.yml": b"members.yml"}
    assert tree.complete


def test_a_link_inside_is_read_and_one_that_leaves_is_named(tmp_path):
    inside, away = tmp_path / "in", tmp_path / "away.yml"
    inside.mkdir()
    away.write_text("x")
    (inside / "a.yml").write_text("a")
    (inside / "b.yml").symlink_to("a.yml")
    (inside / "c.yml").symlink_to(away)
    (inside / "d.yml").symlink_to("gone.yml")
    (inside / "loop").symlink_to(".")
    tree = files.read_tree(inside)
    assert dict(tree.files) == {"a.yml": b"a", "b.yml": b"a"}
    assert tree.outside == ("c.yml", "d.yml", "loop")


def test_a_file_over_its_limit_comes_with_one_byte_more(tmp_path):
    (tmp_path / "big.yml").write_bytes(b"x" * (SIZES["inventory-file"] + 500))
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "big.csv").write_bytes(b"x" * (SIZES["inventory-file"] + 500))
    tree = files.read_tree(tmp_path)
    assert len(tree.files["big.yml"]) == SIZES["inventory-file"] + 1
    assert len(tree.files["files/big.csv"]) == SIZES["inventory-file"] + 500


def test_a_pipe_in_the_tree_is_named_and_never_waited_for(tmp_path):
    os.mkfifo(tmp_path / "members.yml")
    assert dict(files.read_tree(tmp_path).unreadable) == {"members.yml": "is no regular file"}


def test_a_file_left_out_is_never_opened(tmp_path):
    os.mkfifo(tmp_path / "berg.yml")
    (tmp_path / "are.yml").write_text("a")
    assert dict(files.read_tree(tmp_path, wanted=lambda path: "berg" not in path).unreadable) == {}


def test_no_folder_is_wrong_use(tmp_path):
    with pytest.raises(WrongUse, match="is no folder"):
        files.read_tree(tmp_path / "gone")


def test_a_file_is_replaced_whole_and_nothing_lies_beside_it(tmp_path):
    path = tmp_path / "page.html"
    files.write_whole(path, b"old")
    files.write_whole(path, b"new", mode=0o600)
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["page.html"]


def test_a_full_disk_is_said_with_the_path_and_the_old_file_stays(tmp_path, monkeypatch):
    path = tmp_path / "page.html"
    path.write_bytes(b"old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CouldNotRecord, match=r"page\.html: no space left on device"):
        files.write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1
