"""Rows of two members in a store, made as the program makes them: a closed month, findings, backups, alerts, hall readings, network backups, audit entries."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from samdrift.adapters.git import commit_text, make_repository
from samdrift.model.anomaly import FileSample, RunSigns, Signs
from samdrift.model.backup_run import BackupRun
from samdrift.model.cost import Booking
from samdrift.model.drill_proof import DrillProof
from samdrift.model.finding import Evidence, Finding, Severity, Status, Subject
from samdrift.model.inventory import Inventory
from samdrift.model.network_backup import NetworkBackup, NetworkStatus
from samdrift.model.period import Month
from samdrift.model.retention import Hold, Review
from samdrift.model.run import Outcome
from samdrift.model.snapshot import RepositoryLook, Snapshot
from samdrift.model.viewer import member_viewer
from samdrift.operations.close_costs import close_costs
from samdrift.operations.load_inventory import load_inventory
from samdrift.operations.observe_halls import observe_halls, record_poll
from samdrift.operations.receive_alerts import receive_alerts
from samdrift.operations.settle_costs import advance_costs
from samdrift.store import Store, alerts, audit, backup_signs, backups, findings, network, open_store, proofs, retention
from samdrift.store.bookings import add_booking
from samdrift.store.runs import end_run, start_run

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
BACKUPS = {"krokom": "webb-krokom", "rtj": "raddningstjanstens-servrar"}
"""The two members that have rows, and a backup that is each one's alone."""
DEVICES = {"krokom": "rt-are-1", "rtj": "rt-ost-1"}


@dataclass(frozen=True, slots=True)
class Own:
    """What one member has in the store: ids that are nobody else's to see."""

    alert: str
    evidence: str
    run: str
    proof: str
    snapshot: str
    backup: str
    network: str

    @property
    def private(self) -> frozenset[str]:
        return frozenset({self.alert, self.evidence, self.run, self.proof, self.snapshot})


def fill(folder: Path, tokens: Mapping[str, str]) -> dict[str, Own]:
    """Write the rows; gives what each member has. `tokens` stand in every free text."""
    inventory, found = load_inventory(folder / "inventory", at=AT), {}
    with open_store(folder / "state") as store:
        close_costs(
            inventory, store, Month.parse("2026-10"), at=AT, accepted={"simulated": "a test", "estimated": "a test"}
        )
        _year_of_costs(inventory, store)
        record_poll(store, observe_halls(inventory, at=AT))
        checked = _run(store, "check-dns", ())
        for member in BACKUPS:
            found[member] = _of_member(inventory, store, member, tokens[member], checked)
    return found


def _year_of_costs(inventory: Inventory, store: Store) -> None:
    """The advance of 2026, and of 2025 a settlement in which every payer has an amount of its own."""
    made = advance_costs(inventory, store, 2026, at=AT)
    payers = sorted({line.member for line in made.lines})
    settled = [
        replace(next(line for line in made.lines if line.member == payer), line=f"2025/settlement/{payer}/refund", component="settlement", amount_ore=-1000 - place)
        for place, payer in enumerate(payers)
    ]
    with store.write() as connection:
        add_booking(connection, Booking(made.agreement, "settlement/2025/1", "settlement", "2025-12", "2025", AT, "operations", "", tuple(settled)))


def _run(store: Store, job: str, members: tuple[str, ...]) -> str:
    with store.write() as connection:
        run = start_run(connection, job=job, subject=members[0] if members else "all", at=AT, members=members).id
        end_run(connection, run, at=AT + timedelta(minutes=1), outcome=Outcome.OK)
    return run


def _of_member(inventory: Inventory, store: Store, member: str, token: str, checked: str) -> Own:
    snapshot, run, backup = (
        hashlib.sha256(token.encode()).hexdigest(),
        _run(store, "backup", (member,)),
        BACKUPS[member],
    )
    with store.write() as connection:
        piece = _finding(member, token)
        findings.record(connection, checked, [piece[0]], [piece[1]])
        site = inventory.devices[DEVICES[member]].site or ""
        backups.add_run(
            connection,
            BackupRun(run, backup, "run", site, member, Outcome.OK, (), AT, AT, snapshot=snapshot, message=token),
        )
        backups.put_snapshot(
            connection, Snapshot(snapshot, None, backup, site, member, "usable", AT, AT, AT, run, 10, 1000)
        )
        backup_signs.add_signs(connection, RunSigns(run, backup, member, AT, Signs(1, 2, 3, 4, 5, (FileSample(f".{token}", 3, 100),)), judged=True, suspect=True, signals=("new",)))
        retention.add_hold(connection, Hold(f"H-{token.upper()}", backup, member, token, token, AT))
        retention.put_review(connection, Review(snapshot, backup, member, "accept", token, token, AT))
        backups.put_look(
            connection, RepositoryLook(backup, site, member, AT, up=True, repository_id=token, snapshots=1)
        )
        proof = proofs.append(connection, lambda previous: _proof(member, backup, site, token, run, snapshot, previous))
        network.add_backup(connection, _network(member, token, site, checked))
        audit.append(
            connection,
            at=AT,
            actor=token,
            verb="backup-restore",
            object=f"backup:{token}",
            members=[member],
            after={"to": token},
        )
    repository = store.state_dir / "network" / "shared.git"
    make_repository(repository)
    commit_text(
        repository, f"{DEVICES[member]}/running.txt", f"hostname {token}\n", message=token, author="operations", at=AT
    )
    receive_alerts(store, _post(member, token), at=AT)
    with store.read() as connection:
        (alert,) = alerts.list_alerts(connection, viewer=member_viewer(member))
    return Own(alert.id, piece[1].id, run, proof.id, snapshot, backup, DEVICES[member])


def _finding(member: str, token: str) -> tuple[Finding, Evidence]:
    content = f"seen {token}".encode()
    piece = Evidence(f"ev-{hashlib.sha256(content).hexdigest()[:20]}", "text", content, AT, {"server": token})
    zone = Subject("zone", f"{member}.example")
    return Finding(
        "dnssec-ds-matches",
        "ds-mismatch",
        zone,
        Status.FAILURE,
        Severity.FAILURE,
        token,
        AT,
        member=member,
        evidence=(piece.id,),
    ), piece


def _proof(member: str, backup: str, site: str, token: str, run: str, snapshot: str, previous: str) -> DrillProof:
    return DrillProof(
        "K-" + hashlib.sha256(f"proof {token}".encode()).hexdigest()[:6].upper(), backup, site, member, (member,), 3, True, (token,), snapshot, run, "bb", 10, 1000, 10, 0,
        (), (), (), {}, {}, (), 60, 50, token, AT, {"restic": "0.14.0"}, previous=previous,
    )  # fmt: skip


def _network(member: str, token: str, site: str, run: str) -> NetworkBackup:
    return NetworkBackup(
        run,
        DEVICES[member],
        member,
        site,
        "frr",
        NetworkStatus.CHANGED,
        AT,
        3,
        message=token,
        last_success_at=AT,
        size_bytes=9,
        members=(member,),
    )


def _post(member: str, token: str) -> bytes:
    labels = {"alertname": "BackupLate", "member": member, "severity": "warning"}
    told = {
        "fingerprint": hashlib.sha256(token.encode()).hexdigest()[:16], "status": "firing", "startsAt": "2026-11-24T08:00:00Z", "labels": labels,
        "annotations": {"summary": f"summary {token}", "description": token},
    }  # fmt: skip
    return json.dumps({"alerts": [told]}).encode()
