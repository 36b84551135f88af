"""One run a job at a time, and the lock dies with its process."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from samdrift.model.errors import LockHeld
from samdrift.store.lock import job_lock_of
from samdrift.store.process_identity import Process, alive, myself
from tests.unit.store.conftest import AT

ROOT = Path(__file__).resolve().parents[3]
HOLDER = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from samdrift.model.errors import SamdriftError
from samdrift.store import open_store
from samdrift.store.lock import job_lock_of
store = open_store(os.environ["TEST_STORE"], state_dir=Path(os.environ["TEST_STATE"]))
print("ready", flush=True)
sys.stdin.readline()
try:
    with job_lock_of(store, "collect-usage", at=datetime.now(UTC)):
        print("works", flush=True)
        sys.stdin.readline()
except SamdriftError as error:
    print(error.message, flush=True)
    sys.exit(error.exit_code)
"""


class Program:
    """A process that opens the store, and asks for the lock when told."""

    def __init__(self, where):
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLDER], cwd=ROOT, env=where.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def tell(self):
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def line(self):
        return self.process.stdout.readline().strip()

    def take(self):
        assert self.line() == "ready"
        self.tell()
        return self.line()

    def end(self):
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def programs(where, store):
    started = []

    def start(count=1):
        made = [Program(where) for _ in range(count)]
        started.extend(made)
        return made

    yield start
    for program in started:
        program.end()


def test_of_twenty_at_once_one_works_and_nineteen_are_told_who(programs):
    many = programs(20)
    for program in many:
        assert program.line() == "ready"
    for program in many:
        program.tell()
    said = [program.line() for program in many]
    assert sorted(line == "works" for line in said) == [False] * 19 + [True]
    holder = many[said.index("works")]
    for program, line in zip(many, said, strict=True):
        if program is not holder:
            assert program.process.wait(timeout=20) == 75
            assert line.startswith("collect-usage is running: ")
            assert "very moment" in line or f"process {holder.process.pid}, since 20" in line


def test_a_killed_holder_frees_the_lock_at_once(programs, store):
    (program,) = programs()
    assert program.take() == "works"
    with pytest.raises(LockHeld, match=f"process {program.process.pid}"), job_lock_of(store, "collect-usage", at=AT):
        pytest.fail("two at once")
    program.process.send_signal(signal.SIGKILL)
    program.process.wait()
    with job_lock_of(store, "collect-usage", at=AT):
        pass


def test_removing_the_lock_file_while_held_lets_no_second_in(programs, store, sqlite_only):
    (program,) = programs()
    assert program.take() == "works"
    (store.state_dir / "locks" / "collect-usage").unlink()
    for _ in range(3):
        with pytest.raises(LockHeld, match=f"process {program.process.pid}"), job_lock_of(store, "collect-usage", at=AT):
            pytest.fail("two at once")
    program.tell()
    program.process.wait(timeout=20)
    with job_lock_of(store, "collect-usage", at=AT):
        pass


def test_a_lost_lock_refuses_a_late_write(store):
    with job_lock_of(store, "j", at=AT) as early:
        with store.write() as connection:
            connection.exec_driver_sql("UPDATE job_lock SET token = token + 1")
        with pytest.raises(LockHeld, match="lost"), store.write() as connection:
            early.require(connection)


def test_jobs_do_not_lock_one_another(store):
    with job_lock_of(store, "a", at=AT), job_lock_of(store, "b", at=AT):
        pass


def test_tokens_only_grow(store):
    tokens = []
    for _ in range(3):
        with job_lock_of(store, "j", at=AT) as held:
            tokens.append(held.token)
    assert tokens == [1, 2, 3]


def test_a_process_is_known_by_its_start():
    me = myself()
    assert alive(me) is True
    assert alive(Process(me.host, me.pid, me.birth.rpartition("/")[0] + "/1")) is False
    assert alive(Process("elsewhere", me.pid, "boot/pid:[1]/7")) is None
    assert json.dumps(me.birth)
