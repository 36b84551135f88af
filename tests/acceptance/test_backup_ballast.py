"""`backup ballast`: the plan changes nothing, the file takes real blocks, freeing is audited, and it is nobody's volume."""

import json
import shutil

import pytest

from samdrift.adapters.clock import now
from samdrift.model.period import local_day
from samdrift.model.viewer import OPERATIONS
from samdrift.operations.load_inventory import load_inventory
from samdrift.operations.measure_backups import measure_backups
from samdrift.store import audit, backup_volumes, open_store
from tests.acceptance.conftest import start
from tests.contracts.folders import ROOT

SIZE = 3 << 20


@pytest.fixture
def ballast(tmp_path):
    shutil.copytree(ROOT / "inventory", tmp_path / "inventory")
    targets = tmp_path / "inventory" / "backup-targets.yml"
    targets.write_text(targets.read_text().replace("    quotas:", "    ballast: 3 MiB\n    quotas:", 1))
    (tmp_path / "state").mkdir(mode=0o700)
    (tmp_path / "state" / "backup" / "hall").mkdir(parents=True)

    def run(*arguments, code=0, front=()):
        ended = start("--inventory", str(tmp_path / "inventory"), "--store", str(tmp_path / "state"), "--output", "json", *front, "backup", "ballast", *arguments)
        assert ended.code == code, ended.err
        return json.loads(ended.out)["items"] if ended.out.strip() else ended.err

    return run


def test_it_is_made_freed_and_counted_as_nobodys(ballast, tmp_path):
    path = tmp_path / "state" / "backup" / "hall" / ".ballast"
    (plan,) = ballast("hall", "--dry-run")
    assert (plan["action"], plan["done"], plan["wanted_bytes"], plan["held_bytes"], path.exists()) == ("make", False, SIZE, 0, False)
    made, none = ballast()
    assert (none["target"], none["action"]) == ("disaster", "nothing")
    assert (made["target"], made["action"], made["done"], path.stat().st_size) == ("hall", "make", True, SIZE)
    assert path.stat().st_blocks * 512 >= SIZE, "a sparse file would keep nothing"
    assert [(one["action"], one["held_bytes"]) for one in ballast("hall")] == [("nothing", SIZE)]
    at, inventory = now(), load_inventory(tmp_path / "inventory", at=now())
    with open_store(tmp_path / "state") as store:
        measure_backups(inventory, store, at=at)
        with store.read() as connection:
            (hall,) = [one for one in backup_volumes.target_days(connection, viewer=OPERATIONS, since=local_day(at)) if one.target == "hall"]
    assert hall.stored_bytes == 0
    assert [(one["action"], one["done"]) for one in ballast("hall", "--free", "--dry-run")] == [("free", False)]
    assert path.exists()
    assert [(one["action"], one["done"]) for one in ballast("hall", "--free")] == [("free", True)]
    assert not path.exists()
    with path.open("wb") as sparse:
        sparse.truncate(SIZE)
    assert [(one["action"], one["held_bytes"]) for one in ballast("hall")] == [("make", 0)]
    with open_store(tmp_path / "state") as store, store.read() as connection:
        told = [entry.plain for entry in audit.entries(connection, viewer=OPERATIONS) if entry.plain["verb"] == "ballast"]
    assert [(one["object"], one["after"]) for one in told] == [("backup-target:hall", {"act": act, "bytes": SIZE}) for act in ("make", "free", "make")]


def test_what_is_not_here_or_not_asked_for_is_told(ballast):
    said = ballast("hal", code=2)
    assert "'hal'" in said
    assert "hall" in said
    assert [(one["action"], one["wanted_bytes"]) for one in ballast("disaster")] == [("nothing", 0)], "it declares none"
    assert "does not run them" in ballast("hall", "--free", front=("--as", "bracke"), code=2)
