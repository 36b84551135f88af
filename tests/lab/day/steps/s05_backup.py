"""5: a service is backed up by its playbook, pulled by the disaster site, and restored there with the hall gone, with proof."""

from __future__ import annotations

import json
import shutil

from tests.lab.day.day import Day, LeftOut, Seen, Step, expect
from tests.lab.test_backup_playbook import HOST, MEMBERS, make_joint


def run(day: Day) -> Seen:
    if day.lab_is_up and day.can("full"):
        return on_hosts(day)
    if shutil.which("restic") is None:
        raise LeftOut("restic is not here; apt-get install restic")
    return on_folders(day)


def on_folders(day: Day) -> Seen:
    """Without hosts: the program's own store, two folders as the two sites, real restic."""
    day.samdrift("run", "read-halls")
    device = ("--device", "hall-ops")
    day.samdrift("backup", "run", "samdrift-store", *device)
    day.samdrift("backup", "copy", "samdrift-store", "--device", "are-backup-1")
    proof = day.json("backup", "drill", "samdrift-store", "--level", "3")["items"][0]
    (day.folder / "drill-proof.json").write_text(json.dumps(proof, ensure_ascii=False, indent=2), encoding="utf-8")
    expect(proof["passed"] and not proof["mismatches"], f"the drill did not pass: {proof}")
    return Seen(
        f"samdrift-store: {proof['files']} files restored from the disaster site's folder, equal to the manifest; no hosts at this level",
        {
            "backup": f"samdrift-store, {proof['files']} files, restored and proven equal (two folders stand for the sites)"
        },
        simulated=2,
    )


def on_hosts(day: Day) -> Seen:
    """On the lab's hosts, with the hall cut off."""
    folder = day.folder / "work" / "backup"
    folder.mkdir(parents=True, exist_ok=True)
    joint = make_joint(day.lab, folder, day.state)
    joint.samdrift("enrol", "ostersund", "--device", HOST, code=1)
    joint.back_up()
    (copied,) = joint.samdrift("copy", "bookit", "--device", "are-backup-1", site="hall-are")
    expect(copied["outcome"] == "ok", f"the copy ended {copied['outcome']}: {copied['reasons']}")
    joint.hall("stop")
    joint.lab.fault("link-cut")
    try:
        joint.play("drill-restore.yml", "-e", f"samdrift_members={MEMBERS}", site="hall-are")
        proofs = joint.samdrift("proof", site="hall-are")
        status = joint.samdrift("status", "bookit", site="hall-are")[0]
    finally:
        joint.lab.fault("link-cut", "off")
        joint.hall("start")
    proof = proofs[-1]
    (day.folder / "drill-proof.json").write_text(json.dumps(proof, ensure_ascii=False, indent=2), encoding="utf-8")
    expect(proof["passed"] and proof["holds"] and not proof["mismatches"], f"the drill did not pass: {proof}")
    expect(
        status["status"] == "ok" and status["rpo_met"] and status["rto_met"],
        f"bookit is {status['status']}: {status['reasons']}",
    )
    return Seen(
        f"bookit: {proof['files']} files restored at {proof['site']} with the hall cut off, all equal to the source's manifest in {proof['seconds']} s",
        {
            "backup": f"bookit, {proof['files']} files, restored from the disaster site and proven equal; RPO and RTO met"
        },
    )


STEP = Step(
    5,
    "Back up, pull to the disaster site, drill with proof",
    "restored there with the hall gone, every hash equal",
    run,
)
