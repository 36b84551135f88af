"""A backup run, judged by reading back and with its manifest, beside bare restic on the same 10,000 files (seed 1)."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from samdrift.model.backup_job import BackupJob, JobSource
from samdrift.operations.build_backup_agent import build_backup_agent
from tests.bench.measure import Failed, Figure, command

FILES, SIZE, SEED = 10_000, 107_374, 1
"""1 GiB in all, as backup.md 9 measures it."""
PYTHON = "/usr/bin/python3"
FULL, UNCHANGED = "restic backup, full", "restic backup, unchanged"


def fill(folder: Path) -> Path:
    """The source: the same bytes for the same seed."""
    draw = random.Random(SEED)
    for number in range(FILES):
        path = folder / "src" / f"{number // 100:03d}" / f"{number:05d}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(draw.randbytes(SIZE))
    return folder / "src"


def figures(folder: Path) -> Iterator[Figure]:
    if shutil.which("restic") is None:
        yield Figure("backup", FULL, None, missing="not installed: apt-get install restic")
        return
    source = fill(folder)
    (folder / "key").write_text("bench-only")
    subprocess.run(["restic", "-r", str(folder / "empty"), "-p", str(folder / "key"), "init", "-q"], check=True)
    job = BackupJob("bench", "K-0000", "bench", (JobSource(str(source)),), 600, str(folder / "ours"), "bench-only", None, str(folder / "state"))
    (folder / "job.json").write_text(json.dumps(job.to_json()))
    build_backup_agent(folder / "agent.pyz")
    bare = f"restic -r {folder}/bare -p {folder}/key --cache-dir {folder}/cache backup -q {source}"
    ours = f"{PYTHON} -I {folder}/agent.pyz < {folder}/job.json"
    lines = {
        FULL: (f"rm -rf {folder}/bare {folder}/cache && cp -r {folder}/empty {folder}/bare && {bare}", None),
        "samdrift's agent, full": (f"rm -rf {folder}/ours {folder}/state && cp -r {folder}/empty {folder}/ours && {ours}", FULL),
        UNCHANGED: (bare, None),
        "samdrift's agent, unchanged": (ours, UNCHANGED),
    }
    for what, (line, beside) in lines.items():
        try:
            yield Figure("backup", what, command(["sh", "-ec", line]), beside=beside)
        except Failed as error:
            yield Figure("backup", what, None, missing=str(error))
