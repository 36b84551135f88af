"""A zone stands once in a view, and its thresholds, servers and roll-over make sense (dns.md 5)."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.period import local_day
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """`duplicate-zone`, `threshold-order`, `rollover-open`; warnings `rollover-overdue` and `zone-without-service`."""
    first: dict[tuple[str, str], Placed] = {}
    today = local_day(loaded.at)
    used = {
        endpoint.host for service in loaded.all("services") for endpoint in service.thing.endpoints if endpoint.host
    }
    used |= {
        url.partition("://")[2].partition("/")[0].partition(":")[0]
        for service in loaded.all("services")
        for url in _urls(service)
    }
    parents = {name.partition(".")[2] for name in used} | used
    for placed in loaded.all("zones"):
        zone = placed.thing
        for view in zone.views:
            other = first.setdefault((view, zone.name), placed)
            if other is not placed:
                yield placed.problem(
                    "duplicate-zone",
                    f"{zone.name} is {other.id} already in view {view}",
                    "name",
                    related=(other.place("name"),),
                )
        if zone.signatures.failure >= zone.signatures.warning:
            yield placed.problem(
                "threshold-order",
                "a failure must come later than its warning",
                "signatures",
                help="failure: 2 d, warning: 5 d",
            )
        if zone.rollover is not None and zone.rollover.until is None:
            yield placed.problem(
                "rollover-open",
                f"the roll-over of {placed.id} has no end",
                "rollover",
                help="until: the day it must be done, for example 30 days on",
            )
        elif zone.rollover is not None and zone.rollover.until is not None and zone.rollover.until < today:
            yield placed.problem(
                "rollover-overdue",
                f"the roll-over was to end on {zone.rollover.until}",
                "rollover",
                "until",
                level="warning",
            )
        if (
            not zone.services
            and zone.name not in parents
            and "services" not in loaded.doubtful
            and not zone.policy.web
            and not zone.policy.mail
        ):
            yield placed.problem("zone-without-service", f"{placed.id} serves no service, web or mail", level="warning")


def _urls(service: Placed) -> Iterator[str]:
    return (endpoint.url for endpoint in service.thing.endpoints if endpoint.url)


RULE = Rule("zones", ("duplicate-zone", "threshold-order", "rollover-open", "rollover-overdue", "zone-without-service"), judge)
