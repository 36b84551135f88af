"""7: a UPS goes on battery: one page to whoever is on call, within the printed bound, and nothing else."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

from tests.acceptance.test_serve import serving
from tests.lab.day.day import Day, Seen, Step, expect
from tests.lab.labkit.waiting import wait_for
from tests.lab.parts.monitoring import Monitoring
from tests.lab.parts.receiver import Receiver
from tests.lab.parts.ups import Ups
from tests.lab.test_alert_walk import UPS, polling, rendered

POLLING_S = 15
"""What polling the UPS may add to an alert's own bound (halls.md 6)."""
QUIET_S = 20
"""How long is waited for a second page: more than two evaluations and a group's interval."""


def run(day: Day) -> Seen:
    folder, store = day.folder / "work" / "alarm", day.folder / "work" / "alarm-state"
    impact = day.json("hall", "impact", "--down", UPS, code=(0, 1))["items"]
    hit = sorted(item["id"] for item in impact if item["noun"] == "member")
    on_call = day.json("oncall", "who")["items"]
    expect(on_call, "nobody is on call")
    with (
        Ups(folder / "ups") as ups,
        Receiver(folder / "receiver") as receiver,
        serving(store, "--part", "exporter", "--part", "receiver") as daemon,
        polling(store, ups.address[1]),
    ):
        prometheus, alertmanager = rendered(folder / "monitors", daemon, receiver)
        series = f'samdrift_ups_state{{element="{UPS}",member="shared",site="hall-are",state="OL"}} 1.0'
        wait_for("the UPS is on the page", lambda: series in daemon.get("/metrics")[1].decode(), 30)
        with Monitoring(folder / "monitoring", prometheus=prometheus, alertmanager=alertmanager) as monitoring:
            for one in monitoring.prometheis:
                wait_for(
                    "scraped", lambda one=one: [target for target in one.targets() if target["health"] == "up"], 40
                )
            expect(receiver.received() == [], "a page came before anything was broken")
            began = time.time()
            ups.on_battery(low=True)
            pages = receiver.wait_for(1, limit_s=120)
            seconds = pages[0].at - began
            bounds = json.loads(day.samdrift("monitor", "render", "--check", "--output", "json", code=(0, 1)).stdout)[
                "bounds"
            ]
            rule = next(one["within_seconds"] for one in bounds if one["alertname"] == "UpsLowBattery")
            bound = rule + POLLING_S
            expect(seconds <= bound, f"the page came after {seconds:.0f} s, the bound is {bound} s")
            names = sorted({alert["labels"]["alertname"] for page in pages for alert in page.body["alerts"]})
            expect(names == ["UpsLowBattery"], f"pages {names}")
            quiet_until = time.time() + QUIET_S
            wait_for("the time in which a second page would come", lambda: time.time() >= quiet_until, QUIET_S + 5)
            again = [page for page in receiver.received() if page.answered < 300]
            expect(len(again) == 1, f"{len(again)} pages came for one cause")
        pages = [
            {"at": datetime.fromtimestamp(page.at, UTC).isoformat(), "to": page.to, "body": page.body}
            for page in receiver.received()
        ]
        (day.folder / "pages-received.json").write_text(
            json.dumps(pages, ensure_ascii=False, indent=2), encoding="utf-8"
        )
        text = daemon.get("/metrics")[1].decode()
        (day.folder / "metrics.txt").write_text(text, encoding="utf-8")
    who = ", ".join(sorted({each["person"] for each in on_call}))
    return Seen(
        f"one page after {seconds:.0f} s (bound {rule} s and {POLLING_S} s of polling), no second one in {QUIET_S} s, while {who} is on call; the cut link joins when fail-over comes",
        {
            "alarm": f"UPS alarm paged once in {seconds:.0f} s",
            "hall": f"taking {UPS} down would touch {len(hit)} members",
        },
        simulated=1,
    )


STEP = Step(7, "UPS runs out of battery", "one page within the bound, nothing else", run, level="user")
