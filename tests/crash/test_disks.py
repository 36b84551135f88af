"""A failing, full or read-only disk is said aloud: one line that names the path, exit 0 only if all is stored (reliability.md S2, common.md 8)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SAMDRIFT = str(Path(sys.executable).parent / "samdrift")
SAMPLE = bool(os.environ.get("SAMDRIFT_SAMPLE"))
# SQLite writes by pwrite64 alone; a new store makes 11 calls of fsync and fdatasync together
FAULTS = (
    ("fsync,fdatasync", "EIO", range(1, 12)),
    ("pwrite64", "ENOSPC", range(1, 51)),
    ("pwrite64", "EIO", range(1, 51)),
)
STEP = 4 if SAMPLE else 1
LIMIT_S = 120


def honest(told: subprocess.CompletedProcess[str], path: Path, why: str) -> None:
    """Either all was stored, or it is 2 or 3 with one line of error that names the place; never a traceback."""
    said = told.stdout + told.stderr
    assert "Traceback" not in said, f"{why}: {said[-600:]}"
    assert told.returncode in {0, 2, 3}, f"{why}: exit {told.returncode}: {said[-600:]}"
    if told.returncode:
        errors = [line for line in told.stderr.splitlines() if line.startswith("error:")]
        assert len(errors) == 1, f"{why}: {told.stderr[-600:]}"
        assert path.name in errors[0] or "output" in errors[0], f"{why}: {errors[0]} does not name {path}"


def run(line, **rest):
    return subprocess.run(line, capture_output=True, text=True, timeout=LIMIT_S, check=False, **rest)


@pytest.mark.parametrize(
    ("calls", "error", "numbers"), FAULTS, ids=[f"{error} from {calls}" for calls, error, _ in FAULTS]
)
def test_an_error_of_the_disk_at_each_call_ends_honestly(tmp_path, program, calls, error, numbers):
    strace = program("strace", "strace")
    refused = 0
    for number in numbers[:: STEP if len(numbers) < 20 else STEP * STEP]:
        folder = tmp_path / f"{error}-{number}"
        line = [
            strace,
            "-f",
            "-qq",
            "-o",
            os.devnull,
            "-e",
            f"trace={calls}",
            "-e",
            f"inject={calls}:error={error}:when={number}",
            SAMDRIFT,
            "store",
            "migrate",
            "--store",
            str(folder),
        ]
        told = run(line)
        refused += told.returncode != 0
        honest(told, folder, f"{error} at call {number} of {calls}")
        again = run([SAMDRIFT, "store", "migrate", "--store", str(folder)])
        assert again.returncode == 0, f"after {error} at call {number}: {again.stderr}"
        assert run([SAMDRIFT, "audit", "verify", "--store", str(folder)]).returncode == 0
    assert refused, f"no injected {error} reached the store: the test would see nothing"


@pytest.mark.level("plain")
@pytest.mark.parametrize("kilobytes", [16, 64, 256])
def test_a_full_disk_is_said_in_one_line(tmp_path, kilobytes):
    folder = tmp_path / "small"
    folder.mkdir()
    script = (
        f"mount -t tmpfs -o size={kilobytes}k tmpfs {folder} && exec {SAMDRIFT} store migrate --store {folder}/state"
    )
    told = run(["unshare", "-m", "sh", "-c", script])
    honest(told, folder / "state", f"a disk of {kilobytes} kB")


@pytest.mark.level("plain")
def test_a_read_only_state_folder_ends_before_work_begins(tmp_path):
    folder = tmp_path / "state"
    assert run([SAMDRIFT, "store", "migrate", "--store", str(folder)]).returncode == 0
    script = f"mount --bind {folder} {folder} && mount -o remount,ro,bind {folder} && exec {SAMDRIFT} store migrate --store {folder}"
    told = run(["unshare", "-m", "sh", "-c", script])
    honest(told, folder, "a read-only state folder")
    reading = f"mount --bind {folder} {folder} && mount -o remount,ro,bind {folder} && exec {SAMDRIFT} audit verify --store {folder}"
    seen = run(["unshare", "-m", "sh", "-c", reading])
    assert "Traceback" not in seen.stdout + seen.stderr
    assert seen.returncode in {0, 2, 3}, seen.stderr


@pytest.mark.level("plain")
@pytest.mark.parametrize("there", [True, False])
def test_findings_are_shown_though_the_state_folder_is_read_only(tmp_path, there):
    folder = tmp_path / "state"
    if there:
        assert run([SAMDRIFT, "store", "migrate", "--store", str(folder)]).returncode == 0
    line = f"{SAMDRIFT} check run --check contract-ends --output json --store {folder}"
    told = run(["unshare", "-m", "sh", "-c", f"mount --bind {tmp_path} {tmp_path} && mount -o remount,ro,bind {tmp_path} && exec {line}"])
    assert told.returncode == 3, told.stderr
    items = json.loads(told.stdout)["items"]
    assert {item["check"] for item in items} == {"contract-ends"}
    assert [line.split(":")[0] for line in told.stderr.splitlines() if line] == ["error", "help"], told.stderr
    assert "nothing was recorded" in told.stderr


def test_a_full_disk_under_the_output_is_no_success(tmp_path):
    folder = tmp_path / "state"
    run([SAMDRIFT, "store", "migrate", "--store", str(folder)])
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        told = subprocess.run(
            [SAMDRIFT, "audit", "verify", "--store", str(folder), "--output", "json"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
    assert told.returncode == 3, told.stderr
    assert len([line for line in told.stderr.splitlines() if line.startswith("error:")]) == 1, told.stderr
