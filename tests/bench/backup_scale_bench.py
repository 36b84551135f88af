"""330 backups with 400 snapshots each: status from the store without starting restic, and retention judged for all 132,000 (seed 1)."""

from __future__ import annotations

import random
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml

from samdrift.backup.retention import decide
from samdrift.model.nouns.retention_policy import RetentionPolicy
from samdrift.model.snapshot import RepositoryLook, Snapshot
from samdrift.store import backups as stored
from samdrift.store import open_store
from samdrift.store.tables.backup import backup_snapshot
from tests.bench.measure import Failed, Figure, command

ROOT = Path(__file__).resolve().parents[2]
BACKUPS, SNAPSHOTS, SEED = 330, 400, 1
AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
SITES = ("hall-ostersund", "hall-are")
POLICY = {"id": "journal", "keep_within": "30 d", "daily": 60, "weekly": 26, "monthly": 36, "yearly": 10, "minimum": 14, "disaster_hold": "60 d"}


def snapshots(backup: str, draw: random.Random) -> Iterator[Snapshot]:
    """200 days at both sites, most of them usable."""
    for day in range(SNAPSHOTS // 2):
        when = AT - timedelta(days=day, hours=draw.randint(8, 12))
        origin = f"{draw.getrandbits(256):064x}"
        state = draw.choices(("usable", "partial", "unusable"), (95, 4, 1))[0]
        for site in SITES:
            own = origin if site == SITES[0] else f"{draw.getrandbits(256):064x}"
            yield Snapshot(own, None if own == origin else origin, backup, site, "ostersund", state, when, when, when, None, 1000, 10**9, ("ostersund",))


def fill(folder: Path) -> Path:
    """An inventory with 330 backups, and a store with their snapshots and looks; gives the state folder."""
    shutil.copytree(ROOT / "inventory", folder / "inventory")
    for path in (folder / "inventory" / "backups").glob("*.yml"):
        path.unlink()
    names = [f"bench-{number:03d}" for number in range(BACKUPS)]
    rows = [
        {
            "id": name, "service": "bookit", "device": "ost-lib-1", "sources": [{"path": f"/srv/{name}"}], "schedule": "01:30 daily", "max_duration": "2 h",
            "copies": 2, "retention": "journal", "drills": {3: "92 d"},
        }
        for name in names
    ]  # fmt: skip
    (folder / "inventory" / "backups" / "ostersund.yml").write_text(yaml.safe_dump({"backups": rows}), encoding="utf-8")
    draw = random.Random(SEED)
    columns = {column.name for column in backup_snapshot.columns} - {"vanished_at"}
    with open_store(folder / "state", create=True) as store, store.write() as connection:
        for name in names:
            made = [{key: getattr(one, key) for key in columns} for one in snapshots(name, draw)]
            connection.execute(backup_snapshot.insert(), made)
            for site in SITES:
                stored.put_look(connection, RepositoryLook(name, site, "ostersund", AT - timedelta(hours=2), up=True, snapshots=len(made) // 2))
    return folder / "state"


def judged() -> int:
    """Retention of all 132,000; how many stay."""
    draw, policy, kept = random.Random(SEED), RetentionPolicy.model_validate(POLICY), 0
    for number in range(BACKUPS):
        kept += sum(one.decision == "keep" for one in decide(snapshots(f"bench-{number:03d}", draw), policy, AT))
    return kept


def figures(folder: Path) -> Iterator[Figure]:
    state = fill(folder)
    front = [sys.executable, "-m", "samdrift.cli", "--inventory", str(folder / "inventory"), "--store", str(state), "--at", AT.isoformat(), "--output", "json", "backup"]
    lines = {
        f"status of {BACKUPS} backups, {BACKUPS * SNAPSHOTS} snapshots": ([*front, "status"], 2.0),
        f"retention judged for {BACKUPS * SNAPSHOTS} snapshots": ([sys.executable, "-c", "from tests.bench.backup_scale_bench import judged; print(judged())"], 10.0),
        "prune --dry-run of all, from the store": ([*front, "prune", "--dry-run", *(f"bench-{number:03d}" for number in range(BACKUPS))], None),
    }
    for what, (line, limit) in lines.items():
        try:
            yield Figure("backup-scale", what, command(line, accepted=(0, 1, 3), folder=ROOT), limit_s=limit)
        except Failed as error:
            yield Figure("backup-scale", what, None, missing=str(error))
