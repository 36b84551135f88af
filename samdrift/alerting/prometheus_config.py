"""Prometheus' configuration of a site, its start flags and its target files, from the inventory alone (monitoring.md M5, M7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from samdrift.alerting import timing
from samdrift.alerting.targets import ALERTMANAGER_PORT, EXPORTER_PORT, JOBS, Target, address_of, site_of, targets
from samdrift.model.inventory import Inventory
from samdrift.model.nouns.device import Device

LIMITS = {"sample_limit": 20_000, "label_limit": 30, "label_value_length_limit": 512, "target_limit": 5000}
OWN_LIMITS = {**LIMITS, "sample_limit": 200_000}
ONE_FACT: list[dict[str, Any]] = [
    {"source_labels": ["job"], "regex": "samdrift", "target_label": "instance", "replacement": ""},
    {"source_labels": ["job"], "regex": "samdrift", "target_label": "job", "replacement": ""},
]
"""Both halls' exporters tell of the same things: whose exporter said it must not make two alerts, and two pages, of one fact (M24)."""
VANTAGE = {"source_labels": ["alertname", "replica"], "regex": "SiteUnreachable;(.+)", "target_label": "vantage", "replacement": "$1"}
"""That a site is not seen is a fact of where one stands; every other alert is the same from both halls and told once."""


def monitors_of(inventory: Inventory) -> Mapping[str, Device]:
    """Site → the device that runs its Prometheus, sorted; the first by id where a site has several."""
    found: dict[str, Device] = {}
    for _, device in sorted(inventory.devices.items()):
        site = site_of(inventory, device)
        if device.living and "prometheus" in device.roles and site is not None:
            found.setdefault(site, device)
    return dict(sorted(found.items()))


def _files(job: str) -> list[str]:
    return [f"targets/{job}/*.yml"]


def _scraped(job: str) -> dict[str, Any]:
    """A job whose targets come from files, and from our service discovery beside it: a target in both is scraped once."""
    return {
        "job_name": job,
        "honor_labels": False,
        **LIMITS,
        "file_sd_configs": [{"files": _files(job)}],
        "http_sd_configs": [{"url": f"http://127.0.0.1:{EXPORTER_PORT}/sd/{job}", "refresh_interval": "1m"}],
    }


def _own(device: Device) -> dict[str, Any]:
    """Our exporter on the same machine, by loopback; no member and no site, for its series bear their own."""
    return {
        "job_name": "samdrift",
        "honor_labels": False,
        "scrape_interval": f"{timing.OWN_SCRAPE_S}s",
        "scrape_timeout": f"{timing.OWN_TIMEOUT_S}s",
        **OWN_LIMITS,
        "static_configs": [{"targets": [f"127.0.0.1:{EXPORTER_PORT}"], "labels": {"instance": device.id}}],
    }


def config(inventory: Inventory, site: str) -> dict[str, Any]:
    """prometheus/<site>.yml; KeyError for a site without a Prometheus."""
    device = monitors_of(inventory)[site]
    peers = [address for target in inventory.devices.values() if "alertmanager" in target.roles and target.living and (address := address_of(target, ALERTMANAGER_PORT))]
    return {
        "global": {
            "scrape_interval": f"{timing.SCRAPE_S}s",
            "scrape_timeout": f"{timing.SCRAPE_TIMEOUT_S}s",
            "evaluation_interval": f"{timing.EVALUATION_S}s",
            "external_labels": {"federation": inventory.settings.host_organisation, "replica": site},
        },
        "rule_files": ["../alerts/*.rules.yml"],
        "alerting": {
            "alert_relabel_configs": [*ONE_FACT, VANTAGE, {"action": "labeldrop", "regex": "replica"}],
            "alertmanagers": [{"static_configs": [{"targets": sorted(peers)}]}],
        },
        "scrape_configs": [_own(device), *(_scraped(job) for job in sorted(JOBS))],
    }


def flags(inventory: Inventory, site: str) -> tuple[str, ...]:
    """The start flags that belong to the configuration."""
    address = address_of(monitors_of(inventory)[site], 9090)
    return (f"--config.file=prometheus/{site}.yml", f"--web.listen-address={address}", f"--rules.alert.resend-delay={timing.RESEND_S}s")


def target_files(inventory: Inventory) -> dict[str, list[dict[str, object]]]:
    """prometheus/targets/<job>/<member>.yml → its targets; `shared` for what several members own."""
    found: dict[str, list[dict[str, object]]] = {}
    for job in sorted(JOBS):
        by_member: dict[str, list[Target]] = {}
        for target in targets(inventory, job):
            by_member.setdefault(target.labels["member"], []).append(target)
        for member, those in sorted(by_member.items()):
            found[f"prometheus/targets/{job}/{member}.yml"] = [{"targets": [one.address], "labels": dict(sorted(one.labels.items()))} for one in those]
    return found
