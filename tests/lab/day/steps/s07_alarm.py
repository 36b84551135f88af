"""7: a UPS runs out of battery and the link between the halls is cut: one page to whoever is on call, within the printed bound, the rest held back."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from tests.acceptance.test_serve import serving
from tests.lab.day.day import Day, Seen, Step, expect
from tests.lab.day.hall_watch import EXPORTER, SITES, hall_watch
from tests.lab.labkit.waiting import wait_for
from tests.lab.parts.monitoring import Monitoring
from tests.lab.parts.receiver import Receiver
from tests.lab.parts.ups import Ups
from tests.lab.test_alert_walk import UPS, polling, rendered

POLLING_S = 15
"""What polling the UPS may add to an alert's own bound (halls.md 6)."""
QUIET_S = 20
"""How long is waited for a second page: more than two evaluations and a group's interval."""
LAB_UPS, LAB_SITE = "ups-a", SITES[0]


def run(day: Day) -> Seen:
    on_call = day.json("oncall", "who")["items"]
    expect(on_call, "nobody is on call")
    who = ", ".join(sorted({each["person"] for each in on_call}))
    return _in_lab(day, who) if day.lab_is_up else _on_loopback(day, who)


def _in_lab(day: Day, who: str) -> Seen:
    """Both halls with their own watch; a UPS of Östersund empties, then the link goes."""
    for part in ("receiver", LAB_UPS):
        day.lab.part(part)
    with hall_watch(day, _receiver(day)) as watch:
        online = f'samdrift_ups_state{{element="{LAB_UPS}",member="shared",site="{LAB_SITE}",state="OL"}} 1.0'
        wait_for("the UPS is on the hall's page", lambda: online in watch.get(LAB_SITE, f"{EXPORTER}/metrics"), 30)
        expect(watch.pages() == [], "a page came before anything was broken")
        bound, began = _bound(day), time.time()
        day.lab.fault("battery-low", "on", at=LAB_UPS)
        first = wait_for("a page", watch.pages, 120)
        seconds = first[0]["at"] - began
        expect(seconds <= bound, f"the page came after {seconds:.0f} s, the bound is {bound} s")
        day.lab.fault("link-cut", "on")
        try:
            for site in SITES:
                wait_for(
                    f"{site} sees the other hall no more, and holds it back",
                    lambda site=site: watch.held(site, "SiteUnreachable"),
                    150,
                )
            _quiet()
        finally:
            day.lab.fault("link-cut", "off")
            day.lab.fault("battery-low", "off", at=LAB_UPS)
        pages = watch.pages()
    _keep(day, pages)
    _expect_one(pages)
    hit = _hit(day, LAB_UPS)
    return Seen(
        f"one page after {seconds:.0f} s (bound {bound} s with {POLLING_S} s of polling) while {who} is on call; then the link was cut: each hall saw the other gone and held that back, no second page in {QUIET_S} s",
        {
            "alarm": f"UPS alarm paged once in {seconds:.0f} s; the cut link was held back in both halls",
            "hall": f"taking {LAB_UPS} down would touch {hit} members",
        },
        simulated=1,
    )


def _on_loopback(day: Day, who: str) -> Seen:
    """No halls on this machine: the same programs side by side, and no link to cut."""
    folder, store = day.folder / "work" / "alarm", day.folder / "work" / "alarm-state"
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
            bound, began = _bound(day), time.time()
            ups.on_battery(low=True)
            seconds = receiver.wait_for(1, limit_s=120)[0].at - began
            expect(seconds <= bound, f"the page came after {seconds:.0f} s, the bound is {bound} s")
            _quiet()
        pages = [
            {"at": page.at, "to": page.to, "body": page.body} for page in receiver.received() if page.answered < 300
        ]
    _keep(day, pages)
    _expect_one(pages)
    return Seen(
        f"one page after {seconds:.0f} s (bound {bound} s with {POLLING_S} s of polling), no second one in {QUIET_S} s, while {who} is on call; without hosts there is no link to cut",
        {
            "alarm": f"UPS alarm paged once in {seconds:.0f} s",
            "hall": f"taking {UPS} down would touch {_hit(day, UPS)} members",
        },
        simulated=1,
    )


def _receiver(day: Day) -> str:
    """Where the world's receiver takes webhooks."""
    world = json.loads((day.lab.directory / "topology.json").read_text(encoding="utf-8"))["world"]
    return f"http://{world['receiver4']}:8080"


def _hit(day: Day, element: str) -> int:
    items = day.json("hall", "impact", "--down", element, code=(0, 1))["items"]
    return sum(item["noun"] == "member" for item in items)


def _bound(day: Day) -> int:
    """The printed bound of the UPS's alert, with polling: seconds."""
    said = day.samdrift("monitor", "render", "--check", "--output", "json", code=(0, 1)).stdout
    return (
        next(one["within_seconds"] for one in json.loads(said)["bounds"] if one["alertname"] == "UpsLowBattery")
        + POLLING_S
    )


def _quiet() -> None:
    until = time.time() + QUIET_S
    wait_for("the time in which a second page would come", lambda: time.time() >= until, QUIET_S + 5)


def _expect_one(pages: Sequence[dict[str, Any]]) -> None:
    names = sorted({alert["labels"]["alertname"] for page in pages for alert in page["body"]["alerts"]})
    expect(names == ["UpsLowBattery"], f"pages {names}")
    expect(len(pages) == 1, f"{len(pages)} pages came for one cause")


def _keep(day: Day, pages: Sequence[dict[str, Any]]) -> None:
    """The pages received, for the reader."""
    shown = [{**page, "at": datetime.fromtimestamp(page["at"], UTC).isoformat()} for page in pages]
    (day.folder / "pages-received.json").write_text(json.dumps(shown, ensure_ascii=False, indent=2), encoding="utf-8")


STEP = Step(
    7,
    "UPS runs out of battery, then the link is cut",
    "one page within the bound, the rest held back",
    run,
    level="user",
    uses=(2,),
)
