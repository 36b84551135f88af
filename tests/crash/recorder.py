"""A small job that records: a run, readings, a finding and an audit entry in one transaction each batch; says each batch after its commit."""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from samdrift.model.errors import SamdriftError
from samdrift.model.finding import Evidence, Finding, Severity, Status, Subject
from samdrift.model.reading import Quality, Reading
from samdrift.store import audit, evidence, findings, open_store, raw
from samdrift.store.recorded import recorded_run

BEGIN = datetime(2026, 10, 1, tzinfo=UTC)
PER_BATCH = 5
BATCHES = int(os.environ.get("BATCHES", "200"))


def readings(batch):
    """The same batch gives the same readings, whoever asks."""
    return [
        Reading("energy-it", f"pdu-{number}", "are", batch * 100 + number, Quality.MEASURED, "lab", at=BEGIN + timedelta(hours=batch))
        for number in range(PER_BATCH)
    ]


def record(store, run, batch):
    at = BEGIN + timedelta(days=60)
    piece = Evidence(f"ev-{batch:020d}", "lab", os.urandom(int(os.environ.get("PADDING", "10"))), at)
    found = Finding("contract-ends", "ended", Subject("contract", f"c-{batch}"), Status.FAILURE, Severity.FAILURE, "ended", at, member="are", evidence=(piece.id,))
    with store.write() as connection:
        accepted = raw.append(connection, readings(batch), at=at).accepted
        if accepted:
            evidence.keep(connection, [piece])
            findings.record(connection, run.id, [found])
            audit.append(connection, at=at, actor="drift", verb="collect", object=f"batch:{batch}", members=["are"])
    run.count("accepted", accepted)


def main():
    try:
        with open_store(sys.argv[1], create=True) as store, recorded_run(store, job="collect-usage", subject="all") as run:
            for batch in range(BATCHES):
                record(store, run, batch)
                os.write(1, f"{batch}\n".encode())
    except SamdriftError as error:
        os.write(2, "".join(f"{line}\n" for line in error.lines()).encode())
        return error.exit_code
    return 0


if __name__ == "__main__":
    Path(sys.argv[1]).parent.mkdir(exist_ok=True)
    raise SystemExit(main())
