"""Costs of a national joint operation: 290 members x 1000 resources from daily roll-ups to lines, 1000 pools split, a line explained."""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

from sqlalchemy import text

from samdrift.costs.allocation import CostInput, allocate
from samdrift.metering.registry import shipped_meters
from samdrift.model.cost import Document
from samdrift.model.money import apportion
from samdrift.model.nouns.agreement import Agreement
from samdrift.model.nouns.member import Member
from samdrift.model.period import Month
from samdrift.model.viewer import OPERATIONS
from samdrift.store import open_store
from samdrift.store.member_days import member_days
from tests.acceptance.cost_ground import agreement, write
from tests.bench.measure import RUNS, Failed, Figure, Timing, command

SEED = 20261129
MEMBERS, RESOURCES, POOLS = 290, 1000, 1000
SAMDRIFT = str(Path(sys.executable).parent / "samdrift")
OCTOBER = Month(2026, 10)
FILL = f"""
INSERT INTO daily_usage (day, meter, resource, owner, quality, quantity_base, seconds)
WITH RECURSIVE d(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM d WHERE n < 30), m(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM m WHERE i < {MEMBERS - 1}),
     r(j) AS (SELECT 0 UNION ALL SELECT j + 1 FROM r WHERE j < {RESOURCES - 1})
SELECT date('2026-10-01', '+' || n || ' days'), 'backup-volume', printf('m%03d-r%04d', i, j), printf('m%03d', i), 'measured',
       CAST(86400000 * (1000000007 + i * 7919 + j) AS TEXT), '86400' FROM d, m, r
"""
READINGS = "meter,resource,member,at,value\n" + "".join(
    f"energy-it,pdu-{member},{member},2026-01-{day:02}T{hour:02}:00:00+01:00,{(day * 24 + hour) * 100}\n" for member in ("are", "krokom") for day in range(1, 32) for hour in range(24)
) + "".join(f"energy-it,pdu-{member},{member},2026-02-01T00:00:00+01:00,76900\n" for member in ("are", "krokom"))
POOL = "document,line,pool,amount,from,to\nD,1,hall,1234.56,2026-01-01,2026-02-01\n"


def timed(work: Callable[[], object], runs: int = RUNS) -> Timing:
    """The work once to warm up, then `runs` times."""
    work()
    seconds = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return Timing(tuple(sorted(seconds)), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def splits() -> Callable[[], object]:
    chance = random.Random(SEED)
    weights = [{f"m{number:03}": Fraction(chance.randrange(1, 10**6), 10**4) for number in range(MEMBERS)} for _ in range(POOLS)]
    amounts = [chance.randrange(-(10**9), 10**9) for _ in range(POOLS)]
    return lambda: [apportion(ore, own) for ore, own in zip(amounts, weights, strict=True)]


def national() -> CostInput:
    """Three pools by use, in equal parts and over both, for 290 members."""
    contact = {"role": "it-manager", "name": "IT-chef", "email": "it@m.example"}
    ids = tuple(f"m{number:03}" for number in range(MEMBERS))
    members = {each: Member.model_validate({"id": each, "name": each, "kind": "municipality", "since": "2015-01-01", "contacts": (contact,)}) for each in ids}
    head = {"id": "joint", "version": "1", "from": "2016-01-01", "host": ids[0], "decision": "x"}
    keys = {"volume": {"kind": "usage", "meter": "backup-volume"}, "even": {"kind": "even"}}
    pools = {"backup": {"key": "volume", "minimum": "100.00"}, "office": {"key": "even"}, "overhead": {"over": {"pools": ("backup", "office"), "by": "direct-cost"}}}
    version = Agreement.model_validate({"agreement": head, "participants": ids, "keys": keys, "pools": pools})
    documents = tuple(Document("D", pool, pool, 10**9 + 7, date(2026, 10, 1), date(2026, 11, 1)) for pool in pools)
    return CostInput(OCTOBER, "joint", (version,), members, {}, {}, (), documents, shipped_meters())


def from_roll_ups(folder: Path) -> Callable[[], object]:
    store = open_store(folder / "national", create=True)
    with store.write() as connection:
        connection.execute(text(FILL))
    given = national()

    def split() -> object:
        with store.read() as connection:
            rows = member_days(connection, viewer=OPERATIONS, first=date(2026, 10, 1), last=date(2026, 10, 31), meters=["backup-volume"])
        cost = allocate(CostInput(**{**vars(given), "daily": tuple(rows)}))
        assert len(cost.lines) == 3 * MEMBERS
        assert not cost.blocking
        return cost

    return split


def explained(folder: Path) -> Timing:
    house = write(folder / "house", {"agreements/avtal.yml": agreement(), "cost-pools/all.csv": POOL})
    (folder / "readings.csv").write_text(READINGS, encoding="utf-8")
    base = [SAMDRIFT, "--inventory", str(house), "--at", "2026-06-01T08:00:00+02:00", "--store", str(folder / "state")]
    command([*base, "usage", "import", str(folder / "readings.csv")], runs=1)
    command([*base, "cost", "close", "--month", "2026-01", "--yes"], runs=1, accepted=(0, 1))
    return command([*base, "cost", "explain", "2026-01/hall/are/key", "--output", "json"])


def figures(folder: Path) -> Iterator[Figure]:
    yield Figure("costs", f"{POOLS} pools x {MEMBERS} members split", timed(splits()), limit_s=1)
    yield Figure("costs", f"{MEMBERS} members x {RESOURCES} resources: a month's split from daily roll-ups", timed(from_roll_ups(folder)), limit_s=10)
    try:
        yield Figure("costs", "samdrift cost explain, a closed line with 744 samples", explained(folder), limit_s=1)
    except Failed as error:
        yield Figure("costs", "samdrift cost explain", None, missing=str(error)[-250:])
