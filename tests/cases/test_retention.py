"""Retention: snapshots by arrival → what is kept and by which slot; surroundings → reasons to refuse."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from samdrift.backup.refusals import Surroundings, refusals, refuse
from samdrift.backup.retention import decide, hold_copies
from samdrift.model.nouns.retention_policy import RetentionPolicy
from samdrift.model.period import STOCKHOLM
from samdrift.model.snapshot import Snapshot

HERE = Path(__file__).parent / "backup"
AT = datetime(2026, 11, 24, 12, tzinfo=UTC)


def cases(name):
    return yaml.load((HERE / f"{name}.yml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader if name == "retention" else yaml.SafeLoader)


def local(text):
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM).astimezone(UTC)


def snapshot(name, arrival, state="usable", claimed=None, run="K-1", files=100, size=1000):
    return Snapshot(name, None, "b", "hall", "are", state, claimed or arrival, arrival, arrival, run, files, size)


@pytest.mark.parametrize("case", cases("retention"), ids=lambda case: case["name"])
def test_slots_keep_what_the_case_says(case):
    given = [snapshot(name, local(arrival), state, local(*claimed) if claimed else None) for name, arrival, state, *claimed in case["given"]]
    policy = {key: value if key in {"keep_within", "disaster_hold"} else int(value) for key, value in case["policy"].items()}
    arrivals = {name: local(when) for name, when in case.get("arrivals", {}).items()}
    found = decide(given, RetentionPolicy.model_validate({"id": "pp", **policy}), local(case["at"]), arrivals=arrivals)
    assert {one.snapshot.id: one.slots for one in found if one.decision == "keep"} == case["keep"]
    assert all(one.because for one in found)


@pytest.mark.parametrize("case", cases("disaster-hold"), ids=lambda case: case["name"])
def test_the_disaster_site_keeps_longer(case):
    policy = RetentionPolicy.model_validate({"id": "pp", "keep_within": "1 h", "minimum": 1, "disaster_hold": "30 d"})
    found = decide([snapshot("a", AT - timedelta(days=90))], policy, AT)
    there = frozenset({"a"} if case["gone"] == "there" else ())
    forgotten = {"a": AT - timedelta(days=case["gone"])} if isinstance(case["gone"], int) else {}
    hold_copies(found, forgotten, there, policy.disaster_hold, AT)
    assert found[0].slots == ([case["slot"]] if case["slot"] else [])
    assert found[0].decision == ("keep" if case["slot"] else "forget")


@pytest.mark.parametrize("case", cases("refusals"), ids=lambda case: case["name"])
def test_retention_is_refused_for_the_reasons_of_the_case(case):
    policy = RetentionPolicy.model_validate({"id": "pp", "keep_within": "1 h", "daily": case.get("daily", 18), "weekly": 1, "minimum": case.get("minimum", 5), "disaster_hold": "30 d"})
    given = [snapshot(f"{number:02d}", AT - timedelta(days=number + 1)) for number in range(20)]
    run = (given[0].arrival_at - timedelta(minutes=2), given[0].arrival_at + timedelta(minutes=30))
    claimed = given[0].arrival_at + timedelta(minutes=case.get("claimed_after_min", 0))
    given[0] = snapshot("00", given[0].arrival_at, case.get("state", "usable"), claimed, case.get("run", "K-0"))
    if "keeper_files" in case or "keeper_bytes" in case:  # two of one day: the later fills the slot
        small = snapshot("05b", given[5].arrival_at + timedelta(hours=1), files=case.get("keeper_files", 100), size=case.get("keeper_bytes", 1000))
        given.append(small)
    runs = {"K-0": run, "K-1": (AT - timedelta(days=99), AT)}
    around = {"checked": True, "copied": True, "scored": True, **case.get("around", {})}
    around |= {name: tuple(around[name]) for name in ("vanished", "holds") if name in around}
    reviewed = frozenset({"00"} if case.get("reviewed") else ())
    decided = decide(given, policy, AT)
    found = refusals(decided, policy, Surroundings(runs=runs, reviewed=reviewed, **around))
    assert [str(one.reason) for one in found] == case["expect"], [one.text for one in found]
    refuse(decided, found)
    forgotten = [one.snapshot.id for one in decided if one.decision == "forget"]
    assert not (found and forgotten)
    assert bool(forgotten) == (not found and case.get("daily", 18) < 20)


def test_a_runs_dumps_share_the_fate_of_its_main_snapshot():
    from dataclasses import replace

    policy = RetentionPolicy.model_validate({"id": "pp", "keep_within": "1 h", "daily": 1, "minimum": 1, "disaster_hold": "30 d"})
    mains = [snapshot(name, AT - timedelta(days=days), run=f"K-{name}") for name, days in (("a", 1), ("b", 2))]
    parts = [replace(one, id=f"{one.id}-dump", part="/samdrift/postgres/x.dump", files=1, size_bytes=5) for one in mains]
    orphan = replace(parts[0], id="orphan", run="K-gone", arrival_at=AT - timedelta(days=3), claimed_at=AT - timedelta(days=3))
    found = {one.snapshot.id: (one.decision, one.slots) for one in decide([*parts, *mains, orphan], policy, AT)}
    kept = ("keep", ["day 2026-11-23"])
    assert found == {"a": kept, "a-dump": kept, "b": ("forget", []), "b-dump": ("forget", []), "orphan": ("forget", [])}
