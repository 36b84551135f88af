"""Every table has its place in a kind that says how long it is kept."""

from samdrift.model.viewer import OPERATIONS, member_viewer
from samdrift.store import kinds
from samdrift.store.health import health
from samdrift.store.runs import start_run
from samdrift.store.schema import complete
from tests.unit.store.conftest import AT


def test_every_table_belongs_to_one_kind():
    placed = [name for kind in kinds.KINDS for name in kind.tables]
    assert sorted(placed) == sorted(set(placed))
    tables = {name for name in complete().tables if not name.endswith("_member")}
    assert sorted(tables - set(placed)) == [], "say in store/kinds.py how long these are kept"
    assert sorted(set(placed) - tables) == []
    assert all(kind.dated is None or kind.dated in complete().tables[kind.tables[0]].c for kind in kinds.KINDS)


def test_a_member_is_counted_its_own_rows_alone(store):
    with store.write() as connection:
        start_run(connection, job="j", subject="member:are", at=AT, members=["are"])
        start_run(connection, job="j", subject="all", at=AT)
    rows = {}
    for viewer in (OPERATIONS, member_viewer("are"), member_viewer("berg")):
        found = {kind.id: kind for kind in health(store, viewer=viewer).kinds}
        rows[viewer.id] = found["runs"].rows
        assert found["runs"].oldest_at == (AT if found["runs"].rows else None)
        assert ("evidence" in found) == (viewer is OPERATIONS)
    assert rows == {"operations": 2, "are": 1, "berg": 0}


def test_health_names_a_row_that_hangs_in_the_air(store, sqlite_only):
    assert health(store, viewer=OPERATIONS).integrity == "ok"
    with store.write() as connection:
        start_run(connection, job="j", subject="s", at=AT, members=["are"])
    raw = store.engine.raw_connection()
    try:
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("DELETE FROM run")
    finally:
        raw.invalidate()
    found = health(store, viewer=OPERATIONS)
    assert (found.integrity, found.fault) == ("damaged", "a row of run_member names a row of run that is not there")
