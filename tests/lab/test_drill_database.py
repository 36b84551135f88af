"""Level 4: databases come back into a cluster of the drill's own, and are counted as the dump's transaction counted them (backup.md B21)."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from samdrift.adapters.scratch_cluster import HEAD, PARENT
from tests.lab.test_backup_databases import enrolled, joint, server, source_of  # noqa: F401 - fixtures of the same ground

pytestmark = [pytest.mark.network, pytest.mark.level("user")]
HOLDS = {"select count(*) > 10 from lan": "t"}


def left_behind():
    return sorted(path.name for path in Path(PARENT).glob(f"{HEAD}*"))


def test_a_database_is_restored_into_a_scratch_cluster_and_counts_as_at_its_source(joint, server):  # noqa: F811
    joint.edit(sources=[{"path": str(joint.source)}, source_of(server, queries=HOLDS)], drills={"3": "31 d", "4": "31 d"})
    joint.back_up()
    joint.copy()
    joint.target.stop()  # the primary is cut off
    proof = joint.drill("--level", "4")
    assert (proof["passed"], proof["site"], proof["level"], proof["mismatches"], proof["files"]) == (True, "hall-are", 4, [], 1)
    assert set(proof["queries_expected"]) == {"koha.lan", "koha.vard.journal", "koha: select count(*) > 10 from lan"}
    assert proof["queries_found"] == proof["queries_expected"]
    assert proof["queries_found"]["koha.lan"].startswith("20000 ")
    assert server.sql("select count(*) from pg_database where datname like 'drill%'").strip() == "0", "the live host is never touched"
    assert left_behind() == []
    (status,) = joint.run("status", "bookit", code=1)
    assert status["rto_met"] is None, "with a database a restore is level 3 and 4 together"
    joint.drill("--level", "3")
    (status,) = joint.run("status", "bookit", code=None)
    assert status["restore_estimate_seconds"] >= proof["seconds"]
    (verdict,) = [one for one in joint.run("proof") if one["id"] == proof["id"]]
    assert verdict["holds"] is True


@pytest.mark.slow
def test_other_rows_a_query_that_does_not_hold_and_a_killed_drill_are_told(joint, server):  # noqa: F811
    joint.edit(sources=[{"path": str(joint.source)}, source_of(server, queries={"select count(*) from lan": "7"})])
    joint.back_up()
    joint.copy()
    with sqlite3.connect(joint.state / "samdrift.sqlite") as connection:
        (more,) = connection.execute("SELECT more FROM backup_run WHERE action = 'run'").fetchone()
        found = json.loads(more)
        found["dumps"][0]["tables"][0]["rows"] = 19_999
        connection.execute("UPDATE backup_run SET more = ? WHERE action = 'run'", (json.dumps(found, sort_keys=True, separators=(",", ":")),))
    proof = joint.drill("--level", "4", code=1)
    assert (proof["passed"], proof["reasons"]) == (False, ["2 differ"])
    assert any("20000 rows of 19999" in one for one in proof["mismatches"])
    assert any("wanted '7'" in one for one in proof["mismatches"])
    process = subprocess.Popen(joint.command("drill", "bookit", "--level", "4"), env=joint.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while not left_behind() and time.monotonic() < until:
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert left_behind(), "the kill came in the middle"
    joint.drill("--level", "4", code=1)
    assert left_behind() == []
