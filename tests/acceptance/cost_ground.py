"""A small joint service for walks through months and years of costs, by the command line alone."""

from __future__ import annotations

from tests.inventory.small import GROUND

MEMBERS = GROUND["members.yml"]
AGREEMENT = """agreement: {{id: avtal, version: "{version}", from: {start}{end}, host: region-jh, decision: beslut{more}}}
rounding: {{carry_remainder: {carry}}}
payment: {payment}
participants: [region-jh, are, krokom]
keys:
  jamnt: {{kind: even}}
  vikt: {{kind: fixed, weights: {{region-jh: 2, are: 1, krokom: 1}}}}
  el: {{kind: usage, meter: energy-it, fallback: even}}
pools:
  adm: {{key: {key}}}
  hall: {{key: el, fallback: even}}
"""


def agreement(version="1", start="2025-01-01", end="", key="jamnt", carry="true", payment="{kind: arrears}", more=""):
    """One version's file."""
    return AGREEMENT.format(
        version=version, start=start, end=f", to: {end}" if end else "", key=key, carry=carry, payment=payment, more=more
    )


def write(folder, files):
    """The ground with the files over it, as an inventory's folder."""
    for path, text in {**GROUND, **files}.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return folder
