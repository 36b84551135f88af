"""A store is made on purpose, is ours alone, and says which version it has."""

import os
import stat

import pytest
from sqlalchemy import text

from samdrift.model.errors import CouldNotObserve, CouldNotRecord, WrongStoreVersion, WrongUse
from samdrift.store import location, open_store
from samdrift.store.keys import folder as keys_folder
from samdrift.store.location import DATABASE, locate
from samdrift.store.schema import VERSION


def test_reading_never_creates_a_store(where):
    with pytest.raises(WrongUse) as refused:
        where.open()
    assert "samdrift store migrate" in str(refused.value.help)
    assert not where.state_dir.exists()


def test_an_empty_database_is_no_store_for_a_reader(where, sqlite_only):
    where.state_dir.mkdir(mode=0o700)
    (where.state_dir / DATABASE).touch(mode=0o600)
    with pytest.raises(WrongUse, match="no store"):
        where.open()


def test_what_is_made_is_read_by_us_alone(store):
    assert stat.S_IMODE(store.state_dir.stat().st_mode) == 0o700
    for path in store.state_dir.rglob("*"):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077 or path.name.endswith(("-wal", "-shm")), path
    assert [path.name for path in keys_folder(store.state_dir).iterdir()] == ["audit-1"]


def test_a_state_folder_that_others_can_look_into_is_refused(where, store):
    where.state_dir.chmod(0o750)
    with pytest.raises(WrongUse, match="others may look into") as refused:
        where.open()
    assert refused.value.help == f"chmod 700 {where.state_dir}"


def test_creating_twice_changes_nothing(where, store):
    with store.write() as connection:
        connection.execute(text("INSERT INTO run (id, job, subject, started_at, host, pid, counts, reasons) VALUES ('K-1', 'j', 's', 0, 'h', 1, '{}', '[]')"))
    key = (keys_folder(where.state_dir) / "audit-1").read_bytes()
    with where.open(create=True) as again, again.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM run")).scalar() == 1
    assert (keys_folder(where.state_dir) / "audit-1").read_bytes() == key


@pytest.mark.parametrize(("found", "help_text"), [("0000", "samdrift store migrate"), ("9999", "newer samdrift")])
def test_another_version_is_refused_with_both_named(where, store, found, help_text):
    with store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :found"), {"found": found})
    for create in (False, True):
        with pytest.raises(WrongStoreVersion) as refused:
            where.open(create=create)
        assert found in refused.value.message
        assert VERSION in refused.value.message
        assert help_text in str(refused.value.help)
        assert refused.value.exit_code == 2


def test_another_programs_database_is_refused(where, store):
    with store.write() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    with pytest.raises(WrongUse, match="other tables"):
        where.open(create=True)


@pytest.mark.parametrize("url", ["postgresql://drift:hunter2@db.example/samdrift", "postgresql://drift@db.example/samdrift?password=hunter2"])
def test_a_password_in_the_url_is_refused_and_not_repeated(url):
    with pytest.raises(WrongUse) as refused:
        locate(url)
    assert "hunter2" not in str(refused.value.lines())
    assert "PGPASSFILE" in str(refused.value.help)


@pytest.mark.parametrize("url", ["mysql://drift@db.example/samdrift", "sqlite:///tmp/x", "://"])
def test_another_kind_of_url_is_refused(url, tmp_path):
    with pytest.raises(WrongUse):
        locate(url, tmp_path)


def test_sqlite_on_a_network_file_system_is_refused(tmp_path, monkeypatch):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda / ext4 rw 0 0\nserver:/x {tmp_path} nfs4 rw 0 0\n")
    assert location.file_system(tmp_path, mounts) == "nfs4"
    monkeypatch.setattr(location, "file_system", lambda folder: "nfs4")
    with pytest.raises(WrongUse, match="network file system"):
        open_store(tmp_path / "state", create=True)


def test_a_transaction_is_kept_whole_or_not_at_all(store):
    row = "INSERT INTO run (id, job, subject, started_at, host, pid, counts, reasons) VALUES ('K-1', 'j', 's', 0, 'h', 1, '{}', '[]')"

    def fail_half_way():
        with store.write() as connection:
            connection.execute(text(row))
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        fail_half_way()
    with store.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM run")).scalar() == 0


def test_each_connection_syncs_fully_and_keeps_foreign_keys(store, sqlite_only):
    with store.write() as connection:
        found = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous", "foreign_keys")}
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_damaged_database_is_one_line_that_names_it(where, store, sqlite_only):
    store.close()
    database = where.state_dir / DATABASE
    database.write_bytes(b"not a database at all" * 500)
    with pytest.raises((CouldNotObserve, WrongUse)) as refused:
        where.open()
    assert str(database) in refused.value.message
    assert "\n" not in refused.value.message


def test_a_database_that_turns_read_only_is_said_with_its_path(store, sqlite_only):
    def write():
        with store.write() as connection:
            connection.exec_driver_sql("PRAGMA query_only = ON")
            connection.execute(text("DELETE FROM run"))

    with pytest.raises(CouldNotRecord, match=str(store.state_dir)):
        write()


def test_a_state_folder_that_cannot_be_made_is_refused_before_work(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(WrongUse, match="not a directory"):
        open_store(tmp_path / "file" / "state", create=True)
    os.mkdir(tmp_path / "plain", 0o700)
    with pytest.raises(WrongUse, match="no store"):
        open_store(tmp_path / "plain")
