"""Manifests keep every name exactly, and a comparison misses nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samdrift.backup.comparison import compare, sample
from samdrift.model.manifest import Entry, ManifestHead, digest, read, write

NAMES = st.binary(min_size=1, max_size=40).filter(lambda name: b"\0" not in name and b"/" not in name)
ENTRIES = st.builds(
    Entry, NAMES.map(lambda name: b"/srv/" + name), st.sampled_from(["file", "dir", "symlink"]), st.integers(0, 2**50), st.integers(0, 0o7777),
    st.integers(-(2**62), 2**62), st.sampled_from(["", "ab" * 32]),
)  # fmt: skip


@given(st.lists(ENTRIES, max_size=20))
def test_a_manifest_read_back_is_the_one_that_was_written(entries):
    head = ManifestHead("b", "K-1", ("/srv",))
    lines = list(write(head, entries))
    assert all(line.count(b"\n") == 1 for line in lines)
    found, rest = read(b"".join(lines).splitlines(keepends=True))
    assert (found, list(rest)) == (head, entries)
    assert digest(lines) == digest([b"".join(lines)])


@pytest.mark.parametrize("text", [b"", b"{}\n", b'{"schema":"samdrift/manifest","version":2}\n', b"[1]\n", b"\xff\n"])
def test_what_is_no_manifest_is_refused(text):
    with pytest.raises(ValueError, match="line 1"):
        read([text])


@pytest.mark.parametrize("line", [b"[]\n", b'["/a","file",1,2,3]\n', b'["/a","file","1",2,3,""]\n', b'["/a","ghost",1,2,3,""]\n', b"null\n"])
def test_a_bad_entry_names_its_line(line):
    _, entries = read([ManifestHead("b", "K-1", ()).line(), line])
    with pytest.raises(ValueError, match="line 2"):
        list(entries)


def tree(*rows):
    return [Entry(path, kind, size, 0o644, 5, sha) for path, kind, size, sha in rows]


TREE = tree((b"/s", "dir", 0, ""), (b"/s/a\n", "file", 3, "aa"), (b"/s/\xff", "file", 4, "bb"), (b"/s/l", "symlink", 1, "cc"))


def by_path(entries):
    return {entry.path: entry for entry in entries}


def test_an_equal_tree_passes_and_is_counted():
    found = compare(TREE, by_path(TREE))
    assert (found.passed, found.compared, found.files, found.size_bytes) == (True, 4, 2, 7)


def test_a_missing_a_surplus_and_a_changed_path_are_each_named():
    other = tree((b"/s", "dir", 0, ""), (b"/s/\xff", "file", 4, "xx"), (b"/s/l", "symlink", 1, "cc"), (b"/s/new", "file", 1, "dd"))
    found = compare(TREE, by_path(other))
    assert (found.mismatches, found.missing, found.surplus, found.passed) == (("/s/\\xff",), ("/s/a\\n",), ("/s/new",), False)


def test_what_changed_during_the_run_is_neither_match_nor_mismatch():
    other = tree((b"/s", "dir", 0, ""), (b"/s/a\n", "file", 9, "zz"), (b"/s/\xff", "file", 4, "bb"), (b"/s/l", "symlink", 1, "cc"))
    found = compare(TREE, by_path(other), changed={"/s/a\\n"})
    assert (found.passed, found.not_comparable, found.compared) == (True, 1, 3)


def test_nothing_compared_is_no_pass():
    assert not compare([], {}).passed
    assert not compare(TREE, {}, changed={"/s", "/s/a\\n", "/s/\\xff", "/s/l"}).passed


def test_a_sample_is_the_same_for_the_same_seed_and_prefers_large_files():
    many = [Entry(b"/s/%d" % number, "file", 1 if number else 10**9, 0o644, 0, "aa") for number in range(200)]
    assert sample(many, 20, 7) == sample(list(reversed(many)), 20, 7)
    assert sample(many, 20, 7) != sample(many, 20, 8)
    assert all(many[0] in sample(many, 20, seed) for seed in range(20))
    assert len(sample(many, 500, 1)) == 200
