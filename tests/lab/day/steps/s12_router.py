"""12: a real router's configuration is fetched whole, kept in git, and its change shown with secrets redacted."""

from __future__ import annotations

import json
import os
import subprocess

from tests.lab.day.day import BIN, Day, Seen, Step, expect
from tests.lab.labkit.yard import Yard
from tests.lab.network_place import NetworkPlace
from tests.lab.parts.router import Router

CONFIG = "frr defaults traditional\npassword zebra-pw\nip route 10.99.0.0/16 blackhole\n"
ADDED = "ip route 10.98.0.0/16 blackhole"


def run(day: Day) -> Seen:
    folder = day.folder / "work" / "router"
    place = NetworkPlace(folder / "place")
    with Yard(folder / "yard") as yard, Router(folder / "router", yard.place, hostname="rt-1", config=CONFIG) as router:
        row = {
            "kind": "router",
            "platform": "frr",
            "enable": None,
            "host_keys": [router.host_key],
            "addresses": {"management": {"ipv4": "127.0.0.1"}},
        }
        place.write({"rt-1": row})

        def samdrift(*arguments: str) -> str:
            done = yard.run(
                [str(BIN / "python"), "-m", "samdrift.cli", "network", *arguments], env=os.environ | place.environment()
            )
            expect(
                done.returncode == 0,
                f"`samdrift network {' '.join(arguments)}` ended with {done.returncode}: {done.stderr.strip()}",
            )
            return str(done.stdout)

        states = [json.loads(samdrift("backup", "--output", "json"))["items"][0]["status"] for _ in range(2)]
        expect(states == ["changed", "unchanged"], f"two fetches without a change say {states}")
        subprocess.run(
            router.command(["vtysh", "-c", "configure", "-c", ADDED]), check=True, timeout=20, capture_output=True
        )
        third = json.loads(samdrift("backup", "--output", "json"))["items"][0]
        expect(third["status"] == "changed", f"after a change: {third['status']}")
        shown = samdrift("diff", "rt-1")
    expect(f"+{ADDED}" in shown and "zebra-pw" not in shown, "the difference does not show the change alone")
    (day.folder / "router.diff").write_text(shown, encoding="utf-8")
    return Seen(
        f"FRR's configuration ({third['bytes']} bytes) kept in git; unchanged made no commit; the difference shows +{ADDED}, no secret",
        {"network": "FRR router's configuration kept in git, its change shown"},
    )


STEP = Step(
    12, "Fetch a router's configuration", "whole, in git; the second time no change; a change shown", run, level="plain"
)
