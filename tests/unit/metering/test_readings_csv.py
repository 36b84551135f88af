"""Broken rows of a readings file: each has its own line and code, all in one run, and what is well beside them is read."""

from datetime import UTC, datetime

import pytest

from samdrift.metering.readings_csv import read_readings
from samdrift.metering.registry import shipped_meters
from samdrift.model.csv_rows import read_rows

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HEAD = "meter,resource,member,at,from,to,value,unit,quality\n"
DAY, NEXT = "2024-02-01T00:00:00Z", "2024-02-02T00:00:00Z"
GOOD = f"vcpu,r,are,{DAY},,,1,,"


def read(*rows):
    content = (HEAD + "\n".join(rows) + "\n").encode()
    readings, aside, problems = read_readings(content, "r.csv", shipped_meters(), {"are"}, "csv", NOW)
    return readings, aside, [(problem.place.line, problem.code) for problem in problems]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (f"vcpu,r,are,{DAY},,,9223372036854775808,,", "out-of-range"),
        (f"backup-volume,r,are,{DAY},,,8192,PiB,", "out-of-range"),
        (f"tickets,r,are,{DAY},,,9223372036855,,", "out-of-range"),
        (f"tickets,r,are,{DAY},{DAY},,1,,", "unknown-value"),
        (f"vcpu,r,are,{DAY},,{NEXT},1,,", "unknown-value"),
        (f"oncall-time,r,are,{DAY},{DAY},{NEXT},1,,", "unknown-value"),
        (f"tickets,r,are,{DAY},,,,,end", "unknown-value"),
        (f"oncall-time,r,are,,{DAY},{NEXT},,,end", "unknown-value"),
        ("vcpu,r,are,2024-02-01T00:00:00.0000001Z,,,1,,", "not-whole"),
        (f'vcpu,"r\n",are,{DAY},,,1,,', "control-character"),
        (f"vcpu,r\x1b[31m,are,{DAY},,,1,,", "control-character"),
        (f"vcpu,{'r' * 5000},are,{DAY},,,1,,", "csv-syntax"),
        (f'vcpu,"r"x,are,{DAY},,,1,,', "csv-syntax"),
    ],
)
def test_a_broken_row_is_told_at_its_line_and_the_rows_after_it_are_still_judged(row, code):
    below = 5 + row.count("\n")
    readings, _, problems = read(GOOD, row, GOOD, "vcpu,r,are,2024-02-01T00:00:00,,,1,,")
    assert problems == [(3, code), (below, "naive-time")]
    assert len(readings) == 2


def test_the_greatest_values_are_read_whole():
    readings, _, problems = read(f"vcpu,r,are,{DAY},,,9223372036854775807,,", f"vcpu,r,are,{NEXT},,,,,end")
    assert problems == []
    assert [reading.quantity for reading, _ in readings] == [2**63 - 1, None]


@pytest.mark.parametrize(("byte", "code"), [(b"\x00", "control-character"), (b"\xe5", "not-utf8")])
def test_a_byte_that_no_text_has_is_told_at_its_line(byte, code):
    problems = []
    assert list(read_rows(b"a,b\n1,2\n3," + byte + b"\n", "r.csv", ("a", "b"), (), problems)) == []
    assert [(problem.place.line, problem.code) for problem in problems] == [(3, code)]
