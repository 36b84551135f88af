"""Small inventories for cases: a valid ground, the case's files over it, and the lines that the loader gives."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from samdrift.inventory import Known, judge
from samdrift.inventory.loading import Work

AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
GROUND = {
    "samdrift.yml": "plugin: samdrift\nversion: 1\nhost_organisation: region-jh\n",
    "members.yml": """members:
  - {id: region-jh, name: Region, kind: region, since: 2015-01-01, contacts: [{role: it-manager, name: IT-chef, email: it@region-jh.example, hours: always}]}
  - {id: are, name: Åre, kind: municipality, since: 2015-01-01, contacts: [{role: it-manager, name: IT-chef, email: it@are.example}]}
  - {id: krokom, name: Krokom, kind: municipality, since: 2015-01-01, contacts: [{role: it-manager, name: IT-chef, email: it@krokom.example}]}
""",
}
HALL = {
    "sites.yml": """sites:
  - {id: hall-a, name: A, kind: hall, prefixes: [10.0.0.0/16], partner: hall-b, racks: [{id: a1, units: 42}, {id: a2, units: 42}]}
  - {id: hall-b, name: B, kind: disaster-site, prefixes: [10.1.0.0/16], racks: [{id: b1, units: 42}]}
""",
    "operators.yml": "operators:\n  - {id: joint, name: Drift, contacts: [{role: it-manager, name: Drift, email: drift@joint.example}]}\n",
}
"""Two sites with racks, and who operates together; a case asks for it with `ground: hall`."""
KNOWN = Known(
    checks=frozenset({"delegation-ns-count", "contract-ends"}),
    meters=frozenset({"backup-volume", "energy-it"}),
    units={"backup-volume": "GiB-day", "energy-it": "kWh"},
    keys=frozenset({"fixed", "even", "population", "usage", "composite", "direct-cost"}),
)


def judged(
    files: Mapping[str, str | bytes | None], *, at: datetime = AT, member: str | None = None, ground: str | None = None
) -> Work:
    """The ground with the case's files over it; None takes a file away."""
    whole = {
        path: text
        for path, text in {**GROUND, **(HALL if ground == "hall" else {}), **files}.items()
        if text is not None
    }
    content = {path: text.encode() if isinstance(text, str) else text for path, text in whole.items()}
    return judge(content, root="inventory", known=KNOWN, at=at, member=member)


def lines(
    files: Mapping[str, str | bytes | None], *, at: datetime = AT, member: str | None = None, ground: str | None = None
) -> list[str]:
    """Every problem's lines, in order."""
    return [line for problem in judged(files, at=at, member=member, ground=ground).problems for line in problem.lines()]
