"""backup-protected: bytes that the newest usable snapshot would restore, measured daily (backup.md B19)."""

from fractions import Fraction

from samdrift.model.reading import Meter

METER = Meter(
    id="backup-protected",
    kind="gauge",
    base="byte",
    priced="GiB-day",
    per_priced=Fraction(2**30 * 86_400_000),
    title="Protected data",
    source="backup",
    max_gap_seconds=26 * 3600,
    gap="carry",
)
