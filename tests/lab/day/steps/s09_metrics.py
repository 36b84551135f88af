"""9: what watches is rendered from the inventory, and the metrics page is what Prometheus accepts."""

from __future__ import annotations

import shutil
import subprocess

from prometheus_client.parser import text_string_to_metric_families

from tests.acceptance.test_serve import serving
from tests.lab.day.day import Day, Seen, Step, expect


def judged(page: bytes) -> str:
    """Who judged the page: promtool, or Python's own client where promtool is not; NotAsExpected when it has a complaint."""
    if shutil.which("promtool") is None:
        expect(list(text_string_to_metric_families(page.decode())), "nothing on the page")
        return "promtool is not here: read by Python's own client"
    checked = subprocess.run(["promtool", "check", "metrics"], input=page, capture_output=True, check=False, timeout=60)
    expect(checked.returncode == 0, f"promtool: {checked.stdout.decode()}{checked.stderr.decode()}")
    return "promtool has no complaint"


def run(day: Day) -> Seen:
    rendered = day.json("monitor", "render", "--check")["items"]
    day.samdrift("run", "read-halls")
    with serving(day.state, "--part", "exporter") as daemon:
        page = daemon.get("/metrics")[1]
    (day.folder / "metrics.txt").write_bytes(page)
    who = judged(page)
    series = [line for line in page.decode().splitlines() if line and not line.startswith("#")]
    names = {line.split("{")[0].split(" ")[0] for line in series if line.startswith("samdrift_")}
    expect(len(names) >= 10, f"only {len(names)} metrics")
    simulated = sum(
        int(float(line.rsplit(" ", 1)[1])) for line in series if line.startswith("samdrift_hall_simulated_sensors")
    )
    return Seen(
        f"{len(rendered)} files of Prometheus and Alertmanager as the inventory wants them; {len(series)} series of {len(names)} metrics, {who}",
        {"metrics": f"{len(names)} metrics served, {simulated} hall quantities simulated"},
        simulated=simulated,
    )


STEP = Step(9, "Render what watches; serve /metrics", "no drift; accepted by promtool check metrics", run, needs=(1,))
