"""Backup: what was seen of a run → its verdict; what restic wrote → the reason."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from samdrift.adapters.restic import classify
from samdrift.backup.judgement import Past, judge_run
from samdrift.model.backup_run import BackupReason, RunFacts, SourceFacts

HERE = Path(__file__).parent / "backup"
AT = datetime(2026, 11, 24, 1, 15, tzinfo=UTC)


def cases(name):
    return yaml.safe_load((HERE / f"{name}.yml").read_text(encoding="utf-8"))


def facts(case):
    rows = [SourceFacts(path, kind, before, after, stored, files, size) for path, kind, stored, files, size, before, after in case["sources"]]
    snapshot = case.get("snapshot", "5f" * 32)
    failure = BackupReason(case["failure"]) if "failure" in case else None
    return RunFacts(
        "b", "K-1", AT, AT, "restic 0.14.0", tuple(rows), engine_code=case.get("code", 0), failure=failure, snapshot=snapshot, claimed_at=AT, tagged=snapshot is not None,
        unreadable=tuple(case.get("unreadable", ())),
    )  # fmt: skip


@pytest.mark.parametrize("case", cases("judge-run"), ids=lambda case: case["name"])
def test_a_run_is_judged_by_what_was_read_back(case):
    found = judge_run(facts(case), [Past(*row) for row in case.get("usable", ())])
    expected = case["expect"]
    assert (found.outcome.value, [str(one) for one in found.reasons], found.snapshot_state) == (expected["outcome"], expected["reasons"], expected["state"]), found.sentences
    assert len(found.sentences) >= len(found.reasons)


@pytest.mark.parametrize("case", cases("classify-restic"), ids=lambda case: case["expect"])
def test_restics_words_give_the_reason(case):
    assert str(classify(case["says"], case.get("timed_out", False))) == case["expect"]


@pytest.mark.parametrize("case", cases("judge-run"), ids=lambda case: case["name"])
def test_facts_survive_their_way_as_json(case):
    import json

    seen = facts(case)
    assert RunFacts.from_json(json.loads(json.dumps(seen.to_json()))) == seen
