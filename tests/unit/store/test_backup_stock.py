"""What the database sums up of a backup's sites is what would be judged from its snapshots, runs and proofs one by one."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from samdrift.backup.freshness import take_stock
from samdrift.model.backup_run import BackupRun
from samdrift.model.drill_proof import DrillProof
from samdrift.model.run import Outcome
from samdrift.model.snapshot import Snapshot
from samdrift.model.viewer import OPERATIONS, Viewer
from samdrift.store import backups, proofs, runs
from samdrift.store.backup_stock import stock

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
SITES = ("hall", "are")
STATES = ("usable", "partial", "suspect", "unregistered", "unusable")


def snapshots(draw, backup, member):
    """Some at both sites, some at one, some twice of one origin, some dumps, and equal recovery points."""
    for number in range(draw.randrange(12)):
        origin, at = f"{draw.getrandbits(256):064x}", AT - timedelta(days=draw.randrange(5))
        state, part = draw.choice(STATES), draw.choice(("", "", "", "/dump"))
        for site in draw.sample(SITES, draw.randint(1, 2)):
            own = origin if site == "hall" and number % 3 else f"{draw.getrandbits(256):064x}"
            yield Snapshot(own, None if own == origin else origin, backup, site, member, state, at, at, at - timedelta(hours=draw.randrange(3)), None, 3, 9, (member,), part)


@pytest.mark.parametrize("seed", range(6))
def test_the_stock_of_many_backups_is_that_of_their_snapshots(store, seed):
    draw = random.Random(seed)
    wanted = {"a": SITES, "b": SITES[:1], "c": ("are", "hall"), "d": SITES}
    with store.write() as connection:
        gone = []
        for backup in ("a", "b", "c"):
            for one in snapshots(draw, backup, "bracke"):
                backups.put_snapshot(connection, one)
                gone += [(one.site, one.id)] if draw.random() < 0.1 else []
        for site, one in gone:
            backups.vanish(connection, site, [one], AT)
    with store.read() as connection:
        for at in (AT, AT - timedelta(days=2), AT - timedelta(days=9)):
            found = stock(connection, viewer=OPERATIONS, sites=wanted, at=at)
            every = backups.snapshots(connection, viewer=OPERATIONS)
            for backup, sites in wanted.items():
                own = [one for one in every if one.backup == backup and one.arrival_at <= at]
                assert found[backup] == take_stock(own, sites), (backup, at)


def test_a_member_takes_stock_of_its_own_alone(store):
    draw = random.Random(7)
    with store.write() as connection:
        for one in snapshots(draw, "a", "bracke"):
            backups.put_snapshot(connection, one)
    with store.read() as connection:
        assert stock(connection, viewer=OPERATIONS, sites={"a": SITES}, at=AT)["a"][0].snapshots
        other = Viewer("krokom", "member", frozenset({"krokom"}))
        assert [one.snapshots for one in stock(connection, viewer=other, sites={"a": SITES}, at=AT)["a"]] == [0, 0]


def proof(number, level, days, passed=True):
    return DrillProof(
        f"K-{number}", "a", "are", "bracke", ("bracke",), level, passed, (), "s", "K-1", "m", 1, 1, 1, 0, (), (), (), {}, {}, (), 1, 1, "drift", AT - timedelta(days=days), {}
    )  # fmt: skip


def test_the_newest_run_and_the_newest_passed_proof_of_each_level_are_found_as_of_an_instant(store):
    with store.write() as connection:
        for days in (3, 2, 1):
            opened = runs.start_run(connection, job="run-backups:a", subject="a", at=AT - timedelta(days=days))
            backups.add_run(connection, BackupRun(opened.id, "a", "run", "hall", "bracke", Outcome.OK, (), opened.started_at, opened.started_at, ("bracke",), files=days))
        for one in (proof(1, 3, 5), proof(2, 3, 4), proof(3, 3, 2, passed=False), proof(4, 2, 1), proof(5, 4, 9)):
            proofs.append(connection, lambda previous, one=one: replace(one, previous=previous))
    with store.read() as connection:
        passed = {days: proofs.last_passed(connection, viewer=OPERATIONS, backups=["a"], until=AT - timedelta(days=days)) for days in (0, 4.5)}
        assert {days: [one.id for one in found] for days, found in passed.items()} == {0: ["K-5", "K-4", "K-2"], 4.5: ["K-5", "K-1"]}
        found = {days: backups.last_runs(connection, viewer=OPERATIONS, backups=["a"], action="run", until=AT - timedelta(days=days)) for days in (0, 2, 9)}
    assert {days: [run.files for run in ran] for days, ran in found.items()} == {0: [1], 2: [2], 9: []}
