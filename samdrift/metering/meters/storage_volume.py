"""storage-volume: size of volumes, from a selector of meters.yml or CSV."""

from fractions import Fraction

from samdrift.model.reading import Meter

METER = Meter(
    id="storage-volume",
    kind="gauge",
    base="byte",
    priced="GiB-day",
    per_priced=Fraction(2**30 * 86_400_000),
    title="Storage volume",
    source="prometheus",
    max_gap_seconds=2 * 3600,
    gap="carry",
)
