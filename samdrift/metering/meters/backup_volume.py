"""backup-volume: stored bytes of a repository at both sites, measured daily on the storage's disk (backup.md B19)."""

from fractions import Fraction

from samdrift.model.reading import Meter

METER = Meter(
    id="backup-volume",
    kind="gauge",
    base="byte",
    priced="GiB-day",
    per_priced=Fraction(2**30 * 86_400_000),
    title="Stored backup volume",
    source="backup",
    max_gap_seconds=26 * 3600,
    gap="carry",
)
