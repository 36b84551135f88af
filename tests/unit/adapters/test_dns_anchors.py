"""Trust anchors: lines of DS and DNSKEY, odd digests kept, one clear error for what is none."""

from __future__ import annotations

import pytest

from samdrift.adapters.dns_anchors import anchors_in, built_in_anchors, read_anchors
from samdrift.model.dns import types
from samdrift.model.dns.names import ROOT, from_text
from samdrift.model.errors import WrongUse


def test_the_built_in_anchors_are_iana_s_two():
    assert [(one.owner, one.type, int.from_bytes(one.data[:2], "big")) for one in built_in_anchors()] == [(ROOT, types.DS, 20326), (ROOT, types.DS, 38696)]


def test_ds_and_dnskey_of_any_owner_in_any_order_of_ttl_and_class():
    found = anchors_in(b"krokom.example. IN 60 DNSKEY 257 3 15 AAAA\nexample 60 IN DS 1 15 0 00\n\n; nothing\n", "x")
    assert [(one.owner, one.type, one.data) for one in found] == [
        (from_text("krokom.example"), types.DNSKEY, b"\1\1\3\x0f\0\0\0"),
        (from_text("example"), types.DS, b"\0\1\x0f\0\0"),
    ]


@pytest.mark.parametrize("text", ["", "; nothing\n", ". IN A 192.0.2.1\n", ". IN DS 1 2\n", ". IN DS 70000 8 2 AB\n", ". IN DS 1 8 2 XY\n", ". IN DNSKEY 257 3 8 !!\n", "\xff"])
def test_what_is_no_anchor_is_one_clear_line(text):
    with pytest.raises(WrongUse) as caught:
        anchors_in(text.encode("latin-1"), "my.key")
    assert "my.key" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(WrongUse, match="none: no such file"):
        read_anchors(tmp_path / "none")
