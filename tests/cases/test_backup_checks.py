"""Every check of backups: what the store knows of a service's backups → findings."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

import samdrift.backup.checks as folder
from samdrift.backup.freshness import BackupRecord, WantedSite, judge_backup
from samdrift.backup.in_hand import ServiceInHand
from samdrift.backup.looked import Looked, SiteLook
from samdrift.model.backup_run import BackupReason, BackupRun, Damage
from samdrift.model.check import Check
from samdrift.model.drill_proof import DrillProof
from samdrift.model.nouns.backup import Backup
from samdrift.model.registry import scan
from samdrift.model.run import Outcome
from samdrift.model.snapshot import RepositoryLook, Snapshot

HERE = Path(__file__).parent / "checks"
CHECKS = scan(folder, "CHECK", Check)
CASES = [(check, case) for check in CHECKS for case in yaml.safe_load((HERE / f"{check}.yml").read_text(encoding="utf-8"))]
AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
SITES = (WantedSite("hall", "primary", "append-only"), WantedSite("are", "disaster", "pulled"))
WHOLE = {"device": "dd", "sources": ({"path": "/srv"},), "schedule": "01:30 daily", "max_duration": "2 h", "retention": "drift"}


def state(given):
    backup = Backup.model_validate({"id": "bb", "service": "ss", **WHOLE, "drills": given.get("drills", {"3": "31 d"})})
    sites = SITES[: len(given["sites"])]
    seen = [(site.site, AT - timedelta(hours=hours)) for site, hours in zip(sites, given["sites"], strict=True) if hours is not None]
    snapshots = tuple(Snapshot("aa" * 32, None, "bb", site, "are", "usable", when, when, when, "K-1", 9, 90) for site, when in seen)
    looks = tuple(RepositoryLook("bb", site.site, "are", AT, given.get("up", True), None) for site in sites) if given.get("looked", True) else ()
    proofs = ()
    if "drilled_s" in given:
        when = AT - timedelta(days=given.get("drilled_days", 1))
        proofs = (DrillProof("K-9", "bb", "are", "are", (), 3, True, (), "aa", "K-1", "bb", 9, 90, 9, 0, (), (), (), {}, {}, (), given["drilled_s"], 1, "ops", when, {}),)
    runs = (BackupRun("K-1", "bb", "run", "hall", "are", Outcome.OK, (), AT, AT),) if seen else ()
    objectives = tuple(None if key not in given else given[key] * 3600 for key in ("rpo_h", "rto_h"))
    return judge_backup(backup, sites, BackupRecord(runs, snapshots, looks, proofs), objectives, AT)


def looked(given):
    """`check`, `scan`: [outcome, reasons, damaged, hours ago]; `anomaly`, `signals`, `vanished`: as they stand."""

    def run(action, site, row):
        outcome, reasons, damaged, hours = row
        when = AT - timedelta(hours=hours)
        found = tuple(Damage(one) for one in damaged)
        return BackupRun("K-2", "bb", action, site, "are", Outcome(outcome), tuple(map(BackupReason, reasons)), when, when, damaged=found)

    sites = SITES[: len(given["sites"])]
    looks = tuple(
        SiteLook(
            one.site, *(run(action, one.site, given[action]) if action in given else None for action in ("check", "scan")),
            coverage_permille=given.get("coverage", 1000) if "check" in given else None, look_reason=BackupReason(given["look"]) if "look" in given else None,
            looked=given.get("looked", True),
        )
        for one in sites
    )  # fmt: skip
    return Looked(looks, given.get("anomaly", "ok"), tuple(given.get("signals", ())), tuple(given.get("vanished", ())))


@pytest.mark.parametrize(("check", "case"), CASES, ids=[f"{check}: {case['name']}" for check, case in CASES])
def test_a_service_in_hand_gives_the_findings_that_the_case_says(check, case):
    given = case["given"]
    backups = tuple((one["id"], state(one)) for one in given["backups"])
    looks = {one["id"]: looked(one) for one in given["backups"]}
    hand = ServiceInHand("ss", "are", ("are",), given.get("active", True), given.get("stores", True), backups, looks)
    found = [
        {"code": one.code, "status": one.status.value, **({"reason": one.reason.value} if one.reason else {})} for one in CHECKS[check].judge(hand, AT)
    ]
    assert found == case["expect"]
    assert all(one.members == ("are",) for one in CHECKS[check].judge(hand, AT))
