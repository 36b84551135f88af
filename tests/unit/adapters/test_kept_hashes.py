"""A hash is kept for a file that did not move, for so long and no longer."""

import os
from pathlib import Path

import pytest

from samdrift.adapters import source_tree
from samdrift.adapters.kept_hashes import REHASH_S, Keeper, due_after_s, notes

DAY = 86_400


class Source:
    """A tree whose files were left alone long before the first walk; `walk(days)` gives path → hash, and which files were read."""

    def __init__(self, folder, monkeypatch):
        self.root, self.kept, self.first = folder / "srv", folder / "kept", 0
        self.root.mkdir()
        for name in ("a", "b/inner", "b.txt", "c"):
            self.write(name, name)
        self.read = []
        real = source_tree._hash
        monkeypatch.setattr(source_tree, "_hash", lambda path: self.read.append(Path(os.fsdecode(path)).relative_to(self.root).as_posix()) or real(path))

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        self.first = int(path.stat().st_ctime) + 10

    def walk(self, days=0.0, seconds=0):
        self.read.clear()
        made = self.kept.with_suffix(".new")
        with made.open("wb") as stream:
            keeper = Keeper(self.kept, stream, self.first + int(days * DAY) + seconds, REHASH_S)
            walk = source_tree.Walk(kept=keeper.kept, note=keeper.note)
            found = {Path(os.fsdecode(entry.path)).relative_to(self.root).as_posix(): entry.sha256 for entry in source_tree.entries(os.fsencode(self.root), walk)}
        made.replace(self.kept)
        return found


@pytest.fixture
def source(tmp_path, monkeypatch):
    return Source(tmp_path, monkeypatch)


def test_an_unchanged_file_is_not_read_again_and_keeps_its_hash(source):
    first = source.walk()
    assert source.read == ["a", "b/inner", "b.txt", "c"]
    assert source.walk(days=1) == first
    assert source.read == []


def test_what_was_written_touched_moved_or_is_new_is_read(source):
    before = source.walk()
    source.write("a", "A")
    os.utime(source.root / "c", (1, 1))
    (source.root / "b.txt").rename(source.root / "d.txt")
    source.write("aa", "new")
    after = source.walk(days=1)
    assert source.read == ["a", "aa", "c", "d.txt"]
    assert after["a"] != before["a"]
    assert after["d.txt"] == before["b.txt"]


def test_a_file_whose_time_was_put_back_is_read_by_its_ctime(source):
    source.walk()
    path = source.root / "a"
    found = path.stat()
    path.write_text("b")
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    source.walk(days=1)
    assert source.read == ["a"]


def test_a_file_that_was_just_written_is_read_by_the_next_run_too(source):
    source.walk(seconds=-9)
    source.walk()
    assert set(source.read) == {"a", "b/inner", "b.txt", "c"}


def test_every_file_is_read_once_within_the_period_and_not_all_in_one_night(source):
    for number in range(200):
        source.write(f"file-{number:03d}", "x")
    source.walk()
    nights = []
    for day in range(1, 29):
        source.walk(days=day)
        nights.append(set(source.read))
    assert set().union(*nights) == {"a", "b/inner", "b.txt", "c"} | {f"file-{number:03d}" for number in range(200)}
    assert max(map(len, nights)) < 50


def test_each_path_is_due_within_the_period(tmp_path):
    assert all(REHASH_S // 2 <= due_after_s(b"%d" % number, REHASH_S) < REHASH_S - DAY for number in range(1000))


@pytest.mark.parametrize("damage", [b"", b"[1,2]\n", b"\0\0\0", b'["/x","file",1,1,1,1,"ab",true,0]\n'])
def test_notes_that_are_cut_or_damaged_cost_only_reading(source, damage):
    first = source.walk()
    lines = source.kept.read_bytes().splitlines(keepends=True)
    source.kept.write_bytes(b"".join(lines[:3]) + damage)
    assert len(list(notes(source.kept))) == 3
    assert source.walk(days=1) == first
    assert source.read == ["b.txt", "c"] or source.read == ["b/inner", "b.txt", "c"]


def test_a_clock_that_went_back_keeps_nothing(source):
    source.walk(days=2)
    source.walk(days=1)
    assert len(source.read) == 4
