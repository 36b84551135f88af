"""Appends audit entries to a store for ever, and says each number only after its commit; killed by the test."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from samdrift.store import audit, open_store

AT = datetime(2026, 11, 23, 1, 15, tzinfo=UTC)

with open_store(sys.argv[1], create=False, state_dir=Path(sys.argv[1])) as store:
    number = int(sys.argv[2])
    while True:
        with store.write() as connection:
            audit.append(
                connection,
                at=AT,
                actor="drift",
                verb="close",
                object=f"n:{number}",
                members=["are"],
                after={"number": number},
            )
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
        number += 1
