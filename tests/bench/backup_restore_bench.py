"""A drill of level 3 beside restic's own restore with verification, and a keyless scan beside sha256sum, on the same 10,000 files (seed 1)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

from tests.bench.backup_bench import fill
from tests.bench.measure import Failed, Figure, command

ROOT = Path(__file__).resolve().parents[2]
BACKUP, DEVICE, PATH = "bookit", "ost-lib-1", "ostersund/common"
RESTORE, SUMS = "restic restore --verify", "sha256sum of the repository's objects"


def walked(folder: Path, front: list[str]) -> Path:
    """The example's backup of those files, run and copied; gives the state folder."""
    shutil.copytree(ROOT / "inventory", folder / "inventory")
    path = folder / "inventory" / "backups" / "ostersund.yml"
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    (bookit,) = [one for one in document["backups"] if one["id"] == BACKUP]
    bookit["sources"] = [{"path": str(fill(folder))}]
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    for words in (("run", BACKUP, "--device", DEVICE), ("copy", BACKUP)):
        subprocess.run([*front, *words], check=True, cwd=ROOT, stdout=subprocess.DEVNULL, env=dict(os.environ))
    return folder / "state"


def figures(folder: Path) -> Iterator[Figure]:
    if shutil.which("restic") is None:
        yield Figure("backup-restore", RESTORE, None, missing="not installed: apt-get install restic")
        return
    front = [sys.executable, "-m", "samdrift.cli", "--inventory", str(folder / "inventory"), "--store", str(folder / "state"), "backup"]
    state = walked(folder, front)
    copy, key, into = state / "backup" / "disaster" / PATH, state / "backup" / "keys" / f"disaster-{PATH.replace('/', '-')}", folder / "restored"
    lines = {
        RESTORE: (["sh", "-ec", f"restic -r {copy} -p {key} --no-cache -q restore latest --target {into} --verify && rm -rf {into}"], None),
        "samdrift's drill, level 3 (at most 1.5 x)": ([*front, "drill", BACKUP, "--level", "3"], RESTORE),
        SUMS: (["sh", "-ec", f"find {copy} -type f -print0 | xargs -0 sha256sum"], None),
        "samdrift's keyless scan (at most 1 / 0.7 x)": ([*front, "check", BACKUP, "--keyless", "--site", "hall-are"], SUMS),
    }
    for what, (line, beside) in lines.items():
        try:
            yield Figure("backup-restore", what, command(line, folder=ROOT), beside=beside)
        except Failed as error:
            yield Figure("backup-restore", what, None, missing=str(error))
