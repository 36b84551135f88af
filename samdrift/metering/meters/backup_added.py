"""backup-added: bytes that each run added to its repository (backup.md B19)."""

from fractions import Fraction

from samdrift.model.reading import Meter

METER = Meter(
    id="backup-added",
    kind="event",
    base="byte",
    priced="GiB",
    per_priced=Fraction(2**30 * 1_000_000),
    title="Data added by backup runs",
    source="backup",
    max_gap_seconds=None,
    gap="carry",
)
