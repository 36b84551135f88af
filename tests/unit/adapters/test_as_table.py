"""AS tables: the longest prefix counts, odd lines are named, a table says of which day it is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from samdrift.adapters.as_table import origins_in, read_origins
from samdrift.model.errors import WrongUse

TABLE = b"""# made from a route collector, 20261101
0.0.0.0/0 64499
192.0.2.0/24\t64500
192.0.2.0 24 64503
192.0.2.128/25 AS64501
2001:db8::/32 64502,64503
"""


def test_the_longest_prefix_counts_and_two_of_one_length_both(tmp_path):
    path = tmp_path / "table"
    path.write_bytes(TABLE)
    found = read_origins(path, ["192.0.2.1", "192.0.2.255", "203.0.113.1", "2001:db8:ffff::1", "2001:db9::1"])
    assert found.dated == date(2026, 11, 1)
    assert dict(found.of) == {"192.0.2.1": (64500, 64503), "192.0.2.255": (64501,), "203.0.113.1": (64499,), "2001:db8:ffff::1": (64502, 64503), "2001:db9::1": ()}


@pytest.mark.parametrize("line", [b"192.0.2.0/24", b"192.0.2.1/24 64500", b"192.0.2.0/33 64500", b"ns1 24 64500", b"192.0.2.0/24 sixty", b"192.0.2.0/x 1", b"\xff\xfe 1 1", b"192.0.2.0 24 64500 more"])
def test_a_line_that_is_none_is_named(line):
    with pytest.raises(WrongUse, match="x:2: no line of an AS table"):
        origins_in([b"# 2026-11-01", line], "x", ["192.0.2.1"])


def test_a_table_without_a_day_is_refused():
    with pytest.raises(WrongUse, match="of which day"):
        origins_in([b"# 2026-99-99", b"192.0.2.0/24 64500"], "x", [])
    with pytest.raises(WrongUse, match="cannot read"):
        read_origins(Path("/nonexistent/table"), [])
