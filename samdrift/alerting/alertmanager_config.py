"""Alertmanager's configuration: routes by severity and layer, inhibition from power downwards (monitoring.md M13, M14)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from samdrift.alerting import timing
from samdrift.alerting.targets import ALERTMANAGER_PORT, EXPORTER_PORT, address_of, site_of
from samdrift.model.inventory import Inventory

OWN_RECEIVER = f"http://127.0.0.1:{EXPORTER_PORT}/webhook/alertmanager"
"""The receiver in the same hall, on the same machine."""
LAYERS = ("power", "network", "host", "service", "slo")
"""From what carries to what is carried."""
CLUSTER_PORT = 9094


def _receiver(name: str, webhooks: Sequence[str]) -> dict[str, Any]:
    return {"name": name, "webhook_configs": [{"url": url, "send_resolved": True, "max_alerts": 0} for url in webhooks]}


def _route(severity: str, *, layer: str | None = None, wait_s: int, repeat: str) -> dict[str, Any]:
    matchers = [f'severity="{severity}"'] + ([f'layer="{layer}"'] if layer else [])
    return {"receiver": severity, "matchers": matchers, "group_wait": f"{wait_s}s", "group_interval": "1m", "repeat_interval": repeat}


def inhibitions(sites: Sequence[str] = ()) -> list[dict[str, Any]]:
    """A page of a lower layer mutes what stands on it at the same site; the site must be said on both sides.

    A backup target that nobody reaches is one alert: what follows from it at its site is muted.
    A power page at one of `sites` mutes also that this site sees no other: its own eyes hang on that power.
    """
    rules = []
    for number, layer in enumerate(LAYERS[:-1]):
        above = "|".join(LAYERS[number + 1 :])
        rules.append(
            {
                "source_matchers": ['severity="page"', f'layer="{layer}"', 'site!=""'],
                "target_matchers": [f'layer=~"{above}"', 'site!=""'],
                "equal": ["site"],
            }
        )
    low = {"source_matchers": ['alertname="UpsLowBattery"', 'site!=""'], "target_matchers": ['alertname="UpsOnBattery"', 'site!=""'], "equal": ["site", "element"]}
    blind = [
        {"source_matchers": ['severity="page"', 'layer="power"', f'site="{site}"'], "target_matchers": ['alertname="SiteUnreachable"', f'vantage="{site}"']}
        for site in sites
    ]
    dead = {
        "source_matchers": ['alertname="BackupTargetUnreachable"', 'site!=""'],
        "target_matchers": ['alertname=~"Backup.*"', 'alertname!="BackupTargetUnreachable"', 'severity="ticket"', 'site!=""'],
        "equal": ["site"],
    }
    return [*rules, low, dead, *blind]


def config(webhooks: Sequence[str] = (), sites: Sequence[str] = ()) -> dict[str, Any]:
    """alertmanager/alertmanager.yml, the same in every hall; `webhooks` get every page and ticket too, `sites` are those that watch.

    What no route takes falls to `unrouted`, which is kept like a ticket.
    """
    urls = [OWN_RECEIVER, *sorted(webhooks)]
    return {
        "route": {
            "receiver": "unrouted",
            "group_by": ["alertname", "member", "site"],
            "group_wait": f"{timing.GROUP_WAIT_S['ticket']}s",
            "group_interval": "5m",
            "repeat_interval": "12h",
            "routes": [
                _route("page", layer="power", wait_s=timing.GROUP_WAIT_S["power"], repeat="1h"),
                _route("page", wait_s=timing.GROUP_WAIT_S["page"], repeat="1h"),
                _route("ticket", wait_s=timing.GROUP_WAIT_S["ticket"], repeat="24h"),
            ],
        },
        "inhibit_rules": inhibitions(sites),
        "receivers": [_receiver(name, urls) for name in ("page", "ticket", "unrouted")],
    }


def flags(inventory: Inventory, site: str) -> tuple[str, ...]:
    """The start flags of a site's Alertmanager: where it listens and who its peers are."""
    mine = {device.id: device for device in inventory.devices.values() if device.living and "alertmanager" in device.roles}
    here = [device for _, device in sorted(mine.items()) if site_of(inventory, device) == site]
    others = [device for _, device in sorted(mine.items()) if device not in here]
    listening = address_of(here[0], ALERTMANAGER_PORT) if here else None
    return (
        "--config.file=alertmanager/alertmanager.yml",
        f"--web.listen-address={listening}",
        f"--cluster.listen-address={address_of(here[0], CLUSTER_PORT) if here else ''}",
        f"--cluster.peer-timeout={timing.PEER_TIMEOUT_S}s",
        *(f"--cluster.peer={address_of(device, CLUSTER_PORT)}" for device in others),
    )
