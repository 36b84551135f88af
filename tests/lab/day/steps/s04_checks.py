"""4: every member's zones and services are checked from outside; of two faults drawn by the seed exactly their codes appear."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.lab.day.day import Day, Seen, Step, expect

FAULTS = {
    "wrong-ds": {("dnssec-ds-matches", "no-valid-key"), ("dnssec-ds-matches", "stale-ds"), ("dnssec-chain", "bogus")},
    "signatures-expired": {("dnssec-rrsig-valid", "expired"), ("dnssec-chain", "bogus")},
    "signatures-ending": {("dnssec-rrsig-lifetime", "expires-soon")},
}
CATEGORIES = ("delegation", "dnssec", "ipv6", "mail", "tls", "dns", "contract")
SHOWN = {"ipv6-mx", "ipv6-web", "mail-dkim", "mail-dmarc", "mail-spf", "mail-starttls", "tls-certificate", "tls-https", "tls-version"}
"""Checks of mail and web that the lab's own records and servers must have made well, not spared."""
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
    arguments = ["check", "run", "--hints", str(folder / "root.hints"), "--trust-anchor", str(folder / "root.ds"), *(word for one in CATEGORIES for word in ("--category", one)), *([] if store else ["--no-store"])]
    whole = day.json(*arguments, code=(0, 1), inside="world", env={"SAMDRIFT_INVENTORY": str(day.lab.inventory), "SSL_CERT_FILE": str(day.lab.directory / "parts" / "web" / "tls" / "ca.pem")})
    found = {
        (item["subject"].partition(":")[2].partition("/")[0], item["check"], item["code"])
        for item in whole["items"]
        if item["status"] not in {"ok", "not-applicable"} and item["check"] != "contract-ends"
    }
    return found, whole


def well(whole: dict[str, Any]) -> tuple[Counter[str], str]:
    """How often each category's checks said ok, and the checks that had nothing to judge on any zone here."""
    said = {status: Counter(item["check"] for item in whole["items"] if (item["status"] == "ok") is status) for status in (True, False)}
    return Counter(one.partition("-")[0] for one in said[True].elements()), ", ".join(sorted(set(said[False]) - set(said[True]) - {"contract-ends"}))


def run(day: Day) -> Seen:
    day.lab.part("dns")
    day.lab.part("web")
    healthy, before = look(day)
    expect(healthy == set(), f"on healthy zones: {sorted(healthy)[:3]}")
    counted, nothing = well(before)
    expect(set(CATEGORIES[:-1]) <= set(counted), f"categories that judged nothing: {sorted(set(CATEGORIES) - set(counted))}")
    expect(not SHOWN & set(nothing.split(", ")), f"nothing to judge for {nothing}")
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
        f"{before['run']['zones']} zones, {before['run']['queries']} questions, all well ({', '.join(f'{counted[one]} {one}' for one in CATEGORIES[:-1])}; nothing here to judge for {nothing or 'none'}); {drawn}: exactly their codes, {remedies} remedies; mended: all well",
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
