"""How often things are looked at, and the bound within which a page goes (monitoring.md M27)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

SCRAPE_S, SCRAPE_TIMEOUT_S, EVALUATION_S = 15, 10, 15
OWN_SCRAPE_S, OWN_TIMEOUT_S = 10, 5
"""Our own exporter, which holds the halls' power."""
PEER_TIMEOUT_S = 15
RESEND_S = 15
"""By default a firing alert goes on 4 minutes after its Prometheus died; with this a minute (M26)."""
GROUP_WAIT_S: Mapping[str, int] = {"power": 0, "page": 10, "ticket": 30}
"""By layer `power`, else by severity."""


@dataclass(frozen=True, slots=True)
class AlertRule:
    """What routes and bounds need of a rule: name, severity, layer, `for` and the evaluation interval, in seconds."""

    name: str
    severity: str
    layer: str
    for_s: int
    evaluation_s: int = EVALUATION_S


def prometheus_seconds(text: str) -> int:
    """Whole seconds of Prometheus' `1h30m`, `60s`; ValueError when it is none."""
    found = re.fullmatch(r"(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?", text)
    if not found or not text:
        raise ValueError(f"{text!r} is no duration of Prometheus")
    return sum(int(count or 0) * size for count, size in zip(found.groups(), (86_400, 3600, 60, 1), strict=True))


def group_wait_s(rule: AlertRule) -> int:
    """How long Alertmanager gathers before the first notification."""
    return GROUP_WAIT_S["power"] if rule.layer == "power" and rule.severity == "page" else GROUP_WAIT_S.get(rule.severity, GROUP_WAIT_S["ticket"])


def bound_s(rule: AlertRule) -> int:
    """Seconds from the fact on our exporter's page to the notification, at most, also when one Alertmanager is lost.

    scrape interval + scrape time-out + 2 × evaluation + for + group wait + peer time-out.

    >>> bound_s(AlertRule("HallFeedLost", "page", "power", 0, 10))
    50
    """
    return OWN_SCRAPE_S + OWN_TIMEOUT_S + 2 * rule.evaluation_s + rule.for_s + group_wait_s(rule) + PEER_TIMEOUT_S
