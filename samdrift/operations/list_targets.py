"""List the scrape targets of a job, as Prometheus' HTTP service discovery wants them (reliability.md D6)."""

from __future__ import annotations

import json

from samdrift.alerting.targets import JOBS, as_service_discovery, targets
from samdrift.model.errors import UnknownId
from samdrift.model.inventory import Inventory


def list_targets(inventory: Inventory, job: str) -> bytes:
    """JSON, the same bytes each time; UnknownId for a job that is none."""
    if job not in JOBS:
        raise UnknownId("scrape job", job, JOBS)
    return (json.dumps(as_service_discovery(targets(inventory, job)), indent=1) + "\n").encode()
