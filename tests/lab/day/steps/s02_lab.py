"""2: the lab comes up: hosts, routers, the world outside."""

from __future__ import annotations

from tests.lab.day.day import Day, Seen, Step, expect


def run(day: Day) -> Seen:
    day.lab.down()
    day.cleanups.append(day.lab.down)
    day.lab.up("--hosts", "4")
    day.lab_is_up = True
    items = day.lab.status["items"]
    hosts = [item["id"] for item in items if item["kind"] == "host" and item["state"] == "running"]
    routers = [item["id"] for item in items if item["kind"] == "router" and item["state"] == "running"]
    expect(len(hosts) == 4 and len(routers) == 2, f"{len(hosts)} of 4 hosts and {len(routers)} of 2 routers run")
    day.samdrift("inventory", "validate", env={"SAMDRIFT_INVENTORY": str(day.lab.inventory)})
    return Seen(
        f"{len(hosts)} booted Debian hosts, {len(routers)} routers; the lab's inventory is valid",
        {"lab": f"{len(hosts)} hosts on two sites"},
    )


STEP = Step(
    2, "Lab up: hosts of two sites", "four booted hosts, two routers, a valid inventory of them", run, level="plain"
)
