"""A store's backup is one whole file that fits either engine, and a touched one is refused."""

import random
import stat
import threading
from datetime import timedelta

import pytest

from samdrift.model.errors import Refused, WrongStoreVersion, WrongUse
from samdrift.model.finding import Evidence, Finding, Severity, Status, Subject
from samdrift.model.reading import Quality, Reading
from samdrift.model.viewer import OPERATIONS
from samdrift.store import audit, carry, findings, keys, open_store, raw, runs
from samdrift.store.backup_file import SEAL_BYTES
from samdrift.store.schema import VERSION
from tests.unit.store.conftest import AT


def fill(store, count=3):
    for number in range(count):
        at = AT + timedelta(hours=number)
        piece = Evidence(f"ev-{number:020d}", "dns", bytes(range(256)), at, {"å": 1})
        found = Finding("contract-ends", "ended", Subject("contract", "c"), Status.FAILURE, Severity.FAILURE, 'é\n"', at, member="are", evidence=(piece.id,))
        with store.write() as connection:
            run = runs.start_run(connection, job="check", subject="all", at=at)
            findings.record(connection, run.id, [found], [piece])
            raw.append(connection, [Reading("energy-it", "pdu", "are", number, Quality.MEASURED, "lab", at=at)], at=at)
            audit.append(connection, at=at, actor="drift", verb="check", object="all", members=["are"], after={"n": number})


def state(store):
    with store.read() as connection:
        return (
            audit.verify(connection), audit.entries(connection, viewer=OPERATIONS), findings.current(connection, viewer=OPERATIONS),
            runs.list_runs(connection, viewer=OPERATIONS), raw.changed_parts(connection),
            raw.readings(connection, "energy-it", viewer=OPERATIONS, first=AT.date(), last=AT.date() + timedelta(days=1)),
        )  # fmt: skip


def test_a_store_goes_into_a_file_and_back_in_either_engine(store, places, tmp_path):
    fill(store)
    first, second, third = (tmp_path / f"{number}.backup" for number in range(3))
    carry.back_up(store, first, at=AT)
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert carry.restore(first, tmp_path / "embedded") == carry.check(first)
    with open_store(tmp_path / "embedded") as embedded:
        assert state(embedded) == state(store)
        carry.back_up(embedded, second, at=AT)
    assert second.read_bytes() == first.read_bytes()
    back = places()
    carry.restore(second, back.location, state_dir=back.state_dir)
    with back.open() as same_engine:
        assert state(same_engine) == state(store)
        carry.back_up(same_engine, third, at=AT)
        fill(same_engine, 1)
        assert state(same_engine)[0].whole
    assert third.read_bytes() == first.read_bytes()


def test_a_backup_while_writers_run_is_one_state(store, tmp_path):
    fill(store, 2)
    stop = threading.Event()

    def write():
        while not stop.is_set():
            with store.write() as connection:
                audit.append(connection, at=AT, actor="drift", verb="v", object="o")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            carry.back_up(store, tmp_path / f"{number}", at=AT)
    finally:
        stop.set()
        writer.join()
    for number in range(3):
        carry.restore(tmp_path / f"{number}", tmp_path / f"state-{number}")
        with open_store(tmp_path / f"state-{number}") as restored:
            assert state(restored)[0].whole
        keys.read.cache_clear()


def test_a_flipped_byte_anywhere_is_refused_and_nothing_is_restored(store, tmp_path):
    fill(store)
    path, touched = tmp_path / "whole", tmp_path / "touched"
    carry.back_up(store, path, at=AT)
    content = path.read_bytes()
    chance = random.Random(11)
    places = [0, 1, 300, len(content) - 1, len(content) - SEAL_BYTES, len(content) - SEAL_BYTES - 1, *(chance.randrange(len(content)) for _ in range(40))]
    for place in places:
        touched.write_bytes(content[:place] + bytes([content[place] ^ (1 << chance.randrange(8))]) + content[place + 1 :])
        with pytest.raises(WrongUse, match="no backup of a store"):
            carry.restore(touched, tmp_path / "nowhere")
    for short in (b"", content[:100], content[:-1], content + b"x"):
        touched.write_bytes(short)
        with pytest.raises(WrongUse, match="no backup of a store"):
            carry.check(touched)
    assert not (tmp_path / "nowhere").exists()


def test_a_store_that_holds_anything_is_not_filled(store, where, tmp_path):
    fill(store)
    path = tmp_path / "backup"
    carry.back_up(store, path, at=AT)
    before = state(store)
    with pytest.raises(Refused, match="is not empty"):
        carry.restore(path, where.location, state_dir=where.state_dir)
    assert state(store) == before


def test_a_backup_of_another_schema_is_refused_with_both_named(store, tmp_path, monkeypatch):
    path = tmp_path / "backup"
    monkeypatch.setattr(carry, "VERSION", "9999")
    carry.back_up(store, path, at=AT)
    with pytest.raises(WrongStoreVersion, match=rf"9999.*{VERSION}"):
        carry.restore(path, tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_a_backup_that_cannot_be_written_leaves_none(store, tmp_path):
    from samdrift.model.errors import CouldNotRecord

    (tmp_path / "folder").mkdir(0o500)
    with pytest.raises(CouldNotRecord, match=r"no such file|not a directory"):
        carry.back_up(store, tmp_path / "missing" / "backup", at=AT)
    assert list((tmp_path / "folder").iterdir()) == []
