"""Write readings-2026-10.csv: a month of example readings of backup-volume and energy-it, the same bytes every time.

python tests/acceptance/data/make_readings.py [--check]

The readings are EXAMPLE DATA. Whoever closes a month with them imports them as replayed (`--source replayed-2026-10`).
backup-volume: one sample a day and repository, bytes at both sites together; bracke/asynja-bracke lacks 14 October, the month's one gap.
energy-it: one sample every two hours and device, watt-hours since the counter began; the owner is the inventory's.
"""

from __future__ import annotations

import csv
import io
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

SEED = 202610
FILE = Path(__file__).with_name("readings-2026-10.csv")
HEADER = ("meter", "resource", "member", "at", "from", "to", "value", "unit", "quality")
GIB = 2**30
GAP = ("bracke/asynja-bracke", "2026-10-14")

# repository → member, GiB at both sites on the first day, MiB added a day
REPOSITORIES = {
    "bracke/asynja-bracke": ("bracke", 184, 310),
    "bracke/common": ("bracke", 427, 540),
    "jgy/common": ("jgy", 762, 910),
    "krokom/common": ("krokom", 96, 70),
    "ostersund/asynja-ostersund": ("ostersund", 243, 380),
    "ostersund/common": ("ostersund", 3110, 2600),
    "region-jh/common": ("region-jh", 311, 240),
    "region-jh/cosmic": ("region-jh", 5230, 4900),
    "shared-dnssec-ipv6/common": ("shared", 2, 1),
    "shared-e-tjansteplattform/common": ("shared", 262, 330),
    "shared-edp-future/common": ("shared", 141, 120),
    "shared-firstclass/common": ("shared", 512, 450),
    "shared-samdrift-store/common": ("shared", 6, 60),
    "shared-sitevision/common": ("shared", 384, 280),
    "shared-telefoni/common": ("shared", 22, 15),
    "shared-virtuellt-halsorum/common": ("shared", 18, 12),
    "shared-zappa/common": ("shared", 45, 20),
    "shared-zonline/common": ("shared", 91, 60),
}
# device → mean watts
DEVICES = {
    "are-srv-1": 148,
    "brk-asynja-1": 171,
    "cosmic-db-1": 436,
    "cosmic-dr-1": 362,
    "edp-1": 133,
    "heroma-db-1": 402,
    "heroma-dr-1": 338,
    "jgy-srv-1": 186,
    "jh-hv-1": 371,
    "jh-hv-2": 354,
    "jh-hv-3": 297,
    "kro-webb-1": 104,
    "ost-asynja-1": 166,
    "ost-lib-1": 157,
    "ost-lib-2": 139,
    "rtj-srv-1": 178,
    "sv-1": 142,
}

Row = tuple[str, ...]


def _row(meter: str, resource: str, member: str, at: datetime, value: int) -> Row:
    return (meter, resource, member, at.isoformat().replace("+00:00", "Z"), "", "", str(value), "", "")


def backup_volume(chance: random.Random) -> Iterator[Row]:
    """Daily from the morning before the month to the morning after it; a fortnight's pruning takes some away."""
    for repository, (member, gib, daily_mib) in REPOSITORIES.items():
        stored = gib * GIB
        for day in range(33):
            at = datetime(2026, 9, 30, 4, 30, tzinfo=UTC) + timedelta(days=day, seconds=chance.randrange(600))
            stored += chance.randrange(daily_mib * 2**20, 2 * daily_mib * 2**20)
            if day % 14 == 13:
                stored -= 8 * daily_mib * 2**20
            if (repository, at.date().isoformat()) != GAP:
                yield _row("backup-volume", repository, member, at, stored)


def energy(chance: random.Random) -> Iterator[Row]:
    """Every two hours from before the month to after it; by day a tenth more than by night."""
    for device, watts in DEVICES.items():
        counter = chance.randrange(1_000_000, 9_000_000)
        at, end = datetime(2026, 9, 30, 20, tzinfo=UTC), datetime(2026, 11, 1, 2, tzinfo=UTC)
        while at <= end:
            yield _row("energy-it", device, "", at, counter)
            percent = (106 if 6 <= at.hour < 18 else 96) + chance.randrange(-4, 5)
            counter += 2 * watts * percent // 100
            at += timedelta(hours=2)


def text() -> str:
    """The whole file."""
    chance = random.Random(SEED)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(backup_volume(chance))
    writer.writerows(energy(chance))
    return out.getvalue()


def main() -> int:
    """Write the file, or with --check say whether it is what would be written."""
    made = text().encode()
    if "--check" in sys.argv[1:]:
        return int(FILE.read_bytes() != made)
    FILE.write_bytes(made)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
