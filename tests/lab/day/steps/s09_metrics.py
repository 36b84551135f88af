"""9: the metrics page is what Prometheus accepts."""

from __future__ import annotations

import subprocess

from tests.acceptance.test_serve import serving
from tests.lab.day.day import Day, Seen, Step, expect


def run(day: Day) -> Seen:
    day.samdrift("run", "read-halls")
    with serving(day.state, "--part", "exporter") as daemon:
        page = daemon.get("/metrics")[1]
    (day.folder / "metrics.txt").write_bytes(page)
    checked = subprocess.run(["promtool", "check", "metrics"], input=page, capture_output=True, check=False, timeout=60)
    expect(checked.returncode == 0, f"promtool: {checked.stdout.decode()}{checked.stderr.decode()}")
    series = [line for line in page.decode().splitlines() if line and not line.startswith("#")]
    names = {line.split("{")[0].split(" ")[0] for line in series if line.startswith("samdrift_")}
    expect(len(names) >= 10, f"only {len(names)} metrics")
    return Seen(
        f"{len(series)} series of {len(names)} metrics, promtool has no complaint",
        {"metrics": f"{len(names)} metrics served"},
    )


STEP = Step(9, "Serve /metrics", "accepted by promtool check metrics", run, needs=(1,))
