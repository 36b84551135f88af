"""4: every member's zones and services are checked from outside; of two faults drawn by the seed exactly their codes appear."""

from __future__ import annotations

from typing import Any

from tests.lab.day.day import Day, Seen, Step, expect

FAULTS = {
    "wrong-ds": {("dnssec-ds-matches", "no-valid-key"), ("dnssec-ds-matches", "stale-ds"), ("dnssec-chain", "bogus")},
    "signatures-expired": {("dnssec-rrsig-valid", "expired"), ("dnssec-chain", "bogus")},
    "signatures-ending": {("dnssec-rrsig-lifetime", "expires-soon")},
}
CHECKS = ("--category", "delegation", "--category", "dnssec", "--category", "contract", "--check", "ipv6-ns-reachable", "--check", "ipv6-service-parity")
"""What the lab's zones have; their mail and web are met in test_presence.py."""
ZONES = (
    "are.example",
    "berg.example",
    "bracke.example",
    "harjedalen.example",
    "jgy.example",
    "krokom.example",
    "ostersund.example",
    "ragunda.example",
    "stromsund.example",
)
Opened = set[tuple[str, str, str]]


def look(day: Day, *, store: bool = False) -> tuple[Opened, dict[str, Any]]:
    """(zone or service, check, code) of all that is not well but contracts, and the whole output."""
    folder = day.lab.directory / "parts" / "dns"
    arguments = ["check", "run", "--hints", str(folder / "root.hints"), "--trust-anchor", str(folder / "root.ds"), *CHECKS, *([] if store else ["--no-store"])]
    whole = day.json(*arguments, code=(0, 1), inside="world", env={"SAMDRIFT_INVENTORY": str(day.lab.inventory)})
    found = {
        (item["subject"].partition(":")[2].partition("/")[0], item["check"], item["code"])
        for item in whole["items"]
        if item["status"] not in {"ok", "not-applicable"} and item["check"] != "contract-ends"
    }
    return found, whole


def run(day: Day) -> Seen:
    day.lab.part("dns")
    day.lab.part("web")
    healthy, before = look(day)
    expect(healthy == set(), f"on healthy zones: {sorted(healthy)[:3]}")
    names = day.random.sample(sorted(FAULTS), 2)
    zones = day.random.sample(ZONES, 2)
    expected = {(zone, check, code) for name, zone in zip(names, zones, strict=True) for check, code in FAULTS[name]}
    try:
        for name, zone in zip(names, zones, strict=True):
            day.lab.fault(name, "on", at=zone)
        found, broken = look(day, store=True)
    finally:
        for name, zone in zip(names, zones, strict=True):
            day.lab.fault(name, "off", at=zone)
    expect(found == expected, f"expected {sorted(expected)}, found {sorted(found)}")
    mended, _ = look(day, store=True)
    expect(mended == set(), f"after mending: {sorted(mended)[:3]}")
    contracts = sorted(
        {
            item["subject"].partition(":")[2]
            for item in before["items"]
            if item["check"] == "contract-ends" and item["status"] in {"warning", "failure"}
        }
    )
    drawn = " and ".join(f"{name} at {zone}" for name, zone in zip(names, zones, strict=True))
    remedies = sum(1 for item in broken["items"] if item["status"] == "failure" and item["remedy"])
    return Seen(
        f"{before['run']['zones']} zones, {before['run']['queries']} questions, all well; {drawn}: exactly their codes, {remedies} remedies; mended: all well",
        {
            "checks": f"{before['run']['zones']} zones and their services from the root down; the drawn faults {drawn} found, nothing else; contracts ending: {', '.join(contracts) or 'none'}"
        },
    )


STEP = Step(
    4,
    "Check every member from outside; two drawn faults",
    "the two faults found, nothing else",
    run,
    level="plain",
    needs=(2,),
)
