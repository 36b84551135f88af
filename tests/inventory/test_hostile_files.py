"""Hostile files are refused with one clear line, in little time and memory (I6)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MIB = 2**20

HOSTILE = {
    "400 KB of brackets": (b"[" * 400_000, "too-deep"),
    "nested maps": (b"{a: " * 100_000, "too-deep"),
    "nested dashes": (b"- " * 500_000, "too-deep"),
    "billion laughs": (b"a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]\n", "anchor"),
    "half a million values": (b"[" + b"a," * 520_000, "file-too-large"),
    "half a million duplicate keys": (b"{" + b"a: b,\n" * 170_000 + b"}", "duplicate-key"),
    "nine thousand unknown keys": (
        b"devices: [{" + b"".join(b"k%d: 1," % number for number in range(9_000)) + b"}]",
        "unknown-key",
    ),
    "ninety thousand unknown keys": (
        b"devices: [{" + b"".join(b"k%d: 1," % number for number in range(90_000)) + b"}]",
        "file-too-large",
    ),
    "90 000 empty objects": (b"devices: [" + b"{}," * 90_000 + b"]", "missing-key"),
    "a file over 1 MiB": (b"#" * (MIB + 1), "file-too-large"),
    "a megabyte of anchors": (b"&a " * 300_000, "syntax"),
    "a megabyte of question marks": (b"? " * 500_000, "wrong-type"),
    "an endless quoted text": (b'"' + b"a" * 1_000_000, "syntax"),
    "a megabyte of exclamation marks": (b"!" * 1_000_000, "tag"),
    "UTF-16": ("devices: []".encode("utf-16"), "byte-order-mark"),
    "Latin 1": ("name: Åre".encode("latin-1"), "not-utf8"),
    "a NUL": (b"devices: \x00", "control-character"),
    "decomposed letters": ("name: A\u030are".encode(), "not-nfc"),
    "a python object": (b"!!python/object/apply:os.system [id]", "tag"),
    "a directive": (b"%TAG ! tag:x,2000:\n---\na: 1\n", "directive"),
    "a number of a million digits": (b"devices: " + b"9" * 1_000_000, "wrong-type"),
}
RUN = """
import sys
from datetime import UTC, datetime
from samdrift.inventory import Known, judge
content = sys.stdin.buffer.read()
work = judge({"samdrift.yml": b"plugin: samdrift\\nversion: 1\\nhost_organisation: are\\n", "all.yml": content}, root="inventory", known=Known(), at=datetime.now(UTC))
print("\\n".join(line[:300] for problem in work.problems for line in problem.lines() if "all.yml" in line))
import time
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print("used", time.process_time(), peak)
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_quickly_and_without_a_traceback(name):
    content, code = HOSTILE[name]
    ended = subprocess.run(
        [sys.executable, "-c", RUN], input=content, capture_output=True, timeout=60, cwd=ROOT, check=False
    )
    told, _, figures = ended.stdout.decode().rpartition("used ")
    assert ended.returncode == 0, ended.stderr.decode()[-2000:]
    assert f"error[{code}]" in told, told[:2000]
    seconds, kibibytes = figures.split()
    assert int(kibibytes) < 150 * 1024, f"{int(kibibytes) // 1024} MiB"
    assert float(seconds) < 3, f"{seconds} s of CPU: the limit is one second, on a machine that does nothing else"
