"""A hints file gives roots with addresses, and what is none is refused in one line."""

from __future__ import annotations

import pytest

from samdrift.adapters.dns_hints import built_in_roots, hints_in, read_hints
from samdrift.model.errors import WrongUse

GOOD = b"""; the root's servers
.  3600000 IN NS A.Root.Example.
.  3600000 NS b.root.example.
a.root.example. 3600000 IN A 192.0.2.1
A.root.example. 3600000 IN AAAA 2001:db8::1
b.root.example. 3600000 A 192.0.2.2
"""


def test_a_hints_file_gives_each_root_its_addresses():
    found = hints_in(GOOD, "root.hints")
    assert [host.addresses for host in found] == [("192.0.2.1", "2001:db8::1"), ("192.0.2.2",)]


@pytest.mark.parametrize(
    "octets",
    [b"", b"hello world\n", b"\xff\xfe\x00", b"example. IN NS a.example.\n", b". IN NS a.root.example.\n", b"<html>404</html>", b". IN NS (\n", b". IN DS 1 8 0 00\n"],
)  # fmt: skip
def test_what_is_no_hints_file_is_one_line_with_help(octets):
    with pytest.raises(WrongUse) as caught:
        hints_in(octets, "root.hints")
    assert "root.hints" in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.help


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(WrongUse):
            read_hints(path)


def test_the_built_in_roots_are_thirteen_with_both_families():
    assert [len(host.addresses) for host in built_in_roots()] == [2] * 13
